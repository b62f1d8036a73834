package raster

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
)

func decodeJPEG(r io.Reader) (image.Image, error) { return jpeg.Decode(bufio.NewReaderSize(r, 64<<10)) }

var errJPEG = errors.New("not a JPEG that is read here")

// readJPEG walks the markers: size, kind and colour profile stand before the pixels; the number of
// scans is known only at the end.
func (h *Header) readJPEG(r io.ReadSeeker) error {
	if _, err := r.Seek(2, io.SeekStart); err != nil {
		return err
	}
	in := bufio.NewReaderSize(r, 64<<10)
	profile := map[byte][]byte{}
	for {
		marker, err := nextMarker(in)
		if err != nil {
			break // the decoder decides whether what there is will do
		}
		if marker == 0xd9 { // end
			break
		}
		if marker == 0x01 || marker >= 0xd0 && marker <= 0xd8 {
			continue // without a body
		}
		var two [2]byte
		if _, err := io.ReadFull(in, two[:]); err != nil {
			break
		}
		n := int(binary.BigEndian.Uint16(two[:])) - 2
		if n < 0 {
			return errJPEG
		}
		if err := h.segment(in, marker, n, profile); err != nil {
			return err
		}
	}
	if h.Width == 0 {
		return errJPEG
	}
	for i := byte(1); len(profile[i]) > 0; i++ {
		h.profile = append(h.profile, profile[i]...)
	}
	return nil
}

// nextMarker skips to the next one: entropy-coded bytes hold none but FF00 and the restarts.
func nextMarker(in *bufio.Reader) (byte, error) {
	for {
		b, err := in.ReadByte()
		if err != nil {
			return 0, err
		}
		if b != 0xff {
			continue
		}
		for b == 0xff {
			if b, err = in.ReadByte(); err != nil {
				return 0, err
			}
		}
		if b != 0 && (b < 0xd0 || b > 0xd7) {
			return b, nil
		}
	}
}

func (h *Header) segment(in *bufio.Reader, marker byte, n int, profile map[byte][]byte) error {
	switch {
	case marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc:
		return h.frame(in, marker, n)
	case marker == 0xe2 && n > 14 && n <= 1<<16: // APP2
		body := make([]byte, n)
		if _, err := io.ReadFull(in, body); err != nil {
			return err
		}
		if string(body[:12]) == "ICC_PROFILE\x00" && len(profile) < 255 {
			profile[body[12]] = body[14:]
		}
		return nil
	case marker == 0xda:
		h.scans++
	}
	_, err := in.Discard(n)
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// frame reads SOFn.
func (h *Header) frame(in *bufio.Reader, marker byte, n int) error {
	if n < 6 || n > 6+3*255 {
		return errJPEG
	}
	body := make([]byte, n)
	if _, err := io.ReadFull(in, body); err != nil {
		return err
	}
	if h.Width != 0 {
		return fmt.Errorf("%w: two frames", errJPEG)
	}
	if marker > 0xc2 {
		return wrongType("JPEG (lossless or arithmetic)")
	}
	h.Height, h.Width = int(binary.BigEndian.Uint16(body[1:])), int(binary.BigEndian.Uint16(body[3:]))
	parts := int64(body[5])
	if parts != 1 && parts != 3 && parts != 4 || n < 6+3*int(parts) {
		return errJPEG
	}
	// The largest part's sampling is the picture's; the others may have less.
	var most, area int64
	for i := range parts {
		s := int64(body[7+3*i]>>4) * int64(body[7+3*i]&15)
		most, area = max(most, s), area+s
	}
	if most == 0 {
		return errJPEG
	}
	pixels := int64(h.Width) * int64(h.Height)
	h.memory = pixels * area / most
	if parts == 4 {
		h.memory += 4 * pixels
	}
	if marker == 0xc2 { // progressive: four bytes for each coefficient, until the last scan
		h.memory += 4 * pixels * area / most
	}
	return nil
}
