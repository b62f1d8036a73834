package demo

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"depesche/internal/document"
)

//go:embed content
var files embed.FS

// Read reads the demo paper. It fails only if the embedded files are not well-formed, which the
// tests of this package rule out.
func Read() (Content, error) {
	sub, err := fs.Sub(files, "content")
	if err != nil {
		return Content{}, err
	}
	return read(sub)
}

func read(fsys fs.FS) (Content, error) {
	var c Content
	if err := readJSON(fsys, "paper.json", &c.Paper); err != nil {
		return Content{}, err
	}
	var err error
	if c.Pictures, err = readPictures(fsys); err != nil {
		return Content{}, err
	}
	if c.Pages, err = readPages(fsys); err != nil {
		return Content{}, err
	}
	if c.Register, err = fs.ReadFile(fsys, "register.csv"); err != nil {
		return Content{}, err
	}
	if err := readJSON(fsys, "work.json", &c.Work); err != nil {
		return Content{}, err
	}
	names, err := fs.Glob(fsys, "stories/*.txtar")
	if err != nil {
		return Content{}, err
	}
	for _, name := range names {
		s, err := readStory(fsys, name)
		if err != nil {
			return Content{}, fmt.Errorf("demo: %s: %w", name, err)
		}
		c.Stories = append(c.Stories, s)
	}
	return c, nil
}

func readJSON(fsys fs.FS, name string, v any) error {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	if err := unmarshal(b, v); err != nil {
		return fmt.Errorf("demo: %s: %w", name, err)
	}
	return nil
}

// unmarshal refuses fields it doesn't know, so that a misspelt key can't pass for a missing one.
func unmarshal(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

func readPictures(fsys fs.FS) ([]Picture, error) {
	var meta struct {
		Credit   Text      `json:"credit"`
		Width    int       `json:"width"`
		Height   int       `json:"height"`
		Pictures []Picture `json:"pictures"`
	}
	if err := readJSON(fsys, "pictures.json", &meta); err != nil {
		return nil, err
	}
	for i := range meta.Pictures {
		p := &meta.Pictures[i]
		svg, err := fs.ReadFile(fsys, "pictures/"+p.Key+".svg")
		if err != nil {
			return nil, err
		}
		p.SVG, p.Credit, p.Width, p.Height = svg, meta.Credit, meta.Width, meta.Height
	}
	return meta.Pictures, nil
}

// fileKey takes "stories/014-kharkiv-trees.txtar" apart into 14 and kharkiv-trees.
func fileKey(name string) (int64, string, error) {
	base := strings.TrimSuffix(path.Base(name), ".txtar")
	digits, key, ok := strings.Cut(base, "-")
	n, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || key == "" {
		return 0, "", fmt.Errorf("a file's name is a number, a hyphen and a key")
	}
	return n, key, nil
}

func readPages(fsys fs.FS) ([]Page, error) {
	names, err := fs.Glob(fsys, "pages/*.txtar")
	if err != nil {
		return nil, err
	}
	var pages []Page
	for _, name := range names {
		_, key, err := fileKey(name)
		if err != nil {
			return nil, fmt.Errorf("demo: %s: %w", name, err)
		}
		ar, err := parseArchive(fsys, name)
		if err != nil {
			return nil, err
		}
		p := Page{Key: key, Title: Text{}, Slug: Text{}, Body: Text{}}
		for _, f := range ar.Files {
			lang := strings.TrimSuffix(f.Name, ".md")
			head, body, err := frontMatter(f.Data)
			if err != nil {
				return nil, fmt.Errorf("demo: %s, %s: %w", name, f.Name, err)
			}
			p.Title[lang], p.Slug[lang], p.Body[lang] = head["title"], head["slug"], body
		}
		pages = append(pages, p)
	}
	return pages, nil
}

func parseArchive(fsys fs.FS, name string) (*txtar.Archive, error) {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	return txtar.Parse(b), nil
}

func readStory(fsys fs.FS, name string) (Story, error) {
	n, key, err := fileKey(name)
	if err != nil {
		return Story{}, err
	}
	ar, err := parseArchive(fsys, name)
	if err != nil {
		return Story{}, err
	}
	if len(ar.Files) == 0 || ar.Files[0].Name != "story.json" {
		return Story{}, fmt.Errorf("the first part is story.json")
	}
	s := Story{Key: key, Number: n}
	if err := unmarshal(ar.Files[0].Data, &s); err != nil {
		return Story{}, fmt.Errorf("story.json: %w", err)
	}
	told := map[string]bool{}
	for _, f := range ar.Files[1:] {
		lang := strings.TrimSuffix(f.Name, ".md")
		ed, ok := s.Editions[lang]
		if !ok || told[lang] {
			return Story{}, fmt.Errorf("%s: not one of the editions, or there twice", f.Name)
		}
		if err := ed.fill(f.Data); err != nil {
			return Story{}, fmt.Errorf("%s: %w", f.Name, err)
		}
		s.Editions[lang], told[lang] = ed, true
	}
	for lang := range s.Editions {
		if !told[lang] {
			return Story{}, fmt.Errorf("no text for the edition %s", lang)
		}
	}
	return s, nil
}

// EditionOf reads a text that stands under the lines of its head, as the content's do.
func EditionOf(b []byte) (e Edition, err error) {
	err = e.fill(b)
	return e, err
}

// Doc makes the edition's document from its Markdown, with the picture on top that the story has; "": none.
// Parallel blocks of a story's languages get the same IDs, since they are the same blocks.
func (e Edition) Doc(picture string) (document.Doc, error) {
	d := document.Doc{Kicker: e.Kicker, Headline: e.Headline, Teaser: e.Teaser}
	var err error
	if d.Blocks, err = document.ParseMarkdown(e.Body, numbered("b")); err != nil {
		return document.Doc{}, err
	}
	if d.Lead, err = document.ParseInlineMarkdown(e.Lead); err != nil {
		return document.Doc{}, err
	}
	if picture != "" {
		d.Picture = &document.Picture{ID: "lead", Media: picture, Alt: e.Alt}
		if d.Picture.Caption, err = document.ParseInlineMarkdown(e.Caption); err != nil {
			return document.Doc{}, err
		}
	}
	return d, nil
}

func (e *Edition) fill(b []byte) error {
	head, body, err := frontMatter(b)
	if err != nil {
		return err
	}
	for k, v := range head {
		switch k {
		case "kicker":
			e.Kicker = v
		case "headline":
			e.Headline = v
		case "lead":
			e.Lead = v
		case "teaser":
			e.Teaser = v
		case "picture.caption":
			e.Caption = v
		case "picture.alt":
			e.Alt = v
		default:
			return fmt.Errorf("unknown field %q", k)
		}
	}
	e.Body = body
	return nil
}

// frontMatter takes the lines "key: value" before the first line "---" and what follows it.
func frontMatter(b []byte) (map[string]string, string, error) {
	head, body, ok := strings.Cut(string(b), "\n---\n")
	if !ok {
		return nil, "", fmt.Errorf("no line --- after the head")
	}
	fields := map[string]string{}
	for line := range strings.Lines(head) {
		k, v, ok := strings.Cut(strings.TrimRight(line, "\n"), ": ")
		if !ok || fields[k] != "" {
			return nil, "", fmt.Errorf("head: %q is not a new field and its text", line)
		}
		fields[k] = v
	}
	return fields, body, nil
}
