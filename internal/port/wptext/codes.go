package wptext

import (
	"encoding/base64"
	"html"
	"net/url"
	"strings"
)

// known are shortcodes that have a meaning here; see [converter.replace].
var known = set("caption wp_caption gallery embed audio video playlist youtube vimeo soundcloud tweet twitter facebook instagram " +
	"vc_raw_html vc_raw_js vc_single_image vc_gallery vc_images_carousel vc_video vc_custom_heading et_pb_image et_pb_video et_pb_gallery " +
	"fusion_youtube fusion_vimeo fusion_imageframe quote blockquote pullquote")

// bare are shortcodes of well-known plug-ins that come without attributes, also in the midst of a
// text. Other words in brackets are people's: "he [the minister] said", "[sic]".
var bare = set("toc ads adsense advert contact-form contact-form-7 newsletter mailpoet wpforms sitemap login register archives " +
	"recent-posts related related-posts share social-share addtoany sharethis subscribe print-me googleapps slideshow poll polls rating")

// boxes are what page builders arrange a text with; without them nothing of it is missing.
var boxes = set("vc_row vc_row_inner vc_column vc_column_inner vc_column_text vc_section vc_empty_space vc_separator " +
	"et_pb_section et_pb_row et_pb_row_inner et_pb_column et_pb_column_inner et_pb_text et_pb_divider " +
	"fusion_builder_container fusion_builder_row fusion_builder_row_inner fusion_builder_column fusion_builder_column_inner fusion_text fusion_separator")

// is tells a shortcode from words in brackets.
func (sc code) is() bool {
	name := strings.TrimPrefix(sc.name, "/")
	switch {
	case known[name], bare[name], sc.end > 0, len(sc.attrs) > 0, strings.Contains(name, "_"):
		return true
	case strings.HasPrefix(sc.name, "/"):
		return name == strings.ToLower(name)
	}
	return sc.alone && len(sc.plain) == 0 && len(name) > 2 && name == strings.ToLower(name)
}

// replace returns the HTML for a shortcode. One that isn't known gives way to what it encloses.
func (c *converter) replace(sc code, inner string) string {
	switch sc.name {
	case "caption", "wp_caption":
		return caption(sc, inner)
	case "gallery", "vc_gallery", "vc_images_carousel", "et_pb_gallery":
		return c.gallery(sc)
	case "embed", "youtube", "vimeo", "soundcloud", "tweet", "twitter", "facebook", "instagram", "vc_video", "et_pb_video", "fusion_youtube", "fusion_vimeo":
		return c.foreign(sc, inner)
	case "audio", "video", "playlist":
		return c.recording(sc, inner)
	case "vc_raw_html":
		return c.raw(inner)
	case "vc_raw_js":
		return ""
	case "vc_single_image":
		if att, ok := c.env.attachment(sc.attrs["image"]); ok {
			return figure(att)
		}
	case "et_pb_image", "fusion_imageframe":
		if src := first(sc.attrs["src"], strings.TrimSpace(inner)); isURL(src) {
			return `<figure><img src="` + html.EscapeString(src) + `" alt="` + html.EscapeString(sc.attrs["alt"]) + `"></figure>`
		}
	case "vc_custom_heading":
		if t := sc.attrs["text"]; t != "" {
			return "<h2>" + html.EscapeString(t) + "</h2>"
		}
	case "quote", "blockquote", "pullquote":
		if who := first(sc.attrs["author"], sc.attrs["cite"]); who != "" {
			inner += "<cite>" + html.EscapeString(who) + "</cite>"
		}
		return "<blockquote>" + inner + "</blockquote>"
	}
	if !boxes[strings.TrimPrefix(sc.name, "/")] {
		c.add(RemarkShortcode, shorten(sc.tag, 120))
	}
	if sc.alone || strings.HasPrefix(sc.name, "vc_") || strings.HasPrefix(sc.name, "et_pb_") || strings.HasPrefix(sc.name, "fusion_") {
		return "\n\n" + inner + "\n\n" // it was a box
	}
	return inner
}

func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

