package port

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"depesche/internal/document"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/port/wptext"
	"depesche/internal/port/wxr"
	"depesche/internal/story"
)

// arrival is an item on its way in.
type arrival struct {
	item    *wxr.Item
	report  ItemReport
	fate    fate
	left    string // why it isn't taken in
	refused string
	stored  bool // is in the database

	foreign  string // its number, as [imported] knows it
	sha      string
	same     bool // came in before and hasn't changed since
	lang     lang.Tag
	original lang.Tag // of the story
	members  []string // the numbers of all posts that are the same story
	seed     story.ID // of the story if it is new
	began    time.Time

	doc       document.Doc
	links     []string   // numbers of the posts it links to
	published *time.Time // nil: a draft
	paths     []string   // its old addresses
	wants     []wanted   // sections, topics and authors
	section   nameKey
	topics    []nameKey
	authors   []nameKey
}

func (e *arrival) remark(key, text string) {
	m := wptext.Remark{Key: key, Text: strings.Join(strings.Fields(text), " ")}
	if !slices.Contains(e.report.Remarks, m) {
		e.report.Remarks = append(e.report.Remarks, m)
	}
}

func (e *arrival) refuse(why string) {
	e.refused = why
	e.remark(RemarkRefused, why)
}

// maxContent is the longest text that is read: four times the longest document.
const maxContent = 4 << 20

// newArrival decides what becomes of an item, without reading its text.
func (im *importer) newArrival(file string, it *wxr.Item) *arrival {
	e := &arrival{item: it, report: ItemReport{
		File: file, Line: it.Line, ID: it.ID, Type: it.Type, Title: shorten(wptext.Plain(it.Title), 200), Address: it.Link,
	}}
	if e.fate, e.left = im.fate(it); e.fate == leave {
		return e
	}
	if e.foreign = it.ID; e.foreign == "" {
		sum := sha256.Sum256([]byte(it.Link + "\x00" + it.GUID + "\x00" + it.Title + "\x00" + it.PubDate))
		e.foreign = "x:" + hex.EncodeToString(sum[:12])
	}
	if it.TooLarge != "" {
		e.refuse("larger than can be taken in: " + it.TooLarge)
		return e
	}
	if len(it.Content) > maxContent {
		e.refuse(fmt.Sprintf("its text has %d MB", len(it.Content)>>20))
		return e
	}
	e.began = im.dateOf(it)
	e.lang = im.lang
	if l := im.index.langOf(it); l != "" {
		e.lang = im.matchLang(l)
	}
	e.original, e.members = e.lang, []string{e.foreign}
	root, when := e.foreign, e.began
	if n, err := strconv.ParseInt(it.ID, 10, 64); err == nil {
		if p, ok := im.index.post(n); ok {
			if p.twice {
				e.remark(RemarkTwice, string(e.lang))
			}
			if p.in != nil {
				root, when = e.join(im, p.in)
			}
		}
	}
	if when.IsZero() {
		when = time.UnixMilli(0)
	}
	e.seed = im.storyID(root, when)
	e.sha = e.fingerprint(im)
	return e
}

// join makes the item one of a story's editions.
func (e *arrival) join(im *importer, g *group) (root string, when time.Time) {
	o := g.original()
	root = strconv.FormatInt(o.id, 10)
	if e.original = o.lang; o.lang == "" {
		e.original = im.lang
	}
	e.members = nil
	for _, m := range g.members {
		e.members = append(e.members, strconv.FormatInt(m.id, 10))
	}
	return root, im.whenOf(o.when)
}

func (im *importer) whenOf(ms int64) time.Time {
	if ms < 0 || ms >= 1<<47 {
		return time.UnixMilli(0)
	}
	return time.UnixMilli(ms)
}

// storyID names the story of a post before it is there. It is the same at each try, so that links
// to stories that come later in the export, or at the next try, are right from the beginning.
func (im *importer) storyID(root string, when time.Time) story.ID {
	return story.ID(id.Derived(when, im.origin+" "+root))
}

// fields are those of WordPress's and of plug-ins' custom fields that are read. The others, such as
// counters of visits, change all the time and mean nothing here.
var fields = []string{
	"_thumbnail_id", "_wp_old_slug", "_yoast_wpseo_metadesc", "_yoast_wpseo_primary_category", "rank_math_description",
	"rank_math_primary_category", "enclosure", "_wpml_import_language_code", "_wpml_import_translation_group",
}

// version counts how exports are read: a new one reads unchanged items again.
const version = "1"

