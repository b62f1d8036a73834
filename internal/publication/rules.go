package publication

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a small server may have no zone files

	"depesche/internal/entry"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

// Most of what a paper can have. Far above what anyone needs; they keep a page of settings usable.
const (
	maxLanguages = 60
	maxHosts     = 200
)

// Reserved are the words that stand in a section's place in addresses and mean something else.
var Reserved = []string{
	"topic", "author", "archive", "corrections", "page", "search", "live", "desk", "media", "assets",
	"feed", "feeds", "rss", "atom", "json", "api", "admin", "healthz", "sitemap", "tag", "report",
	"newsletter", "popular", "latest",
}

// firstHosts are what a new paper lets in, always behind a click: those whose players pages know. With
// none, what comes from another system would be links for good.
var firstHosts = []string{"openstreetmap.org", "vimeo.com", "youtu.be", "youtube-nocookie.com", "youtube.com"}

// newPaper makes a paper of what the setup asks for.
func newPaper(in Setup) (Paper, error) {
	var f problem.Fields
	p := Paper{Name: entry.Must(&f, "name", in.Name, entry.Name), EmbedHosts: slices.Clone(firstHosts), ErrorReports: true, Version: 1}
	p.MainLang = entry.Lang(&f, "main", in.MainLang)
	for _, t := range in.Languages {
		if t = entry.Lang(&f, "langs", t); !slices.ContainsFunc(p.Languages, func(l Language) bool { return l.Tag == t }) {
			p.Languages = append(p.Languages, Language{Tag: t, Active: true})
		}
	}
	checkLanguages(&f, p)
	p.TimeZone = zone(&f, in.TimeZone)
	p.BaseURL = baseURL(&f, in.BaseURL)
	return p, f.Err()
}

// checkPaper returns p as it is stored.
func checkPaper(p Paper) (Paper, error) {
	var f problem.Fields
	p.Name = entry.Must(&f, "name", p.Name, entry.Name)
	p.MainLang = entry.Lang(&f, "main", p.MainLang)
	p.TimeZone = zone(&f, p.TimeZone)
	p.BaseURL = baseURL(&f, p.BaseURL)
	p.Languages = slices.Clone(p.Languages)
	for i := range p.Languages {
		l := &p.Languages[i]
		l.Tag = entry.Lang(&f, "langs", l.Tag)
		l.Name = entry.Line(&f, "name."+string(l.Tag), l.Name, entry.Name)
		l.About = entry.Line(&f, "about."+string(l.Tag), l.About, 300)
	}
	checkLanguages(&f, p)
	p.Look = checkLook(&f, p.Look)
	p.EmbedHosts = hosts(&f, p.EmbedHosts)
	return p, f.Err()
}

func checkLanguages(f *problem.Fields, p Paper) {
	seen := map[lang.Tag]bool{}
	for _, l := range p.Languages {
		if seen[l.Tag] {
			f.Add("langs", entry.Taken, string(l.Tag))
		}
		seen[l.Tag] = true
	}
	switch {
	case f.Has("langs") || f.Has("main"):
	case len(p.Active()) == 0:
		f.Add("langs", entry.Required, "")
	case len(p.Languages) > maxLanguages:
		f.Add("langs", "problem.too_many", "", maxLanguages)
	case !p.Has(p.MainLang):
		f.Add("main", "problem.main_language_inactive", string(p.MainLang))
	}
}

// zone returns the IANA name of a time zone.
func zone(f *problem.Fields, value string) string {
	out := entry.Must(f, "zone", value, entry.Word)
	if f.Has("zone") {
		return out
	}
	if _, err := time.LoadLocation(out); err != nil || out == "Local" {
		f.Add("zone", "problem.time_zone", value)
	}
	return out
}

// baseURL returns an address of http or https with nothing behind the host.
func baseURL(f *problem.Fields, value string) string {
	out := strings.TrimRight(entry.Must(f, "base", value, entry.Name), "/")
	if f.Has("base") {
		return out
	}
	u, err := url.Parse(out)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil ||
		u.Path != "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.Opaque != "" {
		f.Add("base", "problem.base_url", value)
		return out
	}
	return u.Scheme + "://" + strings.ToLower(u.Host)
}

var colour = regexp.MustCompile(`^#[0-9a-f]{6}$`)

func checkLook(f *problem.Fields, l Look) Look {
	for name, c := range map[string]*string{
		"accent": &l.Accent, "accent2": &l.Accent2, "wash": &l.Wash,
		"accent_dark": &l.AccentDark, "accent2_dark": &l.Accent2Dark, "wash_dark": &l.WashDark,
	} {
		given := *c
		if *c = strings.ToLower(strings.TrimSpace(given)); *c != "" && !colour.MatchString(*c) {
			f.Add(name, "problem.colour", given)
		}
	}
	return l
}

var host = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// hosts returns the hosts that embeds may come from, in lower case, sorted, each once.
func hosts(f *problem.Fields, list []string) []string {
	var out []string
	for _, given := range list {
		h := strings.ToLower(strings.TrimSpace(given))
		if h == "" {
			continue
		}
		if len(h) > 253 || !host.MatchString(h) {
			f.Add("embed_hosts", "problem.host", given)
		}
		out = append(out, h)
	}
	slices.Sort(out)
	if out = slices.Compact(out); len(out) > maxHosts {
		f.Add("embed_hosts", "problem.too_many", "", maxHosts)
	}
	return out
}

// checkSection returns s as it is stored. id is what an address is made from where a name gives
// none.
func checkSection(s Section, id string) (Section, error) {
	var f problem.Fields
	names := map[lang.Tag]Name{}
	for t, n := range s.Names {
		l := entry.Lang(&f, "name."+string(t), t)
		if strings.TrimSpace(n.Name) == "" && strings.TrimSpace(n.Slug) == "" {
			continue
		}
		n.Name = entry.Must(&f, "name."+string(t), n.Name, entry.Name)
		n.Slug = entry.Slug(&f, "slug."+string(t), n.Slug, l, n.Name, "section-"+id[len(id)-6:], Reserved...)
		names[l] = n
	}
	if len(names) == 0 && f.Err() == nil {
		f.Add("name", entry.Required, "")
	}
	s.Names = names
	return s, f.Err()
}

// checkPage returns p as it is stored.
func checkPage(p Page, id string) (Page, error) {
	var f problem.Fields
	p.Key = entry.Key(&f, "key", p.Key)
	p.Lang = entry.Lang(&f, "lang", p.Lang)
	p.Title = entry.Must(&f, "title", p.Title, entry.Name)
	p.Slug = entry.Slug(&f, "slug", p.Slug, p.Lang, p.Title, "page-"+id[len(id)-6:])
	if p.Position < 0 || p.Position > 9999 {
		f.Add("position", "problem.value", "")
	}
	var err error
	if p.Body, err = compact(p.Body); err != nil {
		f.Add("body", "problem.document", "")
	} else if len(p.Body) > 1<<20 {
		f.Add("body", "problem.too_large", "")
	}
	return p, f.Err()
}