func isURL(s string) bool { return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") }

// caption makes a figure: the picture, with its link if it has one, and the words behind it, or
// those of the attribute that old versions had.
func caption(sc code, inner string) string {
	from := strings.Index(strings.ToLower(inner), "<img")
	if from < 0 {
		return inner
	}
	tag, _, _ := cutTag(inner[from:])
	end := from + len(tag)
	if rest := strings.TrimLeft(inner[end:], " \t\n"); strings.HasPrefix(rest, "</a>") {
		end = len(inner) - len(rest) + len("</a>")
	}
	words := strings.TrimSpace(inner[end:])
	if words == "" {
		words = strings.TrimSpace(sc.attrs["caption"])
	}
	out := `<figure` + dataID(strings.TrimPrefix(sc.attrs["id"], "attachment_")) + `>` + strings.TrimSpace(inner[:end])
	if words != "" {
		out += "<figcaption>" + words + "</figcaption>"
	}
	return out + "</figure>"
}

func dataID(id string) string {
	if id = number(id); id == "" {
		return ""
	}
	return ` data-id="` + id + `"`
}

// figure shows a file of the media library.
func figure(att Attachment) string {
	out := `<figure><img` + dataID(att.ID) + ` src="` + html.EscapeString(att.URL) + `" alt="` + html.EscapeString(att.Alt) + `">`
	if att.Caption != "" {
		out += "<figcaption>" + att.Caption + "</figcaption>"
	}
	return out + "</figure>"
}

// gallery shows the pictures it lists, or those that were uploaded to the post.
func (c *converter) gallery(sc code) string {
	var ids []string
	list := first(sc.attrs["ids"], sc.attrs["include"], sc.attrs["images"], sc.attrs["gallery_ids"])
	if list != "" {
		ids = strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
	} else if c.env.Attached != nil {
		ids = c.env.Attached()
	}
	skip := "," + strings.ReplaceAll(sc.attrs["exclude"], " ", "") + ","
	var out strings.Builder
	missing := 0
	for _, id := range ids {
		if strings.Contains(skip, ","+id+",") {
			continue
		}
		if att, ok := c.env.attachment(id); ok && isPicture(att.URL) {
			out.WriteString(figure(att))
		} else {
			missing++
		}
	}
	if missing > 0 || out.Len() == 0 {
		c.add(RemarkShortcode, sc.tag)
	}
	if out.Len() == 0 {
		return ""
	}
	return `<figure class="wp-block-gallery">` + out.String() + `</figure>`
}

// isPicture reports whether the address is that of a picture, as far as its name tells.
func isPicture(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	dot := strings.LastIndexByte(u.Path, '.')
	if dot < 0 || strings.Contains(u.Path[dot:], "/") {
		return true
	}
	switch strings.ToLower(u.Path[dot:]) {
	case ".mp3", ".m4a", ".ogg", ".wav", ".mp4", ".m4v", ".mov", ".webm", ".avi", ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".zip", ".txt", ".csv", ".ppt", ".pptx", ".odt":
		return false
	}
	return true
}

// foreign shows what another site serves.
func (c *converter) foreign(sc code, inner string) string {
	address := first(strings.TrimSpace(inner), sc.attrs["url"], sc.attrs["src"], sc.attrs["link"], sc.attrs["id"], strings.Join(sc.plain, " "))
	if strings.Contains(address, "<") { // somebody's editor made a link of it
		address = Plain(address)
	}
	address = html.UnescapeString(strings.TrimSpace(address))
	if address != "" && !isURL(address) && !strings.ContainsAny(address, "/ .") {
		switch strings.TrimPrefix(sc.name, "fusion_") {
		case "youtube":
			address = "https://www.youtube.com/watch?v=" + url.QueryEscape(address)
		case "vimeo":
			address = "https://vimeo.com/" + url.PathEscape(address)
		}
	}
	if !isURL(address) {
		c.add(RemarkShortcode, sc.tag)
		return inner
	}
	return frame(address, sc.attrs["title"])
}

// recording makes links of sounds and films.
func (c *converter) recording(sc code, inner string) string {
	var out strings.Builder
	link := func(address, title string) {
		out.WriteString(`<video src="` + html.EscapeString(address) + `" title="` + html.EscapeString(title) + `"></video>`)
	}
	for _, key := range []string{"src", "mp3", "m4a", "ogg", "wav", "wma", "flac", "mp4", "m4v", "webm", "ogv", "flv"} {
		if v := sc.attrs[key]; isURL(v) {
			link(v, sc.attrs["title"])
			break
		}
	}
	if out.Len() == 0 && len(sc.plain) > 0 && isURL(sc.plain[0]) {
		link(sc.plain[0], "")
	}
	for _, id := range strings.FieldsFunc(sc.attrs["ids"], func(r rune) bool { return r == ',' || r == ' ' }) {
		if att, ok := c.env.attachment(id); ok {
			link(att.URL, att.Title)
		}
	}
	if out.Len() == 0 {
		c.add(RemarkShortcode, sc.tag)
	}
	return out.String() + inner
}

// raw decodes HTML that a page builder hides from WordPress's editor.
func (c *converter) raw(inner string) string {
	b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(inner))
	if err != nil {
		return inner
	}
	text, err := url.PathUnescape(string(b))
	if err != nil {
		text = string(b)
	}
	return text
}

// frame is foreign content in the text.
func frame(address, title string) string {
	return `<iframe src="` + html.EscapeString(html.UnescapeString(address)) + `" title="` + html.EscapeString(title) + `"></iframe>`
}
