package raster

import (
	"encoding/xml"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/bep/imagemeta"
	"golang.org/x/text/encoding/charmap"

	"depesche/internal/lang"
)

// Meta is what a picture says about itself. Texts are by language; "" is that of those that name
// none. Where it was taken is never read.
type Meta struct {
	// Credit is the line that is to stand under the picture: who made it, for whom.
	Credit  string
	Caption map[lang.Tag]string
	// Alt is IPTC's AltTextAccessibility.
	Alt map[lang.Tag]string
}

// maxXMP bounds a packet of XMP; some programs keep a history of every stroke in it.
const maxXMP = 2 << 20

var metaFormats = map[string]imagemeta.ImageFormat{JPEG: imagemeta.JPEG, PNG: imagemeta.PNG, WebP: imagemeta.WebP}

// ReadMeta returns what a picture says about itself in EXIF, IPTC and XMP, and turns h as EXIF
// says. What can't be read says nothing: a picture is as good without.
func ReadMeta(r io.ReadSeeker, h *Header) Meta {
	c := collector{
		exif: map[string]string{}, iptc: map[string]string{},
		xmp: map[string]map[lang.Tag]string{},
	}
	if format, ok := metaFormats[h.Format]; ok {
		c.decode(r, format)
	}
	if c.orientation >= 1 && c.orientation <= 8 {
		h.Orientation = c.orientation
	}
	return c.meta()
}

type collector struct {
	exif, iptc  map[string]string
	xmp         map[string]map[lang.Tag]string
	orientation int
}

// wanted are the tags of EXIF and IPTC that are kept.
var wanted = map[string]bool{
	"Orientation": true, "Artist": true, "Copyright": true, "ImageDescription": true,
	"By-line": true, "Credit": true, "CopyrightNotice": true, "Source": true, "Caption-Abstract": true,
	"CodedCharacterSet": true, // without it the reader takes UTF-8 for Latin-1
}

func (c *collector) decode(r io.ReadSeeker, format imagemeta.ImageFormat) {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return
	}
	// An error ends the reading, what was found before it counts.
	_, _ = imagemeta.Decode(imagemeta.Options{
		R: r, ImageFormat: format, Sources: imagemeta.EXIF | imagemeta.IPTC | imagemeta.XMP,
		LimitNumTags: 3000, LimitTagSize: 20_000,
		ShouldHandleTag: func(t imagemeta.TagInfo) bool {
			return wanted[t.Tag] && (t.Source != imagemeta.EXIF || strings.HasPrefix(t.Namespace, "IFD0"))
		},
		HandleTag: c.tag,
		HandleXMP: func(r io.Reader) error {
			readXMP(io.LimitReader(r, maxXMP), c.xmp)
			_, err := io.Copy(io.Discard, r)
			return err
		},
	})
}

func (c *collector) tag(t imagemeta.TagInfo) error {
	if t.Tag == "Orientation" {
		switch v := t.Value.(type) {
		case uint16:
			c.orientation = int(v)
		case int:
			c.orientation = v
		case uint32:
			c.orientation = int(v)
		}
		return nil
	}
	text := ""
	switch v := t.Value.(type) {
	case string:
		text = v
	case []string:
		text = strings.Join(v, ", ")
	}
	if !utf8.ValidString(text) { // in a time before Unicode it was this
		text, _ = charmap.Windows1252.NewDecoder().String(text)
	}
	if t.Source == imagemeta.IPTC {
		text = mended(text)
	}
	to := c.iptc
	if t.Source == imagemeta.EXIF {
		to = c.exif
	}
	if text = clean(text); text != "" && to[t.Tag] == "" {
		to[t.Tag] = text
	}
	return nil
}

// mended undoes the reading of UTF-8 as Latin-1, which happens where a program doesn't say what it
// writes: "KÃ¶ln" is "Köln". Text that is Latin-1 in truth is hardly ever UTF-8 by chance.
func mended(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff {
			return s
		}
		b = append(b, byte(r))
	}
	if !utf8.Valid(b) {
		return s
	}
	return string(b)
}

// clean makes text of foreign bytes fit for our fields.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.Map(func(r rune) rune {
		if r == '\r' || r == '\n' || r == '\t' {
			return ' '
		}
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	const most = 2000
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most])
	}
	return s
}

