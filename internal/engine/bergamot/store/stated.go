package store

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// statement is what a manifest says of a file; 0 and "" are what it doesn't say.
type statement struct {
	by     string // the manifest
	size   int64
	sha256 string
}

// statements are what all manifests of a folder say, by the file's base name. Those of metadata.json,
// which names no file, are about the weights and stand under the folder's path.
type statements struct {
	byName       map[string][]statement
	byFolder     map[string]statement
	architecture map[string]string
	direction    map[string][2]string
}

func newStatements() *statements {
	return &statements{map[string][]statement{}, map[string]statement{}, map[string]string{}, map[string][2]string{}}
}

var hexHash = regexp.MustCompile(`^[0-9a-fA-F]{64}$`)

// sums reads the lines of sha256sum.
func (s *statements) sums(by string, b []byte) error {
	sc := bufio.NewScanner(bytes.NewReader(b))
	for sc.Scan() {
		sum, name, ok := strings.Cut(strings.TrimSpace(sc.Text()), " ")
		name = strings.TrimLeft(name, " *")
		if !ok || !hexHash.MatchString(sum) || name == "" {
			if sum == "" {
				continue
			}
			return fmt.Errorf("%s: a line isn't a hash and a name", by)
		}
		s.add(path.Base(name), statement{by: by, sha256: strings.ToLower(sum)})
	}
	return sc.Err()
}

func (s *statements) add(name string, st statement) {
	if !slices.Contains(s.byName[name], st) {
		s.byName[name] = append(s.byName[name], st)
	}
}

// manifest reads JSON of any of the shapes in which models come: wherever an object names a file and
// says its size or SHA-256, that is a statement. folder is where it lies.
func (s *statements) manifest(by, folder string, b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return fmt.Errorf("%s: %w", by, err)
	}
	if top, ok := v.(map[string]any); ok {
		s.metadata(by, folder, top)
	}
	s.walk(by, v, 0)
	return nil
}

// metadata reads the metadata.json of one direction: it is about the weights beside it.
func (s *statements) metadata(by, folder string, m map[string]any) {
	from, _ := m["sourceLanguage"].(string)
	to, _ := m["targetLanguage"].(string)
	if from == "" || to == "" {
		return
	}
	s.direction[folder] = [2]string{from, to}
	if a, ok := m["architecture"].(string); ok && len(a) < 40 {
		s.architecture[folder] = a
	}
	if st := facts(by, m, "byteSize", "hash"); st.sha256 != "" {
		s.byFolder[folder] = st
	}
}

func (s *statements) walk(by string, v any, depth int) {
	if depth > 12 {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			s.walk(by, e, depth+1)
		}
	case map[string]any:
		s.object(by, v)
		for _, e := range v {
			s.walk(by, e, depth+1)
		}
	}
}

// object takes the statement of one object. Where it speaks of a compressed file and of what is in it,
// these are two.
func (s *statements) object(by string, m map[string]any) {
	name := ""
	for _, key := range []string{"filename", "name", "path"} {
		if n, ok := m[key].(string); ok && strings.Contains(n, ".") {
			name = path.Base(n)
			break
		}
	}
	if name == "" {
		return
	}
	for _, keys := range [][2]string{{"size", "expectedSha256Hash"}, {"size", "sha256"}, {"size", "hash"}} {
		if st := facts(by, m, keys[0], keys[1]); st.sha256 != "" {
			s.add(name, st)
		}
	}
	if st := facts(by, m, "uncompressedSize", "uncompressedHash"); st.sha256 != "" {
		s.add(strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst"), st)
	}
}

func facts(by string, m map[string]any, sizeKey, hashKey string) statement {
	st := statement{by: by}
	if h, ok := m[hashKey].(string); ok && hexHash.MatchString(h) {
		st.sha256 = strings.ToLower(h)
	}
	switch n := m[sizeKey].(type) {
	case json.Number:
		st.size, _ = n.Int64()
	case string:
		st.size, _ = strconv.ParseInt(n, 10, 64)
	}
	return st
}

// holds says whether bytes are what a statement says.
func (st statement) holds(name string, b []byte) error {
	if st.size > 0 && st.size != int64(len(b)) {
		return fmt.Errorf("%s has %d bytes, %s says %d: it wasn't fetched whole, or is another one", name, len(b), st.by, st.size)
	}
	if got := hash(b); st.sha256 != "" && st.sha256 != got {
		return fmt.Errorf("%s has the SHA-256 %s, %s says %s: it is damaged, or another one", name, got, st.by, st.sha256)
	}
	return nil
}
