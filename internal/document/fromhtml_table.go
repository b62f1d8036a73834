package document

import (
	"strconv"

	"golang.org/x/net/html"
)

// table reads a table. A table with one cell is how mail and word processors draw a frame: its
// content is read as if the table weren't there.
func (f *flow) table(n *html.Node, c context) {
	f.end()
	if cells := cellsOf(n); len(cells) == 1 {
		f.put(f.r.blocks(cells[0], c)...)
		return
	}
	t := tableReader{f: f, c: c}
	t.rows(n, false)
	if len(t.caption) > 0 {
		f.put(t.caption...)
	}
	width := 0
	for _, row := range t.grid {
		for i, cell := range row {
			if len(cell.text) > 0 {
				width = max(width, i+1)
			}
		}
	}
	b := Block{Kind: Table}
	for _, row := range t.grid {
		out := Row{ID: f.r.o.IDs()}
		filled, heads := false, len(row) > 0
		for i := range width {
			cell := Cell{ID: f.r.o.IDs()}
			if i < len(row) {
				cell.Text = row[i].text
				heads = heads && (row[i].head || len(row[i].text) == 0)
			}
			filled = filled || len(cell.Text) > 0
			out.Cells = append(out.Cells, cell)
		}
		if !filled {
			continue
		}
		if len(b.Rows) == 0 {
			b.Header = heads
		}
		b.Rows = append(b.Rows, out)
	}
	switch {
	case len(b.Rows) == 1 && width == 1:
		f.put(Block{Kind: Paragraph, Text: b.Rows[0].Cells[0].Text})
	case len(b.Rows) > 0:
		f.put(b)
	}
	f.put(t.behind...)
}

// cellsOf are the cells of n itself, if it has nothing besides; not those of tables within.
func cellsOf(n *html.Node) []*html.Node {
	var out []*html.Node
	for child := range n.ChildNodes() {
		switch {
		case child.Type != html.ElementNode:
		case child.Data == "td" || child.Data == "th":
			out = append(out, child)
		case child.Data == "tr" || child.Data == "thead" || child.Data == "tbody" || child.Data == "tfoot":
			out = append(out, cellsOf(child)...)
		case child.Data != "colgroup":
			return nil
		}
	}
	return out
}

type tableReader struct {
	f       *flow
	c       context
	grid    [][]gridCell
	open    []int // rows that a cell above still spans, by column
	caption []Block
	behind  []Block
}

type gridCell struct {
	text Inline
	head bool
}

// rows reads the rows within n, whatever they stand in.
func (t *tableReader) rows(n *html.Node, head bool) {
	for child := range n.ChildNodes() {
		if child.Type != html.ElementNode || hidden(child) {
			continue
		}
		switch child.Data {
		case "thead":
			t.rows(child, true)
		case "tbody", "tfoot":
			t.rows(child, false)
		case "caption":
			t.caption = append(t.caption, t.f.r.blocks(child, t.f.marked(child, t.c))...)
		case "tr":
			t.row(child, head)
		case "colgroup", "col", "script", "style", "template":
		default:
			t.behind = append(t.behind, t.f.r.blocks(child, t.c)...)
		}
	}
}

func (t *tableReader) row(n *html.Node, head bool) {
	var row []gridCell
	skip := func() {
		for len(row) < len(t.open) && t.open[len(row)] > 0 && len(row) < MaxCells {
			t.open[len(row)]--
			row = append(row, gridCell{head: head})
		}
	}
	for child := range n.ChildNodes() {
		if child.Type != html.ElementNode || child.Data != "td" && child.Data != "th" || hidden(child) {
			continue
		}
		skip()
		cell := gridCell{head: head || child.Data == "th"}
		var rest []Block
		cell.text, rest = t.f.r.texts(child, t.f.marked(child, t.c))
		if cell.head {
			cell.text = withoutMark(cell.text, Strong)
		}
		cell.text = t.cellRest(cell.text, rest)
		if len(row) == MaxCells {
			last := &row[MaxCells-1].text
			*last = oneText(append(append(*last, Span{Text: "\n"}), cell.text...))
			continue
		}
		down := span(child, "rowspan")
		for i := range span(child, "colspan") {
			if len(row) == MaxCells {
				break
			}
			for len(t.open) <= len(row) {
				t.open = append(t.open, 0)
			}
			t.open[len(row)] = down - 1
			if i > 0 {
				cell = gridCell{head: cell.head}
			}
			row = append(row, cell)
		}
	}
	skip()
	if len(row) > 0 {
		t.grid = append(t.grid, row)
	}
}

// cellRest puts what is no text behind the table, but keeps the words of inner lists and tables in
// the cell.
func (t *tableReader) cellRest(text Inline, rest []Block) Inline {
	for _, b := range rest {
		switch b.Kind {
		case List, Table, Quotation, FactBox:
			if len(text) > 0 {
				text = append(text, Span{Text: "\n"})
			}
			for _, s := range Segments(Doc{Blocks: []Block{b}}) {
				text = append(append(text, s.Text...), Span{Text: "\n"})
			}
			t.f.r.remark(RemarkTable, string(b.Kind))
		case Rule:
		default:
			t.f.r.remark(RemarkTable, string(b.Kind))
			t.behind = append(t.behind, b)
		}
	}
	return oneText(text)
}

// span is how many columns or rows a cell covers.
func span(n *html.Node, name string) int {
	v, err := strconv.Atoi(attrIn(n, name))
	if err != nil {
		return 1
	}
	return min(max(v, 1), MaxCells)
}
