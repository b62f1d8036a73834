package webp

import (
	"bytes"
	"encoding/binary"
	"image"
	"testing"

	xwebp "golang.org/x/image/webp"
)

// extended puts a simple file into the extended form, with chunks of the names behind it.
func extended(simple []byte, names ...string) []byte {
	flags := byte(0)
	for _, n := range names {
		flags |= besides[n]
	}
	out := []byte("RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00")
	out = append(out, flags, 0, 0, 0, 19, 0, 0, 9, 0, 0)
	out = append(out, simple[12:]...)
	for _, n := range names {
		out = append(append(out, n...), 5, 0, 0, 0, 'w', 'h', 'e', 'r', 'e', 0)
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
}

func TestBare(t *testing.T) {
	e := New("")
	defer e.Close(t.Context())
	img := image.NewNRGBA(image.Rect(0, 0, 20, 10))
	for i := range img.Pix {
		img.Pix[i] = []uint8{200, 100, 50, 255}[i%4]
	}
	simple, err := e.Encode(t.Context(), img, 80)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range [][]byte{simple, extended(simple), extended(simple, "EXIF"), extended(simple, "ICCP", "EXIF", "XMP ")} {
		bare, err := Bare(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(bare, []byte("where")) || bytes.Contains(bare, []byte("EXIF")) || int(binary.LittleEndian.Uint32(bare[4:])) != len(bare)-8 {
			t.Errorf("%q", bare)
		}
		got, err := xwebp.Decode(bytes.NewReader(bare))
		if err != nil || got.Bounds() != img.Rect {
			t.Errorf("%v", err)
		}
		if again, err := Bare(bare); err != nil || !bytes.Equal(again, bare) {
			t.Errorf("%v", err)
		}
	}
	for _, file := range [][]byte{nil, simple[:20], []byte("RIFF\x04\x00\x00\x00WEBX"), append(bytes.Clone(simple), 1, 2, 3)} {
		if _, err := Bare(file); err == nil {
			t.Errorf("%q is read", file)
		}
	}
}

func FuzzBare(f *testing.F) {
	f.Add([]byte("RIFF\x1a\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x2c\x00\x00\x00\x13\x00\x00\x09\x00\x00EXIF\x01\x00\x00\x00a\x00"))
	f.Fuzz(func(t *testing.T, file []byte) {
		bare, err := Bare(file)
		if err == nil && len(bare) > len(file) {
			t.Error("it grew")
		}
	})
}
