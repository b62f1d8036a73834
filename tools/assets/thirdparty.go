package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// foreign is something in a bundle that others made.
type foreign struct {
	Name    string `json:"name"`
	Origin  string `json:"origin"`
	Version string `json:"version"`
	Licence string `json:"licence"`
	// LicenceFile is the licence's text, Files what we took: both beside the list that names them.
	LicenceFile string   `json:"licenceFile"`
	Files       []string `json:"files"`

	dir string
}

const thirdPartyHead = `# What is from others

Made by ` + "`go run ./tools/assets`" + `. Origin, version, licence and SHA-256 of each file that is part of the
bundle in this folder, and the licences' texts.
`

// thirdParty writes the list of the set's foreign parts: the npm packages that esbuild read from, and
// what the set's fonts/origin.json names.
func thirdParty(root string, s set, meta metafile) ([]byte, error) {
	parts, err := packages(root, meta)
	if err != nil {
		return nil, err
	}
	fonts, err := fonts(root, s)
	if err != nil {
		return nil, err
	}
	parts = append(parts, fonts...)

	var out, licences bytes.Buffer
	out.WriteString(thirdPartyHead)
	seen := map[string]bool{}
	for _, p := range parts {
		fmt.Fprintf(&out, "\n## %s\n\n- origin: %s\n- version: %s\n- licence: %s\n\n", p.Name, p.Origin, p.Version, p.Licence)
		for _, name := range p.Files {
			data, err := os.ReadFile(filepath.Join(p.dir, name))
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(&out, "      %x  %s\n", sha256.Sum256(data), name)
		}
		text, err := os.ReadFile(filepath.Join(p.dir, p.LicenceFile))
		if err != nil {
			return nil, fmt.Errorf("licence of %s: %w", p.Name, err)
		}
		if !seen[p.Name] {
			seen[p.Name] = true
			fmt.Fprintf(&licences, "\n## Licence of %s\n\n", p.Name)
			for line := range strings.Lines(strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n")) + "\n") {
				licences.WriteString(strings.TrimRight("      "+line, " \t\n") + "\n")
			}
		}
	}
	out.Write(licences.Bytes())
	return out.Bytes(), nil
}

// packages groups the files that esbuild read by npm package.
func packages(root string, meta metafile) ([]foreign, error) {
	const modules = "tools/assets/node_modules/"
	byName := map[string]*foreign{}
	for _, in := range slices.Sorted(maps.Keys(meta.Inputs)) {
		rest, ok := strings.CutPrefix(in, modules)
		if !ok {
			continue
		}
		cut := 1
		if strings.HasPrefix(rest, "@") {
			cut = 2
		}
		elems := strings.SplitN(rest, "/", cut+1)
		name := path.Join(elems[:cut]...)
		p := byName[name]
		if p == nil {
			dir := filepath.Join(root, modules, name)
			var err error
			if p, err = npmPackage(name, dir); err != nil {
				return nil, err
			}
			byName[name] = p
		}
		p.Files = append(p.Files, elems[cut])
	}
	var all []foreign
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		all = append(all, *byName[name])
	}
	return all, nil
}

func npmPackage(name, dir string) (*foreign, error) {
	data, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err != nil {
		return nil, err
	}
	var about struct{ Version, License string }
	if err := json.Unmarshal(data, &about); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	p := &foreign{Name: name, Origin: "npm package " + name, Version: about.Version, Licence: about.License, dir: dir}
	for _, try := range []string{"LICENSE", "LICENSE.md", "LICENCE", "license"} {
		if _, err := os.Stat(filepath.Join(dir, try)); err == nil {
			p.LicenceFile = try
			return p, nil
		}
	}
	return nil, fmt.Errorf("%s has no licence file", name)
}

// fonts reads the list that stands beside the fonts.
func fonts(root string, s set) ([]foreign, error) {
	dir := filepath.Join(root, s.src, "fonts")
	data, err := os.ReadFile(filepath.Join(dir, "origin.json"))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var list []foreign
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("fonts/origin.json: %w", err)
	}
	listed := map[string]bool{}
	for i := range list {
		list[i].dir = dir
		for _, f := range list[i].Files {
			listed[f] = true
		}
	}
	there, err := filepath.Glob(filepath.Join(dir, "*.woff2"))
	if err != nil {
		return nil, err
	}
	for _, f := range there {
		if !listed[filepath.Base(f)] {
			return nil, fmt.Errorf("fonts/origin.json doesn't say where %s is from", filepath.Base(f))
		}
	}
	return list, nil
}
