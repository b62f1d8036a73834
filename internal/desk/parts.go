package desk

import (
	"slices"
	"strings"

	"depesche/internal/document"
)

// part is a stretch of running text with the same marks, to look at.
//
// Op says that the text is new ("insert") or gone ("delete") where an earlier one is shown beside it.
type part struct{ Text, Class, Lang, Title, Op string }

// partClasses are the desk's classes of the marks, as in its style sheet.
var partClasses = map[document.MarkType]string{
	document.SourceRef: "claim", document.StoryLink: "link", document.Link: "link", document.Foreign: "foreign",
	document.Strong: "strong", document.Emphasis: "emphasis",
}

// partsOf cuts a text at its marks, for screens that show it and don't edit it.
func partsOf(in document.Inline) []part {
	out := make([]part, 0, len(in))
	for _, span := range in {
		p := part{Text: span.Text}
		var classes []string
		for _, m := range span.Marks {
			classes = append(classes, partClasses[m.Type])
			switch m.Type {
			case document.Foreign:
				p.Lang = m.Lang
			case document.Link:
				p.Title = m.Href
			}
		}
		p.Class = strings.Join(slices.Compact(classes), " ")
		out = append(out, p)
	}
	return out
}