// fingerprint is what of the item has to change for it to be taken in again.
func (e *arrival) fingerprint(im *importer) string {
	it := e.item
	h := sha256.New()
	add := func(list ...string) {
		for _, s := range list {
			fmt.Fprintf(h, "%d:%s", len(s), s)
		}
	}
	add(version, it.Type, it.Status, it.Title, it.Link, it.GUID, it.Slug, it.Creator, it.Content, it.Excerpt, it.Password,
		it.PubDate, it.Date, it.DateGMT, it.Parent, string(e.lang), string(e.original))
	for _, r := range it.Refs {
		add(r.Domain, r.Slug, r.Name)
	}
	for _, m := range it.Meta {
		if slices.Contains(fields, m.Key) {
			add(m.Key, m.Value)
		}
	}
	if a, ok := im.index.file(it.MetaValue("_thumbnail_id")); ok {
		add(a.URL, a.Caption, a.Alt, a.Credit)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// withoutPictures marks a fingerprint: the item is read again when pictures can be fetched.
const withoutPictures = "-p"

// unchanged reports whether what is remembered of the item says all that could be taken in now.
func (im *importer) unchanged(e *arrival, r imported) bool {
	return r.SHA256 == e.sha || im.o.Fetch == nil && r.SHA256 == e.sha+withoutPictures
}

// read makes the item's document and decides the rest.
func (im *importer) read(ctx context.Context, e *arrival) error {
	it := e.item
	if it.Comments > 0 {
		e.remark(RemarkComments, strconv.Itoa(it.Comments))
	}
	if !im.paper.Has(e.lang) {
		e.remark(RemarkLanguage, string(e.lang))
	}
	if err := im.compose(ctx, e); err != nil {
		return err
	}
	if e.fate == becomesPage {
		if len(e.doc.Blocks) == 0 {
			e.remark(RemarkEmpty, "")
			e.fate, e.left = leave, "page without text"
		}
		if it.Parent != "" && it.Parent != "0" {
			e.remark(RemarkNested, "")
		}
	} else {
		im.state(e)
		im.file(e)
	}
	e.paths = im.paths(e)
	return nil
}

// state decides whether the story is out.
func (im *importer) state(e *arrival) {
	it := e.item
	day := e.began.In(im.paper.Location).Format("2006-01-02 15:04")
	switch {
	case it.Type == "page":
		e.remark(RemarkPageDraft, it.Status)
	case it.Status == "future":
		e.remark(RemarkFuture, day)
	case it.Status == "private" || it.Password != "":
		e.remark(RemarkPrivate, "")
	case it.Status != "publish" && it.Status != "":
	case e.began.IsZero():
		e.remark(RemarkUndated, "")
	case e.began.After(im.now):
		e.remark(RemarkFuture, day)
	default:
		at := e.began
		e.published = &at
	}
	if it.Type != "" && it.Type != "post" && it.Type != "page" && im.o.Types == nil {
		e.remark(RemarkType, it.Type)
	}
}

// paths are the addresses that the item had.
func (im *importer) paths(e *arrival) []string {
	it := e.item
	var out []string
	add := func(p string) {
		if goodPath(p) && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	link, _, ok := pathOf(it.Link)
	if ok {
		add(link)
	}
	root := strings.TrimRight(im.base.EscapedPath(), "/")
	if n, err := strconv.ParseInt(it.ID, 10, 64); err == nil && n > 0 {
		key := "p"
		if it.Type == "page" {
			key = "page_id"
		}
		add(root + "/?" + key + "=" + it.ID)
	}
	if guid, host, gok := pathOf(it.GUID); gok && (host == "" || host == bareHost(im.base)) && strings.Contains(guid, "?") {
		add(guid)
	}
	if ok && it.Slug != "" {
		for _, m := range it.Meta {
			if m.Key == "_wp_old_slug" && m.Value != "" {
				if i := strings.LastIndex(link, "/"+it.Slug); i >= 0 {
					add(link[:i+1] + url.PathEscape(m.Value) + link[i+1+len(it.Slug):])
				}
			}
		}
	}
	return out
}

// goodPath is what [publication.Service.AddRedirect] takes.
func goodPath(p string) bool {
	if len(p) > 1900 || !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") || p == "/" {
		return false
	}
	if strings.IndexFunc(p, func(r rune) bool { return unicode.IsControl(r) || r == '\\' || r == '#' || unicode.IsSpace(r) }) >= 0 {
		return false
	}
	u, err := url.Parse(p)
	return err == nil && u.Host == "" && u.Scheme == ""
}

// shorten cuts s to n characters.
func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}
