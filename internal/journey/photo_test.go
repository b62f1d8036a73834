//go:build browser

package journey

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// photo is a JPEG as a camera makes it; more stands right behind its start.
func photo(t *testing.T, w, h int, more ...byte) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetNRGBA(x, y, color.NRGBA{uint8(255 * x / w), uint8(255 * y / h), uint8(x ^ y), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return append(append(bytes.Clone(b.Bytes()[:2]), more...), b.Bytes()[2:]...)
}

// onDisk is a file for the browser to choose.
func onDisk(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// upload takes a picture into the library and opens its page.
func (p *tab) upload(path string) {
	p.t.Helper()
	p.open("/desk/pictures")
	p.do(chromedp.SetUploadFiles(chromedp.CSS(`#file`), []string{path}))
	p.click(`depesche-upload form .primary`)
	p.follow(`.uploads a`)
}

// shotAt is a camera's EXIF: held upright, taken at a place that is nobody's business.
func shotAt(maker string) []byte {
	u16, u32 := binary.BigEndian.AppendUint16, binary.BigEndian.AppendUint32
	entry := func(b []byte, tag, kind uint16, count, value uint32) []byte {
		return u32(u32(u16(u16(b, tag), kind), count), value)
	}
	const (
		ascii, short, long, rational = 2, 3, 4, 5
		ifd                          = 8
		gps                          = ifd + 2 + 3*12 + 4
		values                       = gps + 2 + 4*12 + 4
	)
	b := []byte("MM\x00*\x00\x00\x00\x08")
	b = u16(b, 3)
	b = entry(b, 0x010f, ascii, uint32(len(maker)+1), values+48) // the camera's maker
	b = entry(b, 0x0112, short, 1, 6<<16)                        // turn it by 90 degrees
	b = entry(b, 0x8825, long, 1, gps)
	b = u32(b, 0)
	b = u16(b, 4)
	b = entry(b, 1, ascii, 2, 'N'<<24)
	b = entry(b, 2, rational, 3, values)
	b = entry(b, 3, ascii, 2, 'E'<<24)
	b = entry(b, 4, rational, 3, values+24)
	b = u32(b, 0)
	for _, v := range []uint32{50, 27, 0, 30, 31, 0} {
		b = u32(u32(b, v), 1)
	}
	b = append(append([]byte("Exif\x00\x00"), b...), append([]byte(maker), 0)...)
	return append(u16([]byte{0xff, 0xe1}, uint16(len(b)+2)), b...)
}
