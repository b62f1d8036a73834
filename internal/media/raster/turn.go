package raster

import "image"

// rect is a part of a picture, in pixels and fractions of them.
type rect struct{ x0, y0, x1, y1 float64 }

// stored returns where a part of the upright picture lies in the picture as stored. x and y are
// fractions of the whole.
func stored(r rect, orientation int) rect {
	flipX := func(r rect) rect { return rect{1 - r.x1, r.y0, 1 - r.x0, r.y1} }
	flipY := func(r rect) rect { return rect{r.x0, 1 - r.y1, r.x1, 1 - r.y0} }
	swap := func(r rect) rect { return rect{r.y0, r.x0, r.y1, r.x1} }
	switch orientation {
	case 2:
		return flipX(r)
	case 3:
		return flipX(flipY(r))
	case 4:
		return flipY(r)
	case 5:
		return swap(r)
	case 6: // stored lies on its left side: shown x is stored y backwards
		return flipY(swap(r))
	case 7:
		return flipX(flipY(swap(r)))
	case 8:
		return flipX(swap(r))
	}
	return r
}

// upright returns img turned as the EXIF orientation says.
func upright(img *image.NRGBA, orientation int) *image.NRGBA {
	if orientation <= 1 || orientation > 8 {
		return img
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	ow, oh := w, h
	if orientation >= 5 {
		ow, oh = h, w
	}
	out := image.NewNRGBA(image.Rect(0, 0, ow, oh))
	for y := range oh {
		for x := range ow {
			var sx, sy int
			switch orientation {
			case 2:
				sx, sy = w-1-x, y
			case 3:
				sx, sy = w-1-x, h-1-y
			case 4:
				sx, sy = x, h-1-y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, h-1-x
			case 7:
				sx, sy = w-1-y, h-1-x
			case 8:
				sx, sy = w-1-y, x
			}
			copy(out.Pix[y*out.Stride+4*x:][:4], img.Pix[sy*img.Stride+4*sx:][:4])
		}
	}
	return out
}
