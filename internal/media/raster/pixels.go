package raster

import (
	"image"
	"image/color"
)

// pixels reads rows of a decoded picture as 8-bit RGBA, not multiplied with alpha, whatever form
// the decoder has left it in. The picture is never converted as a whole: a hundred megapixels would
// not fit twice.
type pixels struct {
	bounds image.Rectangle
	opaque bool
	row    func(y, x0, x1 int, dst []uint8)
}

func pixelsOf(img image.Image, format string) pixels {
	p := pixels{bounds: img.Bounds()}
	switch img := img.(type) {
	case *image.YCbCr:
		p.opaque, p.row = true, ycbcr(img, nil, format)
	case *image.NYCbCrA:
		p.row = ycbcr(&img.YCbCr, img, format)
	case *image.NRGBA:
		p.opaque = img.Opaque()
		p.row = func(y, x0, x1 int, dst []uint8) {
			copy(dst, img.Pix[img.PixOffset(x0, y):img.PixOffset(x1-1, y)+4])
		}
	case *image.Gray:
		p.opaque = true
		p.row = func(y, x0, x1 int, dst []uint8) {
			for i, v := range img.Pix[img.PixOffset(x0, y) : img.PixOffset(x1-1, y)+1] {
				dst[4*i], dst[4*i+1], dst[4*i+2], dst[4*i+3] = v, v, v, 255
			}
		}
	case *image.CMYK:
		p.opaque = true
		p.row = func(y, x0, x1 int, dst []uint8) {
			src := img.Pix[img.PixOffset(x0, y) : img.PixOffset(x1-1, y)+4]
			for i := 0; i+3 < len(src); i += 4 {
				dst[i], dst[i+1], dst[i+2] = color.CMYKToRGB(src[i], src[i+1], src[i+2], src[i+3])
				dst[i+3] = 255
			}
		}
	case *image.Paletted:
		p.opaque, p.row = img.Opaque(), paletted(img)
	case *image.RGBA:
		p.opaque, p.row = img.Opaque(), rgba(img)
	case *image.RGBA64: // PNG of 16 bits without alpha
		p.opaque = img.Opaque()
		p.row = rgba64(img)
	default: // the other forms of 16 bits: rare, and correct this way
		if o, ok := img.(interface{ Opaque() bool }); ok {
			p.opaque = o.Opaque()
		}
		p.row = func(y, x0, x1 int, dst []uint8) {
			for i, x := 0, x0; x < x1; i, x = i+4, x+1 {
				c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
				dst[i], dst[i+1], dst[i+2], dst[i+3] = c.R, c.G, c.B, c.A
			}
		}
	}
	return p
}

// rgba reads pixels that are multiplied with alpha, as PNG without alpha is left.
func rgba(img *image.RGBA) func(y, x0, x1 int, dst []uint8) {
	opaque := img.Opaque()
	return func(y, x0, x1 int, dst []uint8) {
		src := img.Pix[img.PixOffset(x0, y) : img.PixOffset(x1-1, y)+4]
		if copy(dst, src); opaque {
			return
		}
		for i := 0; i+3 < len(src); i += 4 {
			c := color.NRGBAModel.Convert(color.RGBA{src[i], src[i+1], src[i+2], src[i+3]}).(color.NRGBA)
			dst[i], dst[i+1], dst[i+2], dst[i+3] = c.R, c.G, c.B, c.A
		}
	}
}

// rgba64 reads the upper eight of sixteen bits.
func rgba64(img *image.RGBA64) func(y, x0, x1 int, dst []uint8) {
	opaque := img.Opaque()
	return func(y, x0, x1 int, dst []uint8) {
		if !opaque {
			for i, x := 0, x0; x < x1; i, x = i+4, x+1 {
				c := color.NRGBAModel.Convert(img.RGBA64At(x, y)).(color.NRGBA)
				dst[i], dst[i+1], dst[i+2], dst[i+3] = c.R, c.G, c.B, c.A
			}
			return
		}
		src := img.Pix[img.PixOffset(x0, y) : img.PixOffset(x1-1, y)+8]
		for i, j := 0, 0; j+7 < len(src); i, j = i+4, j+8 {
			dst[i], dst[i+1], dst[i+2], dst[i+3] = src[j], src[j+2], src[j+4], 255
		}
	}
}

func paletted(img *image.Paletted) func(y, x0, x1 int, dst []uint8) {
	var palette [256][4]uint8
	for i, c := range img.Palette {
		n := color.NRGBAModel.Convert(c).(color.NRGBA)
		palette[i] = [4]uint8{n.R, n.G, n.B, n.A}
	}
	return func(y, x0, x1 int, dst []uint8) {
		for i, v := range img.Pix[img.PixOffset(x0, y) : img.PixOffset(x1-1, y)+1] {
			copy(dst[4*i:4*i+4], palette[v][:])
		}
	}
}

// ycbcr reads the planes of JPEG, and those of WebP, whose luma goes from 16 to 235 where JPEG's,
// and Go's image.YCbCr, go from 0 to 255.
func ycbcr(img *image.YCbCr, alpha *image.NYCbCrA, format string) func(y, x0, x1 int, dst []uint8) {
	convert := color.YCbCrToRGB
	if format == WebP {
		convert = studio
	}
	wide := 1 // how many pixels share a colour in a row
	switch img.SubsampleRatio {
	case image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420:
		wide = 2
	case image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410:
		wide = 4
	}
	return func(y, x0, x1 int, dst []uint8) {
		ys := img.Y[img.YOffset(x0, y) : img.YOffset(x1-1, y)+1]
		from := img.COffset(0, y) // what decoders make begins at 0
		for i, l := range ys {
			c := from + (x0+i)/wide
			o := dst[4*i : 4*i+4 : 4*i+4]
			o[0], o[1], o[2] = convert(l, img.Cb[c], img.Cr[c])
			o[3] = 255
		}
		if alpha != nil {
			for i, x := 3, x0; x < x1; i, x = i+4, x+1 {
				dst[i] = alpha.A[alpha.AOffset(x, y)]
			}
		}
	}
}

// studio is BT.601 with its narrow range, in 16.16 fixed point.
func studio(y, cb, cr uint8) (r, g, b uint8) {
	l := (int32(y) - 16) * 76309
	u, v := int32(cb)-128, int32(cr)-128
	return clamp(l + 104597*v), clamp(l - 25675*u - 53279*v), clamp(l + 132201*u)
}

func clamp(v int32) uint8 { return uint8(max(0, min(255, (v+1<<15)>>16))) }
