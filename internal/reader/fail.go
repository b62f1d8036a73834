package reader

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"depesche/internal/db"
	"depesche/internal/edition"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/page"
	"depesche/internal/pagecache"
	"depesche/internal/people"
	"depesche/internal/problem"
	"depesche/internal/publication"
	"depesche/internal/story"
	"depesche/internal/topic"
	"depesche/internal/web"
)

var errMissing = problem.New(problem.NotFound, "problem.not_found")

// moved answers an address that we don't know: it leads to where the thing is now, if it ever was
// there, in one step.
func (v *visit) moved(ctx context.Context) (*body, error) {
	path, err := v.target(ctx)
	if err != nil {
		return nil, err
	}
	if path == "" {
		return v.tidied(ctx)
	}
	return &body{status: http.StatusMovedPermanently, location: path}, nil
}

// tidied answers an address that is one of ours but for capitals, or zeros before a story's number:
// what it names redirects to its right address, as it does for other small differences.
func (v *visit) tidied(ctx context.Context) (*body, error) {
	path := tidy(v.r.URL.Path)
	r := parse(path, func(l lang.Tag) bool { _, ok := v.paper.Language(l); return ok })
	if path == v.r.URL.Path || r.lang == "" {
		return nil, errMissing
	}
	was := v.route
	v.route = r
	var err error
	if v.site == nil || v.site.Lang != r.lang {
		if v.site, err = v.siteOf(ctx, v.q, *v.paper, r.lang); err != nil {
			return nil, err
		}
	}
	out, err := v.made(ctx)
	if err != nil {
		v.route = was
	}
	return out, err
}

// tidy writes an address as we write ours.
func tidy(path string) string {
	words := strings.Split(strings.ToLower(path), "/")
	if len(words) > 2 && allDigits(words[2]) {
		words[2] = cmp.Or(strings.TrimLeft(words[2], "0"), "0")
	}
	return strings.Join(words, "/")
}

// hops is how many entries of the redirect table one request follows.
const hops = 5

// target looks the request's address up among the old ones, and returns the present address, or "".
func (v *visit) target(ctx context.Context) (string, error) {
	for _, path := range v.spellings() {
		to, err := v.follow(ctx, path)
		if err != nil && !page.IsMissing(err) {
			return "", err
		}
		if err == nil && to != "" && to != v.r.URL.EscapedPath() {
			return to, nil
		}
	}
	return "", nil
}

// spellings are the ways in which the same old address may have been written down: with its query
// (WordPress: /?p=12), escaped or not, with a slash at its end or without.
func (v *visit) spellings() []string {
	u := v.r.URL
	var out []string
	add := func(s string) {
		if len(s) > longestPath {
			return
		}
		for _, have := range out {
			if have == s {
				return
			}
		}
		out = append(out, s)
	}
	if u.RawQuery != "" {
		add(u.Path + "?" + u.RawQuery)
		for _, key := range []string{"p", "page_id"} { // among others, such as utm_source
			if n := u.Query().Get(key); n != "" && u.Path == "/" {
				add("/?" + key + "=" + n)
			}
		}
	}
	if u.Path == "/" {
		return out
	}
	escaped := (&url.URL{Path: u.Path}).EscapedPath() // %D0; others wrote %d0
	for _, p := range []string{u.Path, escaped, strings.ToLower(escaped)} {
		add(p)
		if trimmed := strings.TrimRight(p, "/"); trimmed != "" {
			add(trimmed)
			add(trimmed + "/")
		}
	}
	return out
}

// follow resolves an entry of the table to a present address: a chain of renamings is one redirect.
func (v *visit) follow(ctx context.Context, path string) (string, error) {
	for range hops {
		to, err := v.rd.Publication.Redirect(ctx, v.q, path)
		if err != nil {
			return "", err
		}
		if !strings.HasPrefix(to, "/") {
			return v.resolve(ctx, to)
		}
		if strings.HasPrefix(to, "//") {
			return "", errMissing // another host's: not ours to lead to
		}
		next, err := v.rd.Publication.Redirect(ctx, v.q, to)
		if page.IsMissing(err) {
			return to, nil
		}
		if err != nil {
			return "", err
		}
		if path = to; !strings.HasPrefix(next, "/") {
			return v.resolve(ctx, next)
		}
	}
	return "", errMissing
}

