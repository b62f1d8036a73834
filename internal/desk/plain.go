package desk

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

// plainForm is the edition as a form that needs no script: a field for each part of the head, a
// text field for each block in the Markdown that [document.ParseMarkdown] reads.
type plainForm struct {
	Head    []field
	Picture []field
	Blocks  []plainBlock
	More    field
}

type plainBlock struct {
	ID   string
	Text field
	Move field
}

func newPlainForm(w *lang.Words, t lang.Tag, doc document.Doc, errs []fieldError) plainForm {
	text := func(f field) field { f.Serif = true; return f.in(t).with(errs) }
	f := plainForm{Head: []field{
		text(textField("kicker", w.T("desk.kicker"), doc.Kicker)),
		text(areaField("headline", w.T("desk.headline"), doc.Headline, 2)),
		text(areaField("lead", w.T("desk.lead"), document.InlineMarkdown(doc.Lead), 3)),
		text(areaField("teaser", w.T("desk.teaser"), doc.Teaser, 2)),
		textField("slug", w.T("desk.slug"), doc.Slug).with(errs),
	}}
	f.Head[1].Max, f.Head[3].Hint, f.Head[4].Hint = 65, w.T("desk.teaser_hint"), w.T("desk.slug_hint")
	var pic document.Picture
	if doc.Picture != nil {
		pic = *doc.Picture
	}
	f.Picture = []field{
		textField("picture.media", w.T("desk.picture.id"), pic.Media).with(errs),
		text(textField("picture.alt", w.T("desk.picture.alt"), pic.Alt)),
		text(textField("picture.caption", w.T("desk.picture.caption"), document.InlineMarkdown(pic.Caption))),
		text(textField("picture.credit", w.T("desk.picture.credit"), pic.Credit)),
	}
	f.Picture[0].Hint = w.T("desk.picture.id_hint")
	moves := []choice{{Value: "", Word: w.T("desk.plain.keep")}, {Value: "up", Word: w.T("desk.plain.up")}, {Value: "down", Word: w.T("desk.plain.down")}, {Value: "remove", Word: w.T("desk.plain.remove")}}
	for _, b := range doc.Blocks {
		src := document.BlockMarkdown(b)
		id := string(b.ID)
		f.Blocks = append(f.Blocks, plainBlock{
			ID:   id,
			Text: text(areaField("block."+id, w.T("desk.kind."+string(b.Kind)), src, 2+len(src)/80+strings.Count(src, "\n"))),
			Move: selectField("move."+id, w.T("desk.plain.move"), "", moves),
		})
	}
	f.More = text(areaField("more", w.T("desk.plain.more"), "", 6))
	f.More.Hint = w.T("desk.plain.more_hint")
	return f
}

// typed puts what was typed back into the fields of a form that was refused. The fields are those of the
// revision that was typed over; a block that only the typed text would have made isn't one yet.
func (f *plainForm) typed(form url.Values) {
	back := func(field *field) {
		if list, ok := form[field.ID]; ok {
			field.Value = unixLines(list[0])
		}
	}
	for i := range f.Head {
		back(&f.Head[i])
	}
	for i := range f.Picture {
		back(&f.Picture[i])
	}
	for i := range f.Blocks {
		b := &f.Blocks[i]
		back(&b.Text)
		for j, c := range b.Move.Choices {
			b.Move.Choices[j].On = c.Value == form.Get(b.Move.ID)
		}
	}
	back(&f.More)
}

// readPlainForm makes the document that was typed. base is the revision that the form showed:
// what was not touched comes from there to the letter, and blocks, entries and cells keep their IDs.
//
// Errors are per field; what can't be read is named with its line.
func readPlainForm(r *http.Request, base document.Doc, newID func() document.ID) (draft, error) {
	var wrong problem.Fields
	out := base
	out.Kicker, out.Headline = oneLine(r, "kicker"), oneLine(r, "headline")
	out.Teaser, out.Slug = oneLine(r, "teaser"), oneLine(r, "slug")
	out.Lead = readInline(r, "lead", base.Lead, &wrong)
	out.Picture = readPicture(r, base.Picture, newID, &wrong)

	byID := map[string]document.Block{}
	for _, b := range base.Blocks {
		byID[string(b.ID)] = b
	}
	var blocks []document.Block
	var moves []string
	entry := map[document.ID]string{}
	for _, id := range r.PostForm["block"] {
		old, known := byID[id]
		if !known || r.PostFormValue("move."+id) == "remove" {
			continue
		}
		src := unixLines(r.PostFormValue("block." + id))
		if src == unixLines(document.BlockMarkdown(old)) {
			blocks, moves = append(blocks, old), append(moves, r.PostFormValue("move."+id))
			continue
		}
		parsed, err := document.ParseMarkdown(src, newID)
		if err != nil {
			unreadable(&wrong, "block."+id, src, err)
			continue
		}
		for i, b := range typedOver(old, parsed) {
			move := ""
			if i == 0 {
				move = r.PostFormValue("move." + id)
			}
			blocks, moves, entry[b.ID] = append(blocks, b), append(moves, move), "block."+id
		}
	}
	blocks = moveBlocks(blocks, moves)
	if src := unixLines(r.PostFormValue("more")); strings.TrimSpace(src) != "" {
		parsed, err := document.ParseMarkdown(src, newID)
		if err != nil {
			unreadable(&wrong, "more", src, err)
		}
		for _, b := range parsed {
			blocks, entry[b.ID] = append(blocks, b), "more"
		}
	}
	out.Blocks = blocks
	return draft{doc: out, form: r.PostForm, shown: base, entry: entry}, wrong.Err()
}

