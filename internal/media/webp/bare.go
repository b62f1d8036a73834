package webp

import (
	"encoding/binary"
	"errors"
)

var errContainer = errors.New("webp: not a container that can be read")

// What a WebP may hold besides its pixels, and the flags that tell of it.
var besides = map[string]byte{"ICCP": 0x20, "EXIF": 0x08, "XMP ": 0x04}

// Bare returns a file without all that isn't pixels: libvips 8.14 writes EXIF of its own, asked for it
// or not.
func Bare(file []byte) ([]byte, error) {
	if len(file) < 12 || string(file[:4]) != "RIFF" || string(file[8:12]) != "WEBP" {
		return nil, errContainer
	}
	out := append(make([]byte, 0, len(file)), file[:12]...)
	flags := -1 // where those of VP8X are
	var gone byte
	for rest := file[12:]; len(rest) > 0; {
		if len(rest) < 8 {
			return nil, errContainer
		}
		size := uint64(binary.LittleEndian.Uint32(rest[4:]))
		whole := 8 + size + size&1
		if whole > uint64(len(rest)) {
			return nil, errContainer
		}
		name := string(rest[:4])
		if flag, ok := besides[name]; ok {
			gone |= flag
		} else {
			if name == "VP8X" && size >= 1 {
				flags = len(out) + 8
			}
			out = append(out, rest[:whole]...)
		}
		rest = rest[whole:]
	}
	if flags >= 0 {
		out[flags] &^= gone
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8)) //nolint:gosec // shorter than it was
	return out, nil
}
