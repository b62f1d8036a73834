package check

import (
	"strings"
	"unicode/utf8"

	"depesche/internal/document"
)

// The lengths of what stands in lists, in characters. Up to the second one a headline's length is
// told as advice, since some languages need more.
const (
	headlineAdvice = 70
	headlineLimit  = 100
	teaserAdvice   = 220
)

// whole looks at the edition and its story as such.
func whole(r *run) {
	d := r.Doc
	if r.Retired {
		r.add(Finding{Code: "language_retired", Severity: Stop})
	}
	if r.Unchecked {
		r.add(Finding{Code: "machine_unchecked", Severity: Stop})
	}
	if strings.TrimSpace(d.Headline) == "" && !r.Entry {
		r.add(Finding{Code: "no_headline", Severity: Stop, Address: document.AddrHeadline})
	}
	if !r.Story.HasAuthor {
		r.add(Finding{Code: "no_author", Severity: Stop})
	}
	if !r.Story.HasSection {
		r.add(Finding{Code: "no_section", Severity: Stop})
	}
	if r.Story.Topics == 0 && !r.Entry {
		r.add(Finding{Code: "no_topic", Severity: Warn})
	}
	if !hasBody(r.segments) {
		r.add(Finding{Code: "no_text", Severity: Stop})
	}
	if n := utf8.RuneCountInString(d.Headline); n > headlineAdvice {
		f := Finding{Code: "headline_long", Severity: Note, Address: document.AddrHeadline, Excerpt: d.Headline, Args: []any{"n", n, "max", headlineAdvice}}
		if n > headlineLimit {
			f.Severity = Warn
		}
		r.add(f)
	}
	if h := strings.TrimSpace(d.Headline); strings.HasSuffix(h, ".") && !strings.HasSuffix(h, "..") && !endsInAbbreviation(h) {
		r.add(Finding{Code: "headline_ends_with_period", Severity: Warn, Address: document.AddrHeadline, Excerpt: h, Fix: strings.TrimSuffix(h, ".")})
	}
	if n := utf8.RuneCountInString(d.Teaser); n > teaserAdvice {
		r.add(Finding{Code: "teaser_long", Severity: Note, Address: document.AddrTeaser, Args: []any{"n", n, "max", teaserAdvice}})
	}
}

// hasBody reports whether there is something to read below the head.
func hasBody(segments []document.Segment) bool {
	for _, s := range segments {
		if s.Block != "" && s.Field != document.FieldCredit && s.Field != document.FieldAlt && strings.TrimSpace(s.Text.Plain()) != "" {
			return true
		}
	}
	return false
}

// endsInAbbreviation reports whether the last word is short or has another full stop in it: "U.S.",
// "Inc.", "р.".
func endsInAbbreviation(s string) bool {
	words := strings.Fields(s)
	last := strings.TrimSuffix(words[len(words)-1], ".")
	return strings.Contains(last, ".") || utf8.RuneCountInString(last) <= 3 && utf8.RuneCountInString(last) > 0 && !strings.ContainsAny(last, "0123456789")
}

// emptyBlocks notes blocks without anything in them.
func emptyBlocks(r *run) {
	full := map[document.ID]bool{}
	for _, s := range r.segments {
		if strings.TrimSpace(s.Text.Plain()) != "" {
			full[s.Block] = true
		}
	}
	for _, b := range r.Doc.Blocks {
		if b.Kind == document.Rule || b.Embed != nil || len(b.Pictures) > 0 || full[b.ID] {
			continue
		}
		r.add(Finding{Code: "empty_block", Severity: Note, Address: document.Address(string(b.ID) + "/text")})
	}
}

// quotations looks for words whose speaker isn't named.
func quotations(r *run) {
	eachBlock(r.Doc.Blocks, func(b document.Block) {
		if b.Kind == document.Quotation && b.Speaker == "" && b.Source == "" && len(b.Text) > 0 {
			text := b.Text.Plain()
			r.add(Finding{Code: "quote_speaker_missing", Severity: Warn, Address: document.Address(string(b.ID) + "/speaker"), Excerpt: clip(text)})
		}
	})
}
