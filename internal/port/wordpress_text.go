package port

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"depesche/internal/document"
	"depesche/internal/entry"
	"depesche/internal/lang"
	"depesche/internal/port/wptext"
)

// linked begins the placeholders for stories that a text links to, until their IDs are looked up.
const linked = "post-"

// reading is the reading of one item's text.
type reading struct {
	im    *importer
	ctx   context.Context
	e     *arrival
	media []string // of the pictures of a wptext.Result
	n     int      // IDs given
	err   error    // of the database or the fetching, which ends the import
}

func (r *reading) id() document.ID {
	r.n++
	return document.ID("b" + strconv.Itoa(r.n))
}

// compose makes the item's document.
func (im *importer) compose(ctx context.Context, e *arrival) error {
	it := e.item
	r := &reading{im: im, ctx: ctx, e: e}
	doc := document.Doc{Slug: slugOf(it.Slug)}
	doc.Headline = headlineOf(it.Title)
	doc.Teaser = wptext.Plain(wptext.Unshort(it.Excerpt))
	if doc.Teaser == "" {
		if d := first(it.MetaValue("_yoast_wpseo_metadesc"), it.MetaValue("rank_math_description")); !strings.Contains(d, "%") {
			doc.Teaser = wptext.Plain(d)
		}
	}
	if att, ok := im.index.file(it.MetaValue("_thumbnail_id")); ok {
		doc.Picture = r.lead(att)
	}
	blocks, err := r.blocks(it.Content + r.recordings())
	if err != nil {
		return err
	}
	doc.Blocks = dropLead(blocks, doc.Picture)
	if doc.Headline == "" {
		doc.Headline = headlineFrom(doc, e.lang)
		if doc.Headline == "" {
			doc.Headline = first(strings.ReplaceAll(doc.Slug, "-", " "), first(it.Type, "post")+" "+it.ID)
		}
		e.remark(RemarkUntitled, doc.Headline)
	}
	e.doc = document.Clean(doc, r.id)
	return r.err
}

// blocks reads HTML as WordPress keeps it.
func (r *reading) blocks(content string) ([]document.Block, error) {
	id, _ := strconv.ParseInt(r.e.item.ID, 10, 64)
	res := wptext.HTML(content, wptext.Env{
		Attachment: r.im.index.file,
		Attached:   func() []string { return r.im.index.attached(id) },
		Block:      r.im.index.block,
		Picture:    r.picture,
		Embed:      r.mayEmbed,
	})
	for _, m := range res.Remarks {
		r.e.remark(m.Key, m.Text)
	}
	blocks, remarks, err := document.FromHTML(strings.NewReader(res.HTML), document.ReadOptions{
		IDs: r.id, Lang: r.e.lang, Base: r.im.base.String(), Story: r.story,
		Picture: func(f document.FoundPicture) (document.Picture, bool) {
			n, err := strconv.Atoi(strings.TrimPrefix(f.Src, "picture:"))
			if err != nil || n >= len(res.Pictures) || n >= len(r.media) {
				return document.Picture{}, false
			}
			return r.place(res.Pictures[n], r.media[n]), true
		},
		Embed: func(src, title string) (document.EmbedRef, bool) {
			// A post that a page shows as a quotation comes here without having been asked for.
			return document.EmbedRef{URL: src, Title: first(title, hostOf(src))}, r.mayEmbed(src)
		},
	})
	if err != nil {
		return nil, err
	}
	for _, m := range remarks {
		r.e.remark(m.Key, m.What)
	}
	return r.undebris(blocks), nil
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// mayEmbed asks the paper's list of hosts.
func (r *reading) mayEmbed(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" {
		return false
	}
	host := strings.ToLower(u.Hostname())
	return slices.ContainsFunc(r.im.paper.EmbedHosts, func(h string) bool {
		return host == h || strings.HasSuffix(host, "."+h) // as check has it
	})
}

// picture takes a picture of the text into the library, if it can be had.
func (r *reading) picture(p wptext.Picture) bool {
	if r.err != nil {
		return false
	}
	media, err := r.im.pics.take(r.ctx, r.e, p)
	if err != nil {
		r.err = err
	}
	if media == "" {
		return false
	}
	r.media = append(r.media, media)
	return true
}

// lead makes the picture above the text.
func (r *reading) lead(att wptext.Attachment) *document.Picture {
	p := wptext.Picture{ID: att.ID, Src: att.URL, Alt: att.Alt, Caption: att.Caption, Credit: att.Credit}
	media, err := r.im.pics.take(r.ctx, r.e, p)
	if err != nil {
		r.err = err
	}
	if media == "" {
		r.e.remark(wptext.RemarkPicture, att.URL)
		return nil
	}
	out := r.place(p, media)
	return &out
}

// place is a picture in the text, with its words.
func (r *reading) place(p wptext.Picture, media string) document.Picture {
	out := document.Picture{ID: r.id(), Media: media, Alt: wptext.Plain(p.Alt), Credit: wptext.Plain(p.Credit)}
	if p.Caption != "" {
		out.Caption = r.inline(p.Caption)
	}
	if len(out.Caption) == 1 && len(out.Caption[0].Marks) == 0 {
		if text, credit := splitCredit(out.Caption[0].Text); credit != "" && out.Credit == "" {
			out.Credit, out.Caption = credit, document.Text(text)
		}
	}
	return out
}

// inline reads the HTML of a caption.
func (r *reading) inline(src string) document.Inline {
	blocks, _, err := document.FromHTML(strings.NewReader(src), document.ReadOptions{IDs: r.id, Lang: r.e.lang, Base: r.im.base.String(), Story: r.story})
	if err != nil {
		return document.Text(wptext.Plain(src))
	}
	var out document.Inline
	for _, b := range blocks {
		if len(b.Text) == 0 {
			continue
		}
		if len(out) > 0 {
			out = append(out, document.Span{Text: " "})
		}
		out = append(out, b.Text...)
	}
	return out.Normal()
}

