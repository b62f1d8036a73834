package raster

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"image"
	"image/color"
	"math"
	"testing"

	"depesche/internal/media/webp"
)

// space is a colour space of three primaries (as columns of XYZ at D50) and a gamma.
type space struct {
	toXYZ [3][3]float64
	gamma float64 // 0: sRGB's curve, as 1024 samples
}

var (
	srgb      = space{toXYZ: [3][3]float64{{0.4360747, 0.3850649, 0.1430804}, {0.2225045, 0.7168786, 0.0606169}, {0.0139322, 0.0971045, 0.7141733}}}
	displayP3 = space{toXYZ: [3][3]float64{{0.5151187, 0.2919778, 0.1571035}, {0.2411892, 0.6922441, 0.0665668}, {-0.0010505, 0.0418791, 0.7840713}}}
	adobeRGB  = space{toXYZ: [3][3]float64{{0.6097559, 0.2052401, 0.1492240}, {0.3111242, 0.6256560, 0.0632197}, {0.0194811, 0.0608902, 0.7448387}}, gamma: 563.0 / 256}
)

// icc returns the profile of a space.
func icc(s space) []byte {
	var tags, data bytes.Buffer
	tag := func(name string, body []byte) {
		tags.WriteString(name)
		binary.Write(&tags, binary.BigEndian, uint32(132+12*6+data.Len()))
		binary.Write(&tags, binary.BigEndian, uint32(len(body)))
		data.Write(body)
		for data.Len()%4 != 0 {
			data.WriteByte(0)
		}
	}
	for i, c := range []string{"r", "g", "b"} {
		body := []byte("XYZ \x00\x00\x00\x00")
		for row := range 3 {
			body = binary.BigEndian.AppendUint32(body, uint32(int32(math.Round(s.toXYZ[row][i]*65536))))
		}
		tag(c+"XYZ", body)
		body = []byte("curv\x00\x00\x00\x00")
		if s.gamma != 0 {
			body = binary.BigEndian.AppendUint32(body, 1)
			body = binary.BigEndian.AppendUint16(body, uint16(s.gamma*256+0.5))
		} else {
			body = binary.BigEndian.AppendUint32(body, 1024)
			for j := range 1024 {
				body = binary.BigEndian.AppendUint16(body, uint16(linear(float64(j)/1023)*65535+0.5))
			}
		}
		tag(c+"TRC", body)
	}
	head := make([]byte, 128)
	copy(head[12:], "mntrRGB XYZ ")
	copy(head[36:], "acsp")
	head = binary.BigEndian.AppendUint32(head, 6)
	return append(append(head, tags.Bytes()...), data.Bytes()...)
}

// in returns the bytes that mean, in the space, the colour that sRGB's r, g, b mean.
func (s space) in(r, g, b uint8) [3]uint8 {
	inverse := invert(s.toXYZ)
	var out [3]uint8
	lin := [3]float64{linear(float64(r) / 255), linear(float64(g) / 255), linear(float64(b) / 255)}
	for i := range 3 {
		v := 0.0
		for j := range 3 {
			for k := range 3 {
				v += inverse[i][j] * srgb.toXYZ[j][k] * lin[k]
			}
		}
		v = max(0, min(1, v))
		if s.gamma != 0 {
			v = math.Pow(v, 1/s.gamma)
		} else if v <= 0.0031308 {
			v *= 12.92
		} else {
			v = 1.055*math.Pow(v, 1/2.4) - 0.055
		}
		out[i] = uint8(v*255 + 0.5)
	}
	return out
}

func invert(m [3][3]float64) (out [3][3]float64) {
	det := 0.0
	for i := range 3 {
		det += m[0][i] * (m[1][(i+1)%3]*m[2][(i+2)%3] - m[1][(i+2)%3]*m[2][(i+1)%3])
	}
	for i := range 3 {
		for j := range 3 {
			out[j][i] = (m[(i+1)%3][(j+1)%3]*m[(i+2)%3][(j+2)%3] - m[(i+1)%3][(j+2)%3]*m[(i+2)%3][(j+1)%3]) / det
		}
	}
	return out
}