// resolve turns what a redirect names, "story:<id>:<lang>", into its address.
func (v *visit) resolve(ctx context.Context, target string) (string, error) {
	kind, rest, _ := strings.Cut(target, ":")
	name, l, ok := strings.Cut(rest, ":")
	t, err := lang.Parse(l)
	if !ok || err != nil {
		return "", errMissing
	}
	switch kind {
	case "story":
		return v.storyPath(ctx, story.ID(name), t)
	case "section":
		sec, err := v.rd.Publication.SectionByID(ctx, v.q, publication.SectionID(name))
		if err != nil {
			return "", err
		}
		return slugPath(page.SectionPath, t, sec.Names[t].Slug)
	case "topic":
		top, err := v.rd.Topics.ByID(ctx, v.q, topic.ID(name))
		if err != nil {
			return "", err
		}
		return slugPath(page.TopicPath, t, top.Names[t].Slug)
	case "author":
		a, err := v.rd.People.AuthorByID(ctx, v.q, people.AuthorID(name))
		if err != nil {
			return "", err
		}
		return slugPath(page.AuthorPath, t, a.Names[t].Slug)
	case "page":
		p, err := v.rd.Publication.PageByID(ctx, v.q, publication.PageID(name))
		if err != nil {
			return "", err
		}
		return slugPath(page.StaticPath, p.Lang, p.Slug)
	}
	return "", errMissing
}

// storyPath is where the story is in the language. A story that isn't out in it any more has its
// address still, which says so.
func (v *visit) storyPath(ctx context.Context, st story.ID, l lang.Tag) (string, error) {
	at, err := v.rd.Editions.AddressOf(ctx, v.q, st, l)
	if err != nil {
		return "", err
	}
	return page.ArticlePath(at.Lang, at.Number, at.Slug), nil
}

func slugPath(path func(lang.Tag, string) string, l lang.Tag, slug string) (string, error) {
	if slug == "" {
		return "", errMissing
	}
	return path(l, slug), nil
}

