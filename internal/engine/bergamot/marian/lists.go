package marian

import (
	"encoding/binary"
	"errors"
	"fmt"
)

var (
	errShortlist = errors.New("not a short list")
	errVocab     = errors.New("not a SentencePiece vocabulary")
)

const shortlistMagic = 0xF11A48D5013417F5

// ReadShortlist checks a binary short list and returns how many words it has entries for. The words
// that it names must be below the limit, the size of the target's vocabulary.
func ReadShortlist(b []byte, limit int) (words int, err error) {
	r := &reader{b: b}
	if magic := r.u64(); r.err == nil && magic != shortlistMagic {
		return 0, fmt.Errorf("%w: it doesn't begin as a binary one", errShortlist)
	}
	r.take(8 * 3) // a sum that only its maker knows, and two counts that its maker went by
	offsets, entries := r.u64(), r.u64()
	if r.err != nil {
		return 0, fmt.Errorf("%w: %w", errShortlist, r.err)
	}
	if offsets == 0 || offsets > maxFile/8 || entries > maxFile/4 || uint64(len(r.b)) != offsets*8+entries*4 {
		return 0, fmt.Errorf("%w: its size isn't the one that its head names", errShortlist)
	}
	last := uint64(0)
	for range offsets {
		o := r.u64()
		if o < last || o > entries {
			return 0, fmt.Errorf("%w: its table is out of order", errShortlist)
		}
		last = o
	}
	for range entries {
		if w := r.u32(); int64(w) >= int64(limit) {
			return 0, fmt.Errorf("%w: it names word %d of a vocabulary of %d", errShortlist, w, limit)
		}
	}
	return int(offsets), nil //nolint:gosec // bounded above
}

// ReadVocab checks a vocabulary and returns how many pieces it has.
func ReadVocab(b []byte) (pieces int, err error) {
	for len(b) > 0 {
		key, n := binary.Uvarint(b)
		if n <= 0 {
			return 0, fmt.Errorf("%w: it breaks off", errVocab)
		}
		b = b[n:]
		size, n := binary.Uvarint(b)
		if key&7 != 2 || n <= 0 || size > uint64(len(b)-n) {
			return 0, fmt.Errorf("%w: it breaks off, or is something else", errVocab)
		}
		body := b[n : n+int(size)]                      //nolint:gosec // bounded by the file
		if b = b[n+int(size):]; key>>3 == fieldPieces { //nolint:gosec // the same
			if !isPiece(body) {
				return 0, fmt.Errorf("%w: piece %d has no text", errVocab, pieces)
			}
			pieces++
		}
	}
	if pieces == 0 {
		return 0, fmt.Errorf("%w: it is empty", errVocab)
	}
	return pieces, nil
}

const fieldPieces = 1

// isPiece says whether a piece begins with its text, as they are written.
func isPiece(b []byte) bool {
	if len(b) < 2 || b[0] != fieldPieces<<3|2 {
		return false
	}
	n, k := binary.Uvarint(b[1:])
	return k > 0 && n > 0 && n <= uint64(len(b)-1-k)
}
