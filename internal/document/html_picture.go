package document

import (
	"strconv"
	"strings"
)

func (w *htmlWriter) gallery(b *Block) {
	from := len(w.b)
	w.open("div", b.ID, "gallery")
	inside := len(w.b)
	for _, p := range b.Pictures {
		w.figure(p.ID, p)
	}
	if len(w.b) == inside {
		w.b = w.b[:from]
		return
	}
	w.raw("</div>\n")
}

func (w *htmlWriter) figure(id ID, p Picture) {
	if w.o.Picture == nil {
		return
	}
	img, ok := w.o.Picture(p)
	if !ok || img.Src == "" {
		return
	}
	w.open("figure", id, "")
	w.image(img)
	if len(p.Caption) > 0 || img.Credit != "" {
		w.raw("<figcaption>")
		w.inline(p.Caption)
		if img.Credit != "" {
			if len(p.Caption) > 0 {
				w.raw(" ")
			}
			w.raw("<span")
			if !w.o.Feed {
				w.attr("class", "credit")
			}
			w.raw(">")
			w.text(img.Credit)
			w.raw("</span>")
		}
		w.raw("</figcaption>")
	}
	w.raw("</figure>\n")
}

func (w *htmlWriter) image(img PictureHTML) {
	src, ok := w.href(img.Src)
	if !ok {
		return
	}
	choice := (img.AVIF != "" || img.WebP != "") && !w.o.Feed
	if choice {
		w.raw("<picture>")
		w.source("avif", img.AVIF, img.Sizes)
		w.source("webp", img.WebP, img.Sizes)
	}
	w.raw("<img")
	w.attr("src", src)
	if !w.o.Feed {
		w.attr("srcset", img.Srcset)
		if img.Srcset != "" {
			w.attr("sizes", img.Sizes)
		}
		w.attr("class", img.Class)
	}
	if img.Width > 0 && img.Height > 0 {
		w.attr("width", strconv.Itoa(img.Width))
		w.attr("height", strconv.Itoa(img.Height))
	}
	w.raw(` alt="`)
	w.text(strings.ReplaceAll(img.Alt, "\n", " "))
	w.raw(`"`)
	switch {
	case w.o.Feed:
	case w.eager:
		w.raw(` fetchpriority="high"`)
		w.eager, w.begun = false, true
	default:
		w.raw(` loading="lazy" decoding="async"`)
	}
	w.raw(">")
	if choice {
		w.raw("</picture>")
	}
}

// source offers a form of the picture to browsers that know it, the smallest first.
func (w *htmlWriter) source(kind, srcset, sizes string) {
	if srcset == "" {
		return
	}
	w.raw(`<source type="image/` + kind + `"`)
	w.attr("srcset", srcset)
	w.attr("sizes", sizes)
	w.raw(">")
}
