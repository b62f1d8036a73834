package id

import (
	"crypto/sha256"
	"time"
)

// Derived returns the ID of something that begins at now and that another system knows as seed. The
// same time and seed give the same ID, so that what refers to it can be written before it is there.
// Times before 1970 count as 1970.
func Derived(now time.Time, seed string) string {
	ms := max(now.UnixMilli(), 0)
	if ms >= 1<<48 {
		panic("id: time out of range: " + now.String())
	}
	sum := sha256.Sum256([]byte(seed))
	var b [16]byte
	for i := range 6 {
		b[i] = byte(ms >> (8 * (5 - i)))
	}
	copy(b[6:], sum[:10])
	return encode(b)
}
