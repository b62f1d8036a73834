package desk

import (
	"net/http"
	"sort"
	"strings"

	"depesche/internal/document"
)

// typed is a text that somebody typed and that wasn't stored.
type typed struct {
	Name, Text string
	Rows       int
}

// worth is how long a text is that is worth keeping: shorter ones are choices and numbers.
const worth = 12

// typedIn are the texts of a form that failed, to be shown with the failure so that nothing is lost.
// Passwords, tokens and what nobody typed are left out; the editor's document is shown as plain text.
func typedIn(r *http.Request) []typed {
	if r.Method != http.MethodPost || r.PostForm == nil {
		return nil
	}
	var out []typed
	for name, values := range r.PostForm {
		switch name {
		case "password", "old", "token", "sent", "edition":
			continue
		}
		if strings.HasPrefix(name, "was.") {
			continue
		}
		for _, text := range values {
			if name == "doc" {
				name, text = "", docText(text)
			}
			if len([]rune(strings.TrimSpace(text))) >= worth {
				out = append(out, typed{Name: name, Text: text, Rows: min(20, 2+strings.Count(text, "\n")+len(text)/90)})
			}
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

// docText is the editor's document as text, or what was sent if it can't be read.
func docText(raw string) string {
	doc, err := document.Parse([]byte(raw))
	if err != nil {
		return raw
	}
	head := []string{doc.Kicker, doc.Headline, document.InlineMarkdown(doc.Lead), doc.Teaser}
	return strings.TrimSpace(strings.Join(head, "\n\n") + "\n\n" + document.Markdown(doc.Blocks))
}