// meta chooses among what was found: XMP is what programs of today write, IPTC what agencies have
// always sent, EXIF what cameras add.
func (c *collector) meta() Meta {
	m := Meta{Caption: c.xmp["description"], Alt: c.xmp["AltTextAccessibility"]}
	if m.Caption == nil {
		m.Caption = map[lang.Tag]string{}
	}
	if len(m.Caption) == 0 {
		// Cameras write their own name where the caption belongs.
		if text := first(c.iptc["Caption-Abstract"], c.exif["ImageDescription"]); text != "" && !fromCamera(text) {
			m.Caption[""] = text
		}
	}
	by := first(c.any("creator"), c.iptc["By-line"], c.exif["Artist"])
	house := first(c.any("Credit"), c.iptc["Credit"], c.any("Source"), c.iptc["Source"])
	switch {
	case by != "" && house != "" && !strings.Contains(house, by) && !strings.Contains(by, house):
		m.Credit = by + " / " + house
	default:
		m.Credit = longer(by, house)
	}
	if m.Credit == "" {
		m.Credit = first(c.any("rights"), c.iptc["CopyrightNotice"], c.exif["Copyright"])
	}
	return m
}

func (c *collector) any(name string) string {
	texts := c.xmp[name]
	if t := texts[""]; t != "" {
		return t
	}
	best := ""
	for _, t := range texts {
		if best == "" || t < best {
			best = t
		}
	}
	return best
}

func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

func longer(a, b string) string {
	if len(b) > len(a) {
		return b
	}
	return a
}

func fromCamera(s string) bool {
	for _, sign := range []string{"OLYMPUS DIGITAL CAMERA", "SONY DSC", "DCIM", "Processed with", "KONICA MINOLTA", "SAMSUNG", "Digital Camera", "Minolta DSC", "Exif_JPEG", "dav", "oznor", "hdr", "cof", "rhdr"} {
		if strings.EqualFold(s, sign) || len(sign) > 8 && strings.HasPrefix(s, sign) {
			return true
		}
	}
	return false
}

const (
	nsRDF       = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	nsDC        = "http://purl.org/dc/elements/1.1/"
	nsPhotoshop = "http://ns.adobe.com/photoshop/1.0/"
	nsIPTC      = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
	nsXML       = "http://www.w3.org/XML/1998/namespace"
)

var xmpWanted = map[xml.Name]bool{
	{Space: nsDC, Local: "description"}:            true,
	{Space: nsDC, Local: "creator"}:                true,
	{Space: nsDC, Local: "rights"}:                 true,
	{Space: nsPhotoshop, Local: "Credit"}:          true,
	{Space: nsPhotoshop, Local: "Source"}:          true,
	{Space: nsIPTC, Local: "AltTextAccessibility"}: true,
}

// readXMP collects the properties we know, in each language they are told in. It reads token by
// token, so neither depth nor length can cost more than the packet is long.
func readXMP(r io.Reader, into map[string]map[lang.Tag]string) {
	d := xml.NewDecoder(r)
	d.Strict = false
	var property string // the one we are in, or ""
	var language lang.Tag
	var text strings.Builder
	depth := 0 // below the property
	put := func(name string, l lang.Tag, s string) {
		if s = clean(s); s == "" {
			return
		}
		if into[name] == nil {
			into[name] = map[lang.Tag]string{}
		}
		if old := into[name][l]; old != "" && name == "creator" {
			s = old + ", " + s
		} else if old != "" {
			return
		}
		if len(into[name]) < 50 {
			into[name][l] = s
		}
	}
	for {
		token, err := d.Token()
		if err != nil {
			return
		}
		switch t := token.(type) {
		case xml.StartElement:
			if property == "" {
				for _, a := range t.Attr {
					if t.Name.Space == nsRDF && xmpWanted[a.Name] {
						put(a.Name.Local, "", a.Value)
					}
				}
				if xmpWanted[t.Name] {
					property, depth, language = t.Name.Local, 0, ""
					text.Reset()
				}
				continue
			}
			depth++
			if t.Name.Space == nsRDF && t.Name.Local == "li" {
				language = languageOf(t.Attr)
				text.Reset()
			}
		case xml.CharData:
			if property != "" && text.Len() < 20_000 {
				text.Write(t)
			}
		case xml.EndElement:
			if property == "" {
				continue
			}
			if depth == 0 || t.Name.Space == nsRDF && t.Name.Local == "li" {
				put(property, language, text.String())
				text.Reset()
			}
			if depth--; depth < 0 {
				property = ""
			}
		}
	}
}

func languageOf(attrs []xml.Attr) lang.Tag {
	for _, a := range attrs {
		if a.Name.Local != "lang" || a.Name.Space != nsXML && a.Name.Space != "xml" {
			continue
		}
		if t, err := lang.Parse(a.Value); err == nil {
			return t
		}
	}
	return "" // x-default, or none
}