func unixLines(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"))
}

// oneLine is a field that holds one line: a pasted line break becomes a space.
func oneLine(r *http.Request, name string) string {
	return strings.Join(strings.FieldsFunc(value(r, name), func(c rune) bool { return c == '\n' || c == '\r' }), " ")
}

func readInline(r *http.Request, name string, old document.Inline, wrong *problem.Fields) document.Inline {
	src := unixLines(r.PostFormValue(name))
	if src == unixLines(document.InlineMarkdown(old)) {
		return old
	}
	in, err := document.ParseInlineMarkdown(src)
	if err != nil {
		unreadable(wrong, name, src, err)
		return old
	}
	return in
}

func readPicture(r *http.Request, old *document.Picture, newID func() document.ID, wrong *problem.Fields) *document.Picture {
	mediaID := value(r, "picture.media")
	if mediaID == "" {
		return nil
	}
	p := document.Picture{}
	if old != nil {
		p = *old
	}
	if p.ID == "" || p.Media != mediaID {
		p.ID = newID()
	}
	p.Media, p.Alt, p.Credit = mediaID, oneLine(r, "picture.alt"), oneLine(r, "picture.credit")
	p.Caption = readInline(r, "picture.caption", p.Caption, wrong)
	return &p
}

// typedOver gives the blocks that were typed in the entry of one the identities of that one: readers'
// links and translations point there. Where none reads like it, nor is of its kind, the first is the
// one that it became.
func typedOver(old document.Block, typed []document.Block) []document.Block {
	typed = document.KeepIDs([]document.Block{old}, typed)
	for _, b := range typed {
		if b.ID == old.ID {
			return typed
		}
	}
	if len(typed) > 0 {
		typed[0].ID = old.ID
	}
	return typed
}

// moveBlocks applies the moves from the first block to the last; one step each.
func moveBlocks(blocks []document.Block, moves []string) []document.Block {
	for i := 0; i < len(blocks); i++ {
		switch {
		case moves[i] == "up" && i > 0:
			blocks[i-1], blocks[i] = blocks[i], blocks[i-1]
			moves[i-1], moves[i] = "", moves[i-1]
		case moves[i] == "down" && i+1 < len(blocks):
			blocks[i+1], blocks[i] = blocks[i], blocks[i+1]
			moves[i+1], moves[i] = "", moves[i+1]
			i++ // what moved down is done
		}
	}
	return blocks
}

// segmentName is what a segment is called on the screens: "Headline", "Paragraph 3".
func segmentName(w *lang.Words, doc document.Doc, addr document.Address) string {
	switch addr {
	case document.AddrKicker:
		return w.T("desk.kicker")
	case document.AddrHeadline:
		return w.T("desk.headline")
	case document.AddrLead:
		return w.T("desk.lead")
	case document.AddrTeaser:
		return w.T("desk.teaser")
	case document.AddrSlug:
		return w.T("desk.slug")
	}
	id, _, _ := strings.Cut(string(addr), "/")
	if doc.Picture != nil && string(doc.Picture.ID) == id {
		return w.T("desk.kind.picture")
	}
	counts := map[document.Kind]int{}
	for _, b := range doc.Blocks {
		counts[b.Kind]++
		if string(b.ID) == id || within(b, id) {
			return fmt.Sprintf("%s %s", w.T("desk.kind."+string(b.Kind)), strconv.Itoa(counts[b.Kind]))
		}
	}
	return w.T("desk.kind.paragraph")
}

// within says whether an entry, cell, picture or inner block of b has this ID.
func within(b document.Block, id string) bool {
	for _, it := range b.Items {
		if string(it.ID) == id {
			return true
		}
	}
	for _, row := range b.Rows {
		if string(row.ID) == id {
			return true
		}
		for _, c := range row.Cells {
			if string(c.ID) == id {
				return true
			}
		}
	}
	for _, p := range b.Pictures {
		if string(p.ID) == id {
			return true
		}
	}
	for _, in := range b.Blocks {
		if string(in.ID) == id || within(in, id) {
			return true
		}
	}
	return false
}
