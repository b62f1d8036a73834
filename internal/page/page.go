// Package page is what a reader's page is: typed views, templates, styles and structured data, and
// how the rooms' facts become a view. It knows no HTTP, so the desk's preview and a static copy are
// the same page as the reader's.
//
// A view holds what is printed and nothing else; a template asks no questions that need a second
// look. There is one template set per language, made when the language is first shown, with its
// words bound.
package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"sync"

	"depesche/internal/assets"
	"depesche/internal/clock"
	"depesche/internal/correction"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/live"
	"depesche/internal/media"
	"depesche/internal/people"
	"depesche/internal/placard"
	"depesche/internal/publication"
	"depesche/internal/topic"
)

//go:embed screens/*.html
var screens embed.FS

// Pages draws pages. It is safe for use by many at once.
type Pages struct {
	rooms   Rooms
	clock   clock.Clock
	words   *lang.Catalogue
	assets  *assets.Set
	base    *template.Template // parsed, never executed, so that it can be cloned
	sets    sync.Map           // lang.Tag → *template.Template
	styles  styles
	nothing bool // is kept on readers' devices, see [Pages.KeepNothing]
}

// Rooms are where the facts of a page come from.
type Rooms struct {
	Publication *publication.Service
	People      *people.Service
	Topics      *topic.Service
	Media       *media.Service
	Editions    *edition.Service
	Corrections *correction.Service
	// Placards are drawn for those who show links; without them they are shown the story's picture.
	Placards *placard.Fonts
	Live     *live.Service // nil: no story runs live
}

// New prepares the screens with the words of the interface. c is the clock by which lists say "5
// minutes ago"; nil is the system's. A template that doesn't parse, or a
// bundle that isn't whole, is an error at start and not on a reader's screen.
func New(words *lang.Catalogue, r Rooms, c clock.Clock) (*Pages, error) {
	if c == nil {
		c = clock.System
	}
	set, err := loadAssets()
	if err != nil {
		return nil, err
	}
	p := &Pages{words: words, rooms: r, clock: c, assets: set}
	p.base, err = template.New("").Funcs(p.funcs("en")).ParseFS(screens, "screens/*.html")
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	if err := p.styles.load(set); err != nil {
		return nil, err
	}
	if _, err := p.set("en"); err != nil {
		return nil, err
	}
	return p, nil
}

// Assets are the fonts and scripts that the pages refer to; the reader serves them.
func (p *Pages) Assets() *assets.Set { return p.assets }

// Words are the interface's words in l.
func (p *Pages) Words(l lang.Tag) *lang.Words { return p.words.In(l) }

// Spoken are the languages that the interface has words in.
func (p *Pages) Spoken() []lang.Tag { return p.words.Languages() }

// funcs are what templates may call: the words of their language and the names of built files.
//
// The interface may have no words in the page's language; then it has them in another, which
// browsers and screen readers must know. ui marks an element that holds words of the interface,
// uilang one of which only a label is such a word, and own what stands in it and is the paper's. In a
// page whose language has words, all three are nothing.
func (p *Pages) funcs(l lang.Tag) template.FuncMap {
	w := p.words.In(l)
	var ui, uilang, own template.HTMLAttr
	if words := w.Tag(); words.Base() != l.Base() {
		uilang = template.HTMLAttr(` lang="` + string(words) + `"`) //nolint:gosec // a parsed tag
		ui = uilang + template.HTMLAttr(` dir="`+words.Dir()+`"`)   //nolint:gosec // ltr or rtl
		own = template.HTMLAttr(` lang="` + string(l) + `"`)        //nolint:gosec // a parsed tag
	}
	attr := func(a template.HTMLAttr) func() template.HTMLAttr { return func() template.HTMLAttr { return a } }
	return template.FuncMap{"t": w.T, "asset": p.assets.URL, "ui": attr(ui), "uilang": attr(uilang), "own": attr(own), "plain": plain, "keep": p.keep}
}

// set returns the templates with the words of l bound.
func (p *Pages) set(l lang.Tag) (*template.Template, error) {
	if t, ok := p.sets.Load(l); ok {
		return t.(*template.Template), nil
	}
	t, err := p.base.Clone()
	if err != nil {
		return nil, err
	}
	made, _ := p.sets.LoadOrStore(l, t.Funcs(p.funcs(l)))
	return made.(*template.Template), nil
}

// framed is any page: it has a frame.
type framed interface{ frame() *Frame }

func (p *Pages) render(w io.Writer, name string, v framed) error {
	t, err := p.set(v.frame().Lang)
	if err != nil {
		return err
	}
	if v.frame().Text {
		name = "text-" + name
	}
	var b bytes.Buffer // a page that fails halfway must not be half sent
	if err := t.ExecuteTemplate(&b, name, v); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	_, err = w.Write(b.Bytes())
	return err
}

// RenderArticle writes a story's page.
func (p *Pages) RenderArticle(w io.Writer, v *Article) error { return p.render(w, "article", v) }

// RenderLivePage writes the page of an entry of a running story.
func (p *Pages) RenderLivePage(w io.Writer, v *LivePage) error { return p.render(w, "live", v) }

// RenderFront writes a language's front; as text alone with as much of it as [textBudget] allows.
func (p *Pages) RenderFront(w io.Writer, v *Front) error {
	if v.Text {
		return p.renderLight(w, v)
	}
	return p.render(w, "front", v)
}

// RenderList writes a section's, topic's, author's or day's page.
func (p *Pages) RenderList(w io.Writer, v *List) error { return p.render(w, "list", v) }

// RenderCorrections writes a language's page of corrections.
func (p *Pages) RenderCorrections(w io.Writer, v *Corrections) error {
	return p.render(w, "corrections", v)
}

// RenderStatic writes a lasting page: imprint, about us, privacy.
func (p *Pages) RenderStatic(w io.Writer, v *Static) error { return p.render(w, "static", v) }

// RenderNotice writes what is shown where no page is: nothing found, withdrawn, an error of ours.
func (p *Pages) RenderNotice(w io.Writer, v *Notice) error { return p.render(w, "notice", v) }

// RenderKept writes the page on which the reader's device shows what it keeps.
func (p *Pages) RenderKept(w io.Writer, v *Kept) error { return p.render(w, "kept", v) }

// RenderChooser writes the page on which a reader chooses a language.
func (p *Pages) RenderChooser(w io.Writer, v *Chooser) error { return p.render(w, "chooser", v) }