// credits find who made a picture at the end of its caption, as papers write it.
var credits = regexp.MustCompile(`(?i)[\s.,;|/(–—-]*(?:\b(?:foto|fotos|photo|photos|bild|bilder|picture|image|credit|crédit(?: photo)?|fotografie|zdjęcie|fot\.?|foto/bild)\s*:|(?:фото|світлина|світлини|снимок)\s*:|©|\(c\))\s*(\S[^\n]{0,80}?)\)?\s*$`)

func splitCredit(caption string) (text, credit string) {
	at := credits.FindStringSubmatchIndex(caption)
	if at == nil {
		return caption, ""
	}
	text = caption[:at[0]]
	if end := caption[at[0]:]; strings.HasPrefix(end, ".") {
		text += "."
	}
	return text, strings.TrimSpace(caption[at[2]:at[3]])
}

// recordings are the files that hang on a post, a podcast's episodes, if the text doesn't have them.
func (r *reading) recordings() string {
	var out strings.Builder
	for _, m := range r.e.item.Meta {
		if m.Key != "enclosure" {
			continue
		}
		address, _, _ := strings.Cut(strings.TrimSpace(m.Value), "\n")
		address = strings.TrimSpace(address)
		if !document.SafeHref(address) || strings.Contains(r.e.item.Content, address) {
			continue
		}
		r.e.remark(RemarkRecording, address)
		out.WriteString("\n\n<p><a href=\"" + strings.ReplaceAll(address, "&", "&amp;") + "\">" + lastPart(address) + "</a></p>")
	}
	return out.String()
}

func lastPart(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "link"
	}
	p := strings.TrimRight(u.Path, "/")
	return first(p[strings.LastIndexByte(p, '/')+1:], u.Host)
}

// story finds the story that a link to another post of the site means.
func (r *reading) story(href string) (string, bool) {
	u, err := url.Parse(href)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || r.im.base.Host == "" || bareHost(u) != bareHost(r.im.base) {
		return "", false
	}
	if p, ok := r.im.postOf(u); ok {
		ref := strconv.FormatInt(p.id, 10)
		if p.kind != 's' || ref == r.e.foreign {
			return "", false
		}
		if !slices.Contains(r.e.links, ref) {
			r.e.links = append(r.e.links, ref)
		}
		return linked + ref, true
	}
	st := r.known(u)
	return st, st != ""
}

// postOf returns the post of these exports that an address of the site is of.
func (im *importer) postOf(u *url.URL) (post, bool) {
	q := u.Query()
	for _, key := range []string{"p", "page_id"} {
		if n, err := strconv.ParseInt(q.Get(key), 10, 64); err == nil {
			return im.index.post(n)
		}
	}
	path := u.EscapedPath()
	bare := strings.TrimRight(path, "/")
	for _, p := range []string{path, bare, bare + "/"} {
		if p != "" && p != "/" {
			if found, ok := im.index.postAt(p); ok {
				return found, true
			}
		}
	}
	return post{}, false
}

// known returns the story that an address of the site leads to since an earlier import.
func (r *reading) known(u *url.URL) string {
	if !r.im.pics.again || strings.Contains(u.Path, "/wp-content/") {
		return ""
	}
	path := u.EscapedPath()
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	target, err := r.im.rooms.Publication.Redirect(r.ctx, r.im.rooms.DB.Read(), path)
	if err != nil {
		return "" // an address like any other
	}
	rest, ok := strings.CutPrefix(target, "story:")
	if !ok {
		return ""
	}
	st, _, _ := strings.Cut(rest, ":")
	return st
}

// dropLead takes the picture above the text away from its beginning: many themes show it there.
func dropLead(blocks []document.Block, lead *document.Picture) []document.Block {
	if lead != nil && len(blocks) > 0 && blocks[0].Kind == document.PictureK && blocks[0].Pictures[0].Media == lead.Media {
		if len(lead.Caption) == 0 {
			lead.Caption = blocks[0].Pictures[0].Caption
		}
		return blocks[1:]
	}
	return blocks
}

// headlineOf returns a title's words. What looks like markup only is the title all the same.
func headlineOf(title string) string {
	for _, s := range []string{wptext.Plain(title), title} {
		s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
			if unicode.IsControl(r) && !unicode.IsSpace(r) {
				return -1
			}
			return r
		}, s)), " ")
		if entry.Visible(s) {
			return s
		}
	}
	return ""
}

// headlineFrom makes a headline of a text that has none: its first heading, else its beginning.
func headlineFrom(d document.Doc, l lang.Tag) string {
	for _, b := range d.Blocks {
		if b.Kind == document.Heading {
			return shorten(strings.ReplaceAll(b.Text.Plain(), "\n", " "), 120)
		}
	}
	return strings.TrimRight(document.Teaser(document.Doc{Blocks: d.Blocks}, l, 70), ".:; ")
}

// slugOf is the readable part of the old address, if it reads here too. One in another script was
// escaped there; it is made anew from the headline.
func slugOf(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if u, err := url.PathUnescape(s); err == nil {
		s = u
	}
	for _, ext := range []string{".html", ".htm", ".php"} {
		s = strings.TrimSuffix(s, ext)
	}
	for _, c := range s {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return ""
		}
	}
	s = strings.Trim(strings.ReplaceAll(s, "_", "-"), "-")
	for strings.Contains(s, "--") {
		s = strings.ReplaceAll(s, "--", "-")
	}
	if strings.Trim(s, "0123456789-") == "" || len(s) > document.MaxSlug {
		return ""
	}
	return s
}
