package raster

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"image"
	"io"
	"math"
)

// maxProfile bounds an ICC profile. Those of cameras and screens have a few kilobytes.
const maxProfile = 1 << 20

// inflateProfile unpacks PNG's iCCP: a name, a zero, the method, the packed profile.
func inflateProfile(chunk []byte) []byte {
	i := bytes.IndexByte(chunk, 0)
	if i < 0 || i > 79 || len(chunk) < i+2 || chunk[i+1] != 0 {
		return nil
	}
	z, err := zlib.NewReader(bytes.NewReader(chunk[i+2:]))
	if err != nil {
		return nil
	}
	out, err := io.ReadAll(io.LimitReader(z, maxProfile+1))
	if err != nil || len(out) > maxProfile {
		return nil
	}
	return out
}

// profile is what an RGB profile made of a matrix and three curves says: Display P3, Adobe RGB,
// ProPhoto, those of most cameras and screens.
type profile struct {
	toXYZ  [3][3]float64 // columns: the primaries, at D50
	curves [3][]float64  // 256 values each: to linear light
}

var errProfile = errors.New("no matrix profile for RGB")

// parseProfile reads a profile of that sort; with others (tables, CMYK, grey) it returns an error,
// and the picture is taken to be sRGB, as browsers take one without a profile.
func parseProfile(b []byte) (profile, error) {
	var p profile
	if len(b) < 132 || string(b[16:20]) != "RGB " || string(b[20:24]) != "XYZ " || string(b[36:40]) != "acsp" {
		return p, errProfile
	}
	n := int(binary.BigEndian.Uint32(b[128:]))
	if n > 200 || len(b) < 132+12*n {
		return p, errProfile
	}
	tags := map[string][]byte{}
	for i := range n {
		e := b[132+12*i:]
		at, size := uint64(binary.BigEndian.Uint32(e[4:])), uint64(binary.BigEndian.Uint32(e[8:]))
		if at+size <= uint64(len(b)) {
			tags[string(e[:4])] = b[at : at+size]
		}
	}
	if tags["A2B0"] != nil {
		return p, errProfile // a table would be the truth, the matrix an approximation
	}
	for i, c := range []string{"r", "g", "b"} {
		xyz := tags[c+"XYZ"]
		if len(xyz) < 20 || string(xyz[:4]) != "XYZ " {
			return p, errProfile
		}
		for row := range 3 {
			p.toXYZ[row][i] = fixed(xyz[8+4*row:])
		}
		curve, ok := parseCurve(tags[c+"TRC"])
		if !ok {
			return p, errProfile
		}
		p.curves[i] = curve
	}
	return p, nil
}

// fixed reads s15Fixed16.
func fixed(b []byte) float64 { return float64(int32(binary.BigEndian.Uint32(b))) / 65536 }

// parseCurve returns a curve's values at 0/255 … 255/255.
func parseCurve(b []byte) ([]float64, bool) {
	if len(b) < 12 {
		return nil, false
	}
	var f func(x float64) float64
	switch string(b[:4]) {
	case "curv":
		n := int(binary.BigEndian.Uint32(b[8:]))
		if n < 0 || n > 1<<16 || len(b) < 12+2*n {
			return nil, false
		}
		f = sampled(b[12:], n)
	case "para":
		f = parametric(b)
	}
	if f == nil {
		return nil, false
	}
	out := make([]float64, 256)
	for i := range out {
		v := f(float64(i) / 255)
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, false
		}
		out[i] = max(0, min(1, v))
	}
	return out, true
}

func sampled(b []byte, n int) func(float64) float64 {
	at := func(i int) float64 { return float64(binary.BigEndian.Uint16(b[2*i:])) / 65535 }
	switch n {
	case 0:
		return func(x float64) float64 { return x }
	case 1:
		gamma := float64(binary.BigEndian.Uint16(b)) / 256
		return func(x float64) float64 { return math.Pow(x, gamma) }
	}
	return func(x float64) float64 {
		pos := x * float64(n-1)
		i := min(int(pos), n-2)
		return at(i) + (at(i+1)-at(i))*(pos-float64(i))
	}
}

func parametric(b []byte) func(float64) float64 {
	kind := int(binary.BigEndian.Uint16(b[8:]))
	counts := []int{1, 3, 4, 5, 7}
	if kind >= len(counts) || len(b) < 12+4*counts[kind] {
		return nil
	}
	var v [7]float64
	for i := range counts[kind] {
		v[i] = fixed(b[12+4*i:])
	}
	g, a, bb, c, d, e, ff := v[0], v[1], v[2], v[3], v[4], v[5], v[6]
	switch kind {
	case 0:
		return func(x float64) float64 { return math.Pow(x, g) }
	case 1:
		d, c = -bb/a, 0
	case 2:
		d, e, ff, c = -bb/a, c, c, 0
	}
	return func(x float64) float64 {
		if x >= d {
			return math.Pow(a*x+bb, g) + e
		}
		return c*x + ff
	}
}

// fromD50 leads from XYZ at D50, where profiles meet, to linear sRGB.
var fromD50 = [3][3]float64{
	{3.1338561, -1.6168667, -0.4906146},
	{-0.9787684, 1.9161415, 0.0334540},
	{0.0719453, -0.2289914, 1.4052427},
}

// toSRGB changes the colours of img from the profile to sRGB; what sRGB can't show is clipped.
// Without a profile that is understood it does nothing.
func toSRGB(img *image.NRGBA, icc []byte) {
	p, err := parseProfile(icc)
	if err != nil {
		return
	}
	var m [3][3]float32
	identity := true
	for i := range 3 {
		for j := range 3 {
			sum := 0.0
			for k := range 3 {
				sum += fromD50[i][k] * p.toXYZ[k][j]
			}
			m[i][j] = float32(sum)
			want := 0.0
			if i == j {
				want = 1
			}
			identity = identity && math.Abs(sum-want) < 0.01
		}
	}
	if identity && p.likeSRGB() {
		return // most pictures: sRGB, said once more
	}
	var curves [3][256]float32
	for c := range curves {
		for i, v := range p.curves[c] {
			curves[c][i] = float32(v)
		}
	}
	pix := img.Pix
	for i := 0; i+3 < len(pix); i += 4 {
		r, g, b := curves[0][pix[i]], curves[1][pix[i+1]], curves[2][pix[i+2]]
		pix[i] = encode(m[0][0]*r + m[0][1]*g + m[0][2]*b)
		pix[i+1] = encode(m[1][0]*r + m[1][1]*g + m[1][2]*b)
		pix[i+2] = encode(m[2][0]*r + m[2][1]*g + m[2][2]*b)
	}
}

func (p profile) likeSRGB() bool {
	for c := range p.curves {
		for i, v := range p.curves[c] {
			if math.Abs(v-linear(float64(i)/255)) > 0.004 {
				return false
			}
		}
	}
	return true
}

// linear is sRGB's curve.
func linear(x float64) float64 {
	if x <= 0.04045 {
		return x / 12.92
	}
	return math.Pow((x+0.055)/1.055, 2.4)
}

// encoded is sRGB's curve backwards, in steps fine enough that each of the 256 results is met.
var encoded = func() (t [1 << 12]uint8) {
	for i := range t {
		x := float64(i) / float64(len(t)-1)
		v := 12.92 * x
		if x > 0.0031308 {
			v = 1.055*math.Pow(x, 1/2.4) - 0.055
		}
		t[i] = uint8(v*255 + 0.5)
	}
	return t
}()

func encode(x float32) uint8 {
	return encoded[int(max(0, min(1, x))*float32(len(encoded)-1)+0.5)]
}
