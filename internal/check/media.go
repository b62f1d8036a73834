package check

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"depesche/internal/document"
)

// pictures looks for what a picture needs before it may be shown.
func pictures(r *run) {
	for _, p := range PicturesIn(r.Doc) {
		known, ok := r.Pictures[p.Media]
		at := func(field string) document.Address { return document.Address(string(p.ID) + "/" + field) }
		if p.ID == "" { // the picture of an embed: its title says what it shows
			if !ok {
				r.add(Finding{Code: "picture_gone", Severity: Stop})
			}
			continue
		}
		if !ok {
			r.add(Finding{Code: "picture_gone", Severity: Stop, Address: at("alt")})
			continue
		}
		if strings.TrimSpace(p.Alt) == "" && !known.Alt {
			r.add(Finding{Code: "picture_without_alt", Severity: Stop, Address: at("alt")})
		}
		if strings.TrimSpace(p.Credit) == "" && !known.Credit {
			r.add(Finding{Code: "picture_without_credit", Severity: Stop, Address: at("credit")})
		}
	}
}

// embeds looks at foreign content: only from hosts the paper chose, and with words for those who
// don't load it.
func embeds(r *run) {
	eachBlock(r.Doc.Blocks, func(b document.Block) {
		if b.Embed == nil {
			return
		}
		at := document.Address(string(b.ID) + "/title")
		u, err := url.Parse(b.Embed.URL)
		if err != nil || u.Scheme != "https" || !slices.ContainsFunc(r.EmbedHosts, func(h string) bool { return onHost(u.Hostname(), h) }) {
			host := b.Embed.URL
			if err == nil && u.Host != "" {
				host = u.Hostname()
			}
			r.add(Finding{Code: "embed_host", Severity: Stop, Address: at, Excerpt: b.Embed.URL, Args: []any{"host", host}})
		}
		if strings.TrimSpace(b.Embed.Title) == "" && b.Title == "" {
			r.add(Finding{Code: "embed_without_title", Severity: Stop, Address: at, Excerpt: b.Embed.URL})
		}
	})
}

// onHost reports whether the host is the allowed one or under it.
func onHost(host, allowed string) bool {
	host, allowed = strings.ToLower(host), strings.ToLower(allowed)
	return host == allowed || strings.HasSuffix(host, "."+allowed)
}

// links looks at where the text leads.
func links(r *run) {
	for _, s := range r.segments {
		for _, span := range s.Text {
			for _, m := range span.Marks {
				switch {
				case m.Type == document.Link && badLink(m.Href):
					r.add(Finding{Code: "link_bad", Severity: Warn, Address: s.Address, Excerpt: span.Text, Args: []any{"url", m.Href}})
				case m.Type == document.StoryLink && r.Stories != nil && !r.Stories[m.Story]:
					r.add(Finding{Code: "story_link_unknown", Severity: Stop, Address: s.Address, Excerpt: span.Text})
				}
			}
		}
	}
}

// inner are parts of addresses that work for the one who pasted them only.
var inner = []string{"/wp-admin/", "preview=true", "/wp-login", "localhost", "://http", "//http:"}

// badLink reports whether readers can't follow the link.
func badLink(href string) bool {
	u, err := url.Parse(href)
	if err != nil {
		return true
	}
	switch u.Scheme {
	case "mailto":
		return !strings.Contains(u.Opaque, "@")
	case "tel":
		return u.Opaque == ""
	}
	host := u.Hostname()
	if addr, err := netip.ParseAddr(host); err == nil {
		return !addr.IsGlobalUnicast() || addr.IsPrivate()
	}
	lower := strings.ToLower(href)
	return !strings.Contains(host, ".") || strings.HasSuffix(host, ".local") ||
		slices.ContainsFunc(inner, func(part string) bool { return strings.Contains(lower, part) })
}
