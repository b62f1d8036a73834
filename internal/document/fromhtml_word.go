package document

import (
	"strings"

	"golang.org/x/net/html"
)

// wordList tells Word's list entries: paragraphs with a style, their bullet in a span to be ignored.
func wordList(n *html.Node) *wordItem {
	if !strings.HasPrefix(attr(n, "class"), "MsoListParagraph") && !strings.Contains(strings.ToLower(attr(n, "style")), "mso-list:l") {
		return nil
	}
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && strings.Contains(strings.ToLower(strings.ReplaceAll(attr(c, "style"), " ", "")), "mso-list:ignore") {
			bullet := strings.TrimSpace(textOf(c))
			return &wordItem{ordered: strings.IndexFunc(bullet, func(r rune) bool { return r >= '0' && r <= '9' }) == 0}
		}
	}
	return &wordItem{}
}

func (r *htmlReader) wordItem(n *html.Node, marks []Mark) {
	item := wordList(n)
	r.endParagraph()
	from := len(r.out)
	r.flow(n, marks)
	r.endParagraph()
	if len(r.out) == from+1 && r.out[from].Kind == Paragraph {
		if r.lists == nil {
			r.lists = map[int]wordItem{}
		}
		r.lists[from] = *item
	}
}

// wordLists joins Word's list entries that follow each other to lists.
func (r *htmlReader) wordLists() []Block {
	if len(r.lists) == 0 {
		return r.out
	}
	var out []Block
	for i, b := range r.out {
		item, ok := r.lists[i]
		if !ok {
			out = append(out, b)
			continue
		}
		prev, before := r.lists[i-1]
		if n := len(out) - 1; !before || prev.ordered != item.ordered || n < 0 {
			out = append(out, Block{ID: b.ID, Kind: List, Ordered: item.ordered})
		}
		last := &out[len(out)-1]
		last.Items = append(last.Items, Item{ID: r.o.IDs(), Text: b.Text})
	}
	return out
}
