package raster

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/lang"
)

const xmpPacket = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:iptc="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/" photoshop:Credit="Foto-Agentur Nord">
<dc:creator><rdf:Seq><rdf:li>Mia Berg</rdf:li><rdf:li>Jan Kern</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">The bridge at dawn</rdf:li><rdf:li xml:lang="de-DE">Die Brücke
 am Morgen</rdf:li><rdf:li xml:lang="uk">Міст на світанку</rdf:li></rdf:Alt></dc:description>
<iptc:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">A bridge of steel, no people</rdf:li></rdf:Alt></iptc:AltTextAccessibility>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`

// iim is a record of IPTC-IIM as Photoshop puts it into a JPEG.
func iim(fields map[byte]string) []byte {
	var data []byte
	data = append(data, 0x1c, 1, 90, 0, 3, 0x1b, 0x25, 0x47) // UTF-8
	for set, text := range fields {
		data = append(data, 0x1c, 2, set, byte(len(text)>>8), byte(len(text)))
		data = append(data, text...)
	}
	out := []byte("Photoshop 3.0\x008BIM\x04\x04\x00\x00")
	out = append(out, 0, 0, byte(len(data)>>8), byte(len(data)))
	return append(out, data...)
}

func TestMeta(t *testing.T) {
	plain := asJPEG(t, scene(16, 16))
	xmp := segment(plain, 0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00"+xmpPacket))
	for _, tc := range []struct {
		name string
		file []byte
		want Meta
	}{
		{"nothing", plain, Meta{Caption: map[lang.Tag]string{}}},
		{"XMP", xmp, Meta{
			Credit:  "Mia Berg, Jan Kern / Foto-Agentur Nord",
			Caption: map[lang.Tag]string{"": "The bridge at dawn", "de-DE": "Die Brücke am Morgen", "uk": "Міст на світанку"},
			Alt:     map[lang.Tag]string{"": "A bridge of steel, no people"},
		}},
		{"IPTC", segment(plain, 0xed, iim(map[byte]string{80: "Mia Berg", 110: "dpa", 120: "Der Rat tagt in Köln"})), Meta{
			Credit: "Mia Berg / dpa", Caption: map[lang.Tag]string{"": "Der Rat tagt in Köln"},
		}},
		{"UTF-8 that isn't said to be", bytes.Replace(segment(plain, 0xed, iim(map[byte]string{120: "Köln"})), []byte("\x1b%G"), []byte("   "), 1), Meta{
			Caption: map[lang.Tag]string{"": "Köln"},
		}},
		{"Latin-1", bytes.Replace(segment(plain, 0xed, iim(map[byte]string{120: "K\xf6ln"})), []byte("\x1b%G"), []byte("   "), 1), Meta{
			Caption: map[lang.Tag]string{"": "Köln"},
		}},
		{"the author within the credit", segment(plain, 0xed, iim(map[byte]string{80: "Mia Berg", 110: "Mia Berg/dpa"})), Meta{
			Credit: "Mia Berg/dpa", Caption: map[lang.Tag]string{},
		}},
		{"XMP before IPTC", segment(xmp, 0xed, iim(map[byte]string{110: "other", 120: "other"})), Meta{
			Credit:  "Mia Berg, Jan Kern / Foto-Agentur Nord",
			Caption: map[lang.Tag]string{"": "The bridge at dawn", "de-DE": "Die Brücke am Morgen", "uk": "Міст на світанку"},
			Alt:     map[lang.Tag]string{"": "A bridge of steel, no people"},
		}},
		{"XMP that is none", segment(plain, 0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00<x><<<&&&")), Meta{Caption: map[lang.Tag]string{}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := bytes.NewReader(tc.file)
			h, err := Read(r)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, ReadMeta(r, &h)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCameraNamesAreNoCaption(t *testing.T) {
	c := collector{exif: map[string]string{"ImageDescription": "OLYMPUS DIGITAL CAMERA         ", "Artist": "Mia Berg"}}
	if m := c.meta(); len(m.Caption) > 0 || m.Credit != "Mia Berg" {
		t.Errorf("%+v", m)
	}
}