// A colour is the same colour whatever space the file is in.
func TestColourSpaces(t *testing.T) {
	for name, s := range map[string]space{"sRGB": srgb, "Display P3": displayP3, "Adobe RGB": adobeRGB} {
		for _, c := range [][3]uint8{{0, 0, 0}, {255, 255, 255}, {128, 128, 128}, {200, 60, 40}, {40, 160, 70}, {30, 50, 190}, {5, 6, 7}} {
			p := s.in(c[0], c[1], c[2])
			img := image.NewNRGBA(image.Rect(0, 0, 1, 1))
			img.SetNRGBA(0, 0, color.NRGBA{p[0], p[1], p[2], 77})
			toSRGB(img, icc(s))
			got := img.NRGBAAt(0, 0)
			for i, v := range []uint8{got.R, got.G, got.B} {
				if d := int(v) - int(c[i]); d < -3 || d > 3 {
					t.Errorf("%s: %v is stored as %v and read as %v", name, c, p, got)
				}
			}
			if got.A != 77 {
				t.Errorf("%s: alpha %d", name, got.A)
			}
			if name == "sRGB" && (got.R != p[0] || got.G != p[1] || got.B != p[2]) {
				t.Errorf("sRGB was changed: %v, %v", p, got)
			}
		}
	}
}

func TestProfilesAreFound(t *testing.T) {
	p3 := icc(displayP3)
	want := displayP3.in(200, 60, 40)
	flat := image.NewNRGBA(image.Rect(0, 0, 32, 32))
	for i := 0; i < len(flat.Pix); i += 4 {
		copy(flat.Pix[i:], []byte{want[0], want[1], want[2], 255})
	}
	half := len(p3) / 2
	jpegFile := asJPEG(t, flat)
	jpegFile = segment(jpegFile, 0xe2, append([]byte("ICC_PROFILE\x00\x02\x02"), p3[half:]...)) // the parts may stand in any order
	jpegFile = segment(jpegFile, 0xe2, append([]byte("ICC_PROFILE\x00\x01\x02"), p3[:half]...))

	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	w.Write(p3)
	w.Close()
	pngFile := asPNG(t, flat)
	pngFile = append(append(bytes.Clone(pngFile[:33]), chunk("iCCP", append([]byte("P3\x00\x00"), z.Bytes()...))...), pngFile[33:]...)

	enc := webp.New("")
	defer enc.Close(context.Background())
	plain, err := enc.Encode(t.Context(), flat, 95)
	if err != nil {
		t.Fatal(err)
	}
	webpFile := withProfile(plain, p3, 32, 32)

	for name, file := range map[string][]byte{"JPEG": jpegFile, "PNG": pngFile, "WebP": webpFile} {
		p, err := load(bytes.NewReader(file))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if img := p.Scaled(Whole, 8); !near(img, 4, 4, color.NRGBA{200, 60, 40, 255}) {
			t.Errorf("%s: %v", name, img.NRGBAAt(4, 4))
		}
	}
	// WebP without a profile is sRGB, with its own range of luma.
	white := image.NewNRGBA(image.Rect(0, 0, 32, 32))
	for i := range white.Pix {
		white.Pix[i] = 255
	}
	if plain, err = enc.Encode(t.Context(), white, 90); err != nil {
		t.Fatal(err)
	}
	p, err := load(bytes.NewReader(plain))
	if err != nil {
		t.Fatal(err)
	}
	if c := p.Scaled(Whole, 32).NRGBAAt(9, 9); c.R < 253 || c.G < 253 || c.B < 253 {
		t.Errorf("white WebP is %v", c)
	}
}

// withProfile puts a simple WebP file into the extended form.
func withProfile(file, profile []byte, w, h int) []byte {
	out := []byte("RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x20\x00\x00\x00")
	out = append(out, byte(w-1), byte((w-1)>>8), 0, byte(h-1), byte((h-1)>>8), 0)
	out = append(append(out, "ICCP"...), binary.LittleEndian.AppendUint32(nil, uint32(len(profile)))...)
	out = append(out, profile...)
	if len(profile)%2 == 1 {
		out = append(out, 0)
	}
	out = append(out, file[12:]...)
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
}

func FuzzProfile(f *testing.F) {
	f.Add(icc(displayP3))
	f.Add(icc(adobeRGB))
	f.Fuzz(func(t *testing.T, b []byte) {
		img := image.NewNRGBA(image.Rect(0, 0, 2, 2))
		toSRGB(img, b)
		inflateProfile(b)
	})
}