// rescue answers a panic, which is a mistake of ours, as any other error.
func (v *visit) rescue() {
	if p := recover(); p != nil && p != http.ErrAbortHandler { //nolint:errorlint // the value itself, as net/http does
		v.fail(fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
	}
}

// fail says why there is no page, in the language of the address, or the reader's.
func (v *visit) fail(err error) {
	if errors.Is(err, context.Canceled) && v.r.Context().Err() != nil {
		return // the reader went away
	}
	status, ref := statusOf(err), ""
	h := v.w.Header()
	switch status {
	case http.StatusInternalServerError:
		ref = strings.ToUpper(id.Short(6))
		v.rd.Log.Error("page", "ref", ref, "path", clip(v.r.URL.Path), "err", err)
	case http.StatusServiceUnavailable:
		v.rd.Log.Warn("page unavailable", "path", clip(v.r.URL.Path), "err", err)
		h.Set("Retry-After", "10")
	}
	wantsPage := v.route.feed == "" && wantsPage(v.route.kind)
	if wantsPage && status == http.StatusNotFound {
		if e := v.missing(); e != nil {
			v.rd.write(v.w, v.r, e)
			return
		}
	}
	out := &body{bytes: []byte(http.StatusText(status) + "\n"), kind: textType}
	if wantsPage {
		if html := v.notice(ref); html != nil {
			out = html
		}
	}
	out.status, out.cache, out.robots = status, never, "noindex"
	if status == http.StatusGone || status == http.StatusNotFound {
		out.cache = revalidate
	}
	v.send(out)
}

func wantsPage(k kind) bool {
	switch k {
	case liveStream, sitemap, sitemapPart, newsSitemap, robots, health, manifest, worker, icon, mediaFile, placardFile, assetFile:
		return false
	}
	return true
}

func statusOf(err error) int {
	if _, ok := page.GoneOf(err); ok {
		return http.StatusGone
	}
	if web.Status(err) == http.StatusRequestEntityTooLarge {
		return http.StatusRequestEntityTooLarge
	}
	switch problem.KindOf(err) {
	case problem.NotFound, problem.Invalid:
		return http.StatusNotFound
	case problem.Gone:
		return http.StatusGone
	case problem.TooMany:
		return http.StatusTooManyRequests
	case problem.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// missing is the page that says that there is none: one for each language, whatever was asked for, so
// that nobody can fill the memory with addresses that don't exist. It is read in a snapshot of its
// own, since the request's is over.
func (v *visit) missing() *pagecache.Entry {
	l, asked := v.noticeLang()
	key := "404 " + string(l)
	if v.alone {
		key += " text"
	}
	if asked {
		key += " asked"
	}
	if e := v.rd.kept(key); e != nil {
		return e
	}
	e, err := v.rd.cache.Do(v.r.Context(), key, func(ctx context.Context) (*pagecache.Page, error) {
		var read notes
		var out *body
		began := time.Now()
		err := v.rd.DB.Snapshot(ctx, func(q db.Conn) error {
			q = db.Noted(q, &read)
			site, err := v.rd.Pages.Site(ctx, q, l)
			if err != nil {
				return err
			}
			if v.alone {
				site = site.AsText()
			}
			view, err := site.NotFound(ctx, q)
			if err == nil {
				out, err = v.draw(site, view)
			}
			if err == nil {
				out.lasts(site.Until())
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		out.status, out.cache, out.robots = http.StatusNotFound, revalidate, "noindex"
		if asked {
			out.vary = "Accept-Language"
		}
		p := v.rd.pageOf(out, &read)
		p.Born = began
		return p, nil
	})
	if err != nil {
		return nil
	}
	return e
}

// withdrawn is the page that says that a story was taken back.
func (v *visit) withdrawn(ctx context.Context, gone *edition.GoneError) (*body, error) {
	view, err := v.site.Withdrawn(ctx, v.q, gone)
	if err != nil {
		return nil, err
	}
	out, err := v.draw(v.site, view)
	if err != nil {
		return nil, err
	}
	v.fixed(page.ArticlePath(gone.Lang, gone.Number, gone.Slug))
	out.status, out.robots = http.StatusGone, "noindex"
	return out, nil
}

// notice makes the page that says that we can't show one now. It reads in a snapshot of its own, since
// the request's may be what failed; if this one fails too, the page is one without a paper.
func (v *visit) notice(ref string) *body {
	ctx := v.r.Context()
	l, asked := v.noticeLang()
	var out *body
	err := v.rd.DB.Snapshot(ctx, func(q db.Conn) error {
		site, err := v.rd.Pages.Site(ctx, q, l)
		if v.alone && err == nil {
			site = site.AsText()
		}
		if err == nil {
			out, err = v.draw(site, site.Failed(ref))
		}
		return err
	})
	if err != nil {
		site := v.rd.Pages.Bare(l)
		if out, err = v.draw(site, site.Failed(ref)); err != nil {
			return nil
		}
	}
	if asked {
		out.vary = "Accept-Language"
	}
	return out
}

func (v *visit) draw(site *page.Site, view *page.Notice) (*body, error) {
	var b bytes.Buffer
	if err := v.rd.Pages.RenderNotice(&b, view); err != nil {
		return nil, err
	}
	return &body{kind: htmlType, bytes: b.Bytes(), csp: view.CSP(), lang: site.Lang}, nil
}

// noticeLang is the language of the address, else the one the browser asks for, else the main one.
// asked reports whether the browser was asked: then the answer varies by what it said.
func (v *visit) noticeLang() (l lang.Tag, asked bool) {
	if v.route.lang != "" {
		return v.route.lang, false
	}
	accept := v.r.Header.Get("Accept-Language")
	if v.paper == nil {
		return lang.Match(accept, v.rd.Pages.Spoken(), "en"), true
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(v.r.URL.Path, "/"), "/")
	if l, err := lang.Parse(first); err == nil && v.paper.Has(l) {
		return l, false
	}
	return lang.Match(accept, v.paper.Active(), v.paper.MainLang), true
}

// clip keeps a stranger's address from filling the log.
func clip(path string) string {
	if len(path) > 200 {
		path = path[:200]
	}
	return url.PathEscape(path)
}
