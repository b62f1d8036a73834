package placard

import (
	"cmp"
	"image/color"
	"maps"
	"slices"
	"strconv"
)

// mostColours is what a palette holds.
const mostColours = 256

// paletteOf chooses the most frequent colours; equals are told apart by their value, so that the same
// picture is the same file.
func paletteOf(counts map[color.RGBA]int) color.Palette {
	all := slices.SortedFunc(maps.Keys(counts), func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	var p color.Palette
	for _, c := range all[:min(len(all), mostColours)] {
		p = append(p, c)
	}
	return p
}

// The design's colours, see design.md: a placard is always in the light theme.
var (
	ground = color.RGBA{0xff, 0xff, 0xff, 0xff}
	ink    = color.RGBA{0x14, 0x1b, 0x1c, 0xff}
	ink2   = color.RGBA{0x45, 0x52, 0x56, 0xff}
	onTile = color.RGBA{0x63, 0xcd, 0xbb, 0xff}
	verdi  = color.RGBA{0x00, 0x65, 0x5a, 0xff}
	wash   = color.RGBA{0xe0, 0xf1, 0xee, 0xff}
)

// colour reads #rrggbb; what isn't one is the other.
func colour(s string, other color.RGBA) color.RGBA {
	if len(s) != 7 || s[0] != '#' {
		return other
	}
	n, err := strconv.ParseUint(s[1:], 16, 32)
	if err != nil {
		return other
	}
	return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 0xff} //nolint:gosec // bytes of it
}
