package desk

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"depesche/internal/actor"
	"depesche/internal/lang"
	"depesche/internal/publication"
	"depesche/internal/web"
)

// redirectsView lists old addresses and where they lead.
type redirectsView struct {
	frame
	Query        string
	Path, Target field
	Rows         []redirectRow
	Older        string
}

type redirectRow struct{ Path, About, Note, Lang, Href, Delete string }

const (
	rowsPerRedirects = 100
	// redirectBatches bounds how many thousands of addresses one search looks through.
	redirectBatches = 100
)

func (d *Desk) redirects(w http.ResponseWriter, r *http.Request) error {
	return d.showRedirects(w, r, "", "", nil)
}

func (d *Desk) showRedirects(w http.ResponseWriter, r *http.Request, path, target string, refused error) error {
	if err := allow(r, actor.EditRedirects, actor.Scope{}); err != nil {
		return err
	}
	ctx, query := r.Context(), r.URL.Query()
	v := redirectsView{frame: d.frame(r, "desk.nav.redirects", "/desk/topics"), Query: strings.TrimSpace(query.Get("q"))}
	d.settingsNav(&v.frame, r, "/desk/redirects")
	v.setErrors(refused)
	v.Path = textField("path", v.words.T("desk.redirect.path"), path).with(v.Errors)
	v.Target = textField("target", v.words.T("desk.redirect.target"), target).with(v.Errors)
	v.Path.Hint, v.Target.Hint = v.words.T("desk.redirect.path_hint"), v.words.T("desk.redirect.target_hint")
	list, next, err := d.findRedirects(ctx, v.Query, query.Get("after"))
	if err != nil {
		return err
	}
	names := auditNames{Desk: d, f: &v.frame, told: map[string]auditRow{}}
	for _, x := range list {
		row := redirectRow{Path: x.Path, About: x.Target, Lang: v.UI, Href: x.Target, Delete: "/desk/redirects/delete?" + url.Values{"path": {x.Path}}.Encode()}
		// A thing is named as kind:ID:language.
		if i := strings.LastIndexByte(x.Target, ':'); i > 0 && !strings.HasPrefix(x.Target, "/") {
			about := names.about(ctx, x.Target[:i])
			row.About, row.Lang, row.Href, row.Note = about.About, about.Lang, about.Href, lang.Tag(x.Target[i+1:]).NameIn(v.tag)
		}
		v.Rows = append(v.Rows, row)
	}
	if next != "" {
		v.Older = "/desk/redirects?" + url.Values{"q": {v.Query}, "after": {next}}.Encode()
	}
	return d.show(w, r, statusOf(refused), "redirects", v)
}

// findRedirects returns a page of those whose address or target has the text in it, and where the next
// page begins.
func (d *Desk) findRedirects(ctx context.Context, text, after string) (found []publication.Redirect, next string, err error) {
	text = strings.ToLower(text)
	for range redirectBatches {
		batch, err := d.Publication.Redirects(ctx, d.DB.Read(), after, 1000)
		if err != nil {
			return nil, "", err
		}
		for _, x := range batch {
			after = x.Path
			if !strings.Contains(strings.ToLower(x.Path), text) && !strings.Contains(strings.ToLower(x.Target), text) {
				continue
			}
			if found = append(found, x); len(found) > rowsPerRedirects {
				return found[:rowsPerRedirects], found[rowsPerRedirects-1].Path, nil
			}
		}
		if len(batch) < 1000 {
			return found, "", nil
		}
	}
	return found, after, nil
}

func (d *Desk) saveRedirect(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	path, target := ownAddress(r, value(r, "path")), ownAddress(r, value(r, "target"))
	if err := d.Publication.SaveRedirect(r.Context(), who(r), path, target); err != nil {
		if userError(err) {
			return d.showRedirects(w, r, value(r, "path"), value(r, "target"), err)
		}
		return err
	}
	d.say(w, "desk.said.saved")
	return web.SeeOther(w, r, "/desk/redirects?"+url.Values{"q": {path}}.Encode())
}

// ownAddress takes our own host from an address that was copied from a browser.
func ownAddress(r *http.Request, typed string) string {
	u, err := url.Parse(typed)
	if err != nil || u.Host == "" || !strings.EqualFold(u.Host, r.Host) || u.Scheme != "http" && u.Scheme != "https" {
		return typed
	}
	return u.RequestURI()
}

func (d *Desk) deleteRedirect(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	if err := d.Publication.DeleteRedirect(r.Context(), who(r), r.URL.Query().Get("path")); err != nil {
		if userError(err) {
			return d.askRedirect(w, r, err)
		}
		return err
	}
	d.say(w, "desk.said.deleted")
	return web.SeeOther(w, r, "/desk/redirects")
}
