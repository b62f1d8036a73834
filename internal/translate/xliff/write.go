package xliff

import (
	"bufio"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"depesche/internal/document"
)

// Write writes the file as UTF-8.
func Write(w io.Writer, f File) error {
	out := &printer{w: bufio.NewWriter(w)}
	out.line(`<?xml version="1.0" encoding="UTF-8"?>`)
	out.line(`<xliff xmlns="%s" xmlns:mda="%s" version="2.1" srcLang="%s" trgLang="%s">`, core, metadata, attr(f.From.String()), attr(f.To.String()))
	out.line(`<file id="f1" original="%s" canResegment="no">`, attr(f.Edition))
	out.line(`<mda:metadata><mda:metaGroup category="depesche"><mda:meta type="sourceRevision">%d</mda:meta><mda:meta type="targetRevision">%d</mda:meta></mda:metaGroup></mda:metadata>`, f.SourceRev, f.TargetRev)
	for _, u := range f.Units {
		if err := out.unit(u); err != nil {
			return fmt.Errorf("segment %s: %w", u.Address, err)
		}
	}
	out.line(`</file>`)
	out.line(`</xliff>`)
	if out.err != nil {
		return out.err
	}
	return out.w.Flush()
}

type printer struct {
	w   *bufio.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

func (p *printer) unit(u Unit) error {
	var fixed string
	if u.Fixed {
		fixed = ` translate="no"`
	}
	p.line(`<unit id="%s" name="%s"%s xml:space="preserve">`, attr(unitID(u.Address)), attr(string(u.Address)), fixed)
	if len(u.Notes) > 0 {
		p.line(`<notes>`)
		for _, n := range u.Notes {
			p.line(`<note category="%s">%s</note>`, attr(n.Category), noteText(n.Text))
		}
		p.line(`</notes>`)
	}
	c := &codes{}
	source, err := c.side(u.Source, true)
	if err != nil {
		return err
	}
	target, err := c.side(u.Target, false)
	if err != nil {
		return err
	}
	if len(c.data) > 0 {
		p.line(`<originalData>`)
		for i, d := range c.data {
			p.line(`<data id="d%d">%s</data>`, i+1, text(d))
		}
		p.line(`</originalData>`)
	}
	state := u.State
	if state == "" || len(u.Target) == 0 {
		state = Initial
	}
	p.line(`<segment id="s1" state="%s"><source>%s</source>`, state, source)
	if len(u.Target) > 0 {
		p.line(`<target>%s</target>`, target)
	}
	p.line(`</segment>`)
	p.line(`</unit>`)
	return nil
}

// codes gives the marks of a unit their ids: one in the translation has the id of the equal one in the
// original, each of which stands for one in the translation at most.
type codes struct {
	data   []string // of the marks, each once
	source []string // the mark of the source's code 1, 2, …
	used   []bool
	extra  int
}

func (c *codes) side(in document.Inline, source bool) (string, error) {
	var b strings.Builder
	breaks := 0
	err := c.write(&b, in.Normal(), 0, source, &breaks)
	return b.String(), err
}

// write nests spans by their marks, outermost first; neighbours with the same mark share its code.
func (c *codes) write(b *strings.Builder, in document.Inline, depth int, source bool, breaks *int) error {
	for len(in) > 0 {
		if len(in[0].Marks) <= depth {
			lines(b, in[0].Text, breaks)
			in = in[1:]
			continue
		}
		m := in[0].Marks[depth]
		n := 1
		for n < len(in) && len(in[n].Marks) > depth && in[n].Marks[depth] == m {
			n++
		}
		open, err := c.open(m, source)
		if err != nil {
			return err
		}
		b.WriteString(open)
		if err := c.write(b, in[:n], depth+1, source, breaks); err != nil {
			return err
		}
		b.WriteString(`</pc>`)
		in = in[n:]
	}
	return nil
}

func (c *codes) open(m document.Mark, source bool) (string, error) {
	data, err := json.Marshal(m)
	if err != nil {
		return "", err
	}
	ref := slices.Index(c.data, string(data)) + 1
	if ref == 0 {
		c.data = append(c.data, string(data))
		ref = len(c.data)
	}
	kind := "other"
	switch m.Type {
	case document.Strong, document.Emphasis:
		kind = "fmt"
	case document.Link, document.StoryLink:
		kind = "link"
	}
	return fmt.Sprintf(`<pc id="%s" type="%s" subType="depesche:%s" dataRefStart="d%d">`, c.id(string(data), source), kind, m.Type, ref), nil
}

func (c *codes) id(mark string, source bool) string {
	if source {
		c.source, c.used = append(c.source, mark), append(c.used, false)
		return strconv.Itoa(len(c.source))
	}
	for i, m := range c.source {
		if m == mark && !c.used[i] {
			c.used[i] = true
			return strconv.Itoa(i + 1)
		}
	}
	c.extra++
	return "t" + strconv.Itoa(c.extra)
}

// lines writes plain text; a line break is a placeholder.
func lines(b *strings.Builder, s string, breaks *int) {
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			*breaks++
			fmt.Fprintf(b, `<ph id="lb%d" type="fmt" subType="xlf:lb" equiv="&#10;"/>`, *breaks)
		}
		b.WriteString(text(line))
	}
}

// text escapes, and writes what XML can't hold as the standard does (cp, 4.2.3.1).
func text(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\t' || r == '\n' || inXML(r):
			_ = xml.EscapeText(&b, []byte(string(r)))
		default:
			fmt.Fprintf(&b, `<cp hex="%04X"/>`, r)
		}
	}
	return b.String()
}

// noteText escapes; a note can't hold a cp.
func noteText(s string) string {
	var b strings.Builder
	for _, r := range s {
		if inXML(r) || r == '\t' || r == '\n' {
			_ = xml.EscapeText(&b, []byte(string(r)))
		}
	}
	return b.String()
}

func attr(s string) string { return noteText(s) }

// inXML reports whether XML 1.0 may hold the character (production 2), control characters aside.
func inXML(r rune) bool {
	return r >= 0x20 && r <= 0xD7FF && r != utf8.RuneError || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}
