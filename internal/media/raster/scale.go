package raster

import (
	"image"
	"math"
)

// tap is how much the pixels from first on count for one pixel of the result.
type taps struct {
	first   int
	weights []float32
}

// kernel returns the taps of Catmull-Rom's filter, from n pixels, of which those from start to end
// are shown, to size ones. Between the edges of a picture there is nothing: what would lie outside
// is the edge.
func kernel(n int, start, end float64, size int) []taps {
	scale := (end - start) / float64(size)
	wide := max(1, scale)
	reach := 2 * wide
	out := make([]taps, size)
	for i := range out {
		center := start + (float64(i)+0.5)*scale
		lo, hi := int(math.Floor(center-reach)), int(math.Ceil(center+reach))
		lo, hi = max(0, lo), min(n, hi)
		w := make([]float32, hi-lo)
		sum := float32(0)
		for j := range w {
			w[j] = float32(catmullRom((float64(lo+j) + 0.5 - center) / wide))
			sum += w[j]
		}
		for j := range w {
			w[j] /= sum
		}
		out[i] = taps{lo, w}
	}
	return out
}

func catmullRom(x float64) float64 {
	x = math.Abs(x)
	switch {
	case x < 1:
		return (1.5*x-2.5)*x*x + 1
	case x < 2:
		return ((-0.5*x+2.5)*x-4)*x + 2
	}
	return 0
}

// scale returns the part of src in the rectangle r, with fractions of pixels, at width by height.
// It keeps a few rows at a time, so its memory is the result's and little more.
func scale(src pixels, r rect, width, height int) *image.NRGBA {
	w, h := src.bounds.Dx(), src.bounds.Dy()
	xs, ys := kernel(w, r.x0, r.x1, width), kernel(h, r.y0, r.y1, height)
	x0, x1 := span(xs)
	in := make([]uint8, 4*(x1-x0))
	flat := make([]float32, 4*(x1-x0))
	most := 0
	for _, t := range ys {
		most = max(most, len(t.weights))
	}
	ring := make([][]float32, most)
	for i := range ring {
		ring[i] = make([]float32, 4*width)
	}
	out := image.NewNRGBA(image.Rect(0, 0, width, height))
	sum := make([]float32, 4*width)
	next := ys[0].first // the first row not yet in the ring
	for y, t := range ys {
		for last := t.first + len(t.weights); next < last; next++ {
			if next < t.first {
				continue
			}
			src.row(src.bounds.Min.Y+next, src.bounds.Min.X+x0, src.bounds.Min.X+x1, in)
			spread(in, flat, src.opaque)
			across(flat, xs, x0, ring[next%most], src.opaque)
		}
		clear(sum)
		for i, weight := range t.weights {
			row := ring[(t.first+i)%most]
			for j, v := range row {
				sum[j] += weight * v
			}
		}
		store(sum, out.Pix[y*out.Stride:y*out.Stride+4*width], src.opaque)
	}
	return out
}

func span(ts []taps) (from, to int) {
	from = ts[0].first
	for _, t := range ts {
		from, to = min(from, t.first), max(to, t.first+len(t.weights))
	}
	return from, to
}

// spread makes numbers of bytes, multiplied with alpha: what can't be seen must not bleed in.
func spread(in []uint8, out []float32, opaque bool) {
	if opaque {
		for i, v := range in {
			out[i] = float32(v)
		}
		return
	}
	for i := 0; i+3 < len(in); i += 4 {
		a := float32(in[i+3])
		out[i], out[i+1], out[i+2] = float32(in[i])*a/255, float32(in[i+1])*a/255, float32(in[i+2])*a/255
		out[i+3] = a
	}
}

// across scales one row.
func across(in []float32, xs []taps, x0 int, out []float32, opaque bool) {
	for x, t := range xs {
		var r, g, b, a float32
		src := in[4*(t.first-x0):]
		src = src[:4*len(t.weights)]
		if opaque {
			for i, w := range t.weights {
				p := src[4*i : 4*i+4 : 4*i+4]
				r, g, b = r+w*p[0], g+w*p[1], b+w*p[2]
			}
			a = 255
		} else {
			for i, w := range t.weights {
				p := src[4*i : 4*i+4 : 4*i+4]
				r, g, b, a = r+w*p[0], g+w*p[1], b+w*p[2], a+w*p[3]
			}
		}
		o := out[4*x : 4*x+4 : 4*x+4]
		o[0], o[1], o[2], o[3] = r, g, b, a
	}
}

// store makes bytes of numbers.
func store(sum []float32, out []uint8, opaque bool) {
	if opaque {
		for i, v := range sum {
			out[i] = byteOf(v)
		}
		return
	}
	for i := 0; i+3 < len(sum); i += 4 {
		a := max(0, min(255, sum[i+3]))
		if a < 0.5 {
			continue
		}
		out[i], out[i+1], out[i+2] = byteOf(sum[i]*255/a), byteOf(sum[i+1]*255/a), byteOf(sum[i+2]*255/a)
		out[i+3] = byteOf(a)
	}
}

func byteOf(v float32) uint8 { return uint8(max(0, min(255, v)) + 0.5) }
