package desk

import (
	"errors"
	"strings"

	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

// textFaults are the words for what [document.Validate] finds and people can bring about. The rest of
// its keys only a broken program earns.
var textFaults = map[string]string{
	document.KeySlug: "problem.slug", document.KeyHref: "problem.url", document.KeyEmbedURL: "problem.url", document.KeyEmbedMissing: "problem.url",
	document.KeyTooLong: "problem.text_long", document.KeyTooLarge: "problem.text_large", document.KeyTooMany: "problem.text_large", document.KeyTooManyBlocks: "problem.text_large",
}

// documentErrors are the sentences for a refused document, named by the addresses they are about.
func documentErrors(w *lang.Words, err error) []fieldError {
	var v *document.ValidationError
	if !errors.As(err, &v) {
		return nil
	}
	var out []fieldError
	for _, p := range v.Problems {
		word, ok := textFaults[p.Key]
		if !ok {
			word = "problem.document"
		}
		out = append(out, fieldError{Name: string(p.Address), Text: w.T(word)})
	}
	return out
}

// addMarkdown complains about a field whose Markdown can't be read: where, and what stands there.
func addMarkdown(wrong *problem.Fields, name, src string, err error) {
	var m *document.MarkdownError
	if !errors.As(err, &m) {
		wrong.Add(name, "problem.document", src)
		return
	}
	key := "problem.markdown"
	switch m.Key {
	case document.KeyMarkdownFence, document.KeyMarkdownQuote, document.KeyMarkdownImage:
		key += "_" + strings.TrimPrefix(m.Key, "document.markdown_")
	}
	wrong.Add(name, key, src, "line", m.Line, "text", m.Text)
}

// inPlainForm leads errors that are named by addresses to the fields of the plain form.
func inPlainForm(errs []fieldError, doc document.Doc) {
	for i, e := range errs {
		first, rest, ok := strings.Cut(e.Name, "/")
		switch {
		case !ok:
		case first == "head":
			errs[i].Name = rest
		case doc.Picture != nil && string(doc.Picture.ID) == first:
			errs[i].Name = "picture." + rest
		default:
			for _, b := range doc.Blocks {
				if string(b.ID) == first || within(b, first) {
					errs[i].Name = "block." + string(b.ID)
				}
			}
		}
	}
}
