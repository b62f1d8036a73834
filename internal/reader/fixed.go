package reader

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	"depesche/internal/lang"
	"depesche/internal/page"
	"depesche/internal/pagecache"
)

// health says whether the node can serve and work: 200, or 503 if the database can't be read or the
// data folder can't be written.
func (v *visit) health(ctx context.Context) error {
	status := "ok"
	if err := v.rd.DB.Ping(ctx); err != nil {
		v.rd.Log.Error("health", "err", err)
		status = "database unavailable"
	} else if err := v.rd.disk.writable(v.rd.Data, v.rd.Clock.Now()); err != nil {
		v.rd.Log.Error("health", "err", err)
		status = "data folder not writable"
		if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
			status = "disk full"
		}
	}
	out := &body{status: http.StatusOK, kind: "application/json", bytes: []byte(`{"status":"` + status + "\"}\n"), cache: never}
	if status != "ok" {
		out.status = http.StatusServiceUnavailable
	}
	v.send(out)
	return nil
}

func (v *visit) robots() *body {
	base := page.Base(*v.paper)
	text := "User-agent: *\nDisallow: /desk/\nDisallow: /report/\nDisallow: /text/report/\n\nSitemap: " + base + "/sitemap.xml\nSitemap: " + base + "/sitemap-news.xml\n"
	return &body{status: http.StatusOK, kind: textType, bytes: []byte(text), cache: "public, max-age=300"}
}

func (v *visit) icon() error {
	data, kind := page.Icon(v.route.rest)
	v.send(&body{status: http.StatusOK, kind: kind, bytes: data, cache: "public, max-age=86400", csp: svgPolicy})
	return nil
}

// svgPolicy lets a drawing have its own colours, and nothing else, when it is opened as a page.
const svgPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"

// manifest tells a phone what the paper is called on its first screen.
func (v *visit) manifest(ctx context.Context) (*body, error) {
	type icon struct {
		Src   string `json:"src"`
		Sizes string `json:"sizes"`
		Type  string `json:"type"`
	}
	active, err := v.rd.Pages.Readable(ctx, v.q, *v.paper)
	if err != nil {
		return nil, err
	}
	start := "/"
	if len(active) > 0 {
		start = page.FrontPath(lang.Match(v.r.Header.Get("Accept-Language"), active, v.paper.MainLang))
	}
	data, err := json.Marshal(struct {
		Name       string `json:"name"`
		Short      string `json:"short_name"`
		ID         string `json:"id"`
		Start      string `json:"start_url"`
		Scope      string `json:"scope"`
		Display    string `json:"display"`
		Background string `json:"background_color"`
		Theme      string `json:"theme_color"`
		Icons      []icon `json:"icons"`
	}{
		Name: v.paper.Name, Short: v.paper.Name, ID: "/", Start: start, Scope: "/", Display: "minimal-ui",
		Background: "#ffffff", Theme: "#ffffff",
		Icons: []icon{
			{"/favicon.svg", "any", "image/svg+xml"},
			{"/icon-192.png", "192x192", "image/png"},
			{"/icon-512.png", "512x512", "image/png"},
		},
	})
	return &body{status: http.StatusOK, kind: "application/manifest+json", bytes: data, vary: "Accept-Language"}, err
}

// asset sends a built file. Who saves data gets no fonts: the page names them for everyone, so that it is the same
// for everyone, and stays in the system's fonts if none come.
func (v *visit) asset() {
	if strings.HasSuffix(v.r.URL.Path, ".woff2") {
		v.w.Header().Add("Vary", "Save-Data")
		if strings.EqualFold(v.r.Header.Get("Save-Data"), "on") {
			v.w.Header().Set("Cache-Control", never)
			v.w.WriteHeader(http.StatusNoContent)
			return
		}
	}
	v.rd.assets.ServeHTTP(v.w, v.r)
}

// media sends a picture's file, which never changes under its address.
func (v *visit) media(ctx context.Context) error {
	f, err := v.rd.Media.Open(ctx, v.route.rest)
	if err != nil {
		return err
	}
	defer f.Close()
	h := v.w.Header()
	h.Set("Content-Type", f.Type)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", strconv.Quote(tagOf(v.route.rest)))
	h.Set("Content-Security-Policy", svgPolicy)
	h.Set("Content-Disposition", "inline") // without a name: the uploader's is nobody's business
	http.ServeContent(v.w, v.r, "", f.Modified, f)
	return nil
}

// placard sends the picture of a shared page. Those who show links keep it themselves; what stands in front
// forgets it by the same words as the story's pages: it has the headline on it.
func (v *visit) placard(ctx context.Context) error {
	if v.rd.Placards == nil {
		return errMissing
	}
	p, err := v.rd.Placards.Open(ctx, v.route.rest, &v.notes)
	if err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", p.Type)
	h.Set("Cache-Control", revalidate)
	h.Set("ETag", strconv.Quote(p.Hash))
	lines := &pagecache.Page{Tags: v.notes.sorted(), Facts: v.notes.facts, Keep: true}
	v.rd.front(lines, &body{})
	for _, f := range lines.Own {
		h.Set(f.Name, f.Value)
	}
	http.ServeContent(v.w, v.r, "", time.Time{}, bytes.NewReader(p.Data))
	return nil
}

// tagOf is a tag for what never changes under its name.
func tagOf(name string) string {
	sum := sha256.Sum256([]byte(name))
	return base64.RawURLEncoding.EncodeToString(sum[:15])
}
