// Package id makes names for things: time-ordered IDs for rows, short references for people and
// secret tokens for browsers.
package id

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"sync"
	"time"
)

// alphabet is Crockford's base 32 in lower case: no i, l, o, u, so that nothing is misread aloud.
// It ascends in ASCII, so that IDs sort by time as text.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// Len is the length of what [New] returns.
const Len = 26

// last holds the newest ID's bits, so that IDs of one process and one millisecond ascend too.
var last struct {
	sync.Mutex
	ms   uint64
	tail [10]byte
}

// New returns an ID of 26 characters for something that begins at now. IDs sort by that time in
// milliseconds; those that one process makes in the same millisecond sort in the order made. 79 bits
// are random, so two nodes never meet. It panics if now lies before 1970: that is a mistake in the
// program.
func New(now time.Time) string {
	ms := now.UnixMilli()
	if ms < 0 || ms >= 1<<48 {
		panic("id: time out of range: " + now.String())
	}
	return encode(next(uint64(ms)))
}

func next(ms uint64) (b [16]byte) {
	last.Lock()
	defer last.Unlock()
	if ms != last.ms || !increment(&last.tail) {
		rand.Read(last.tail[:])
		// Room above, so that counting on within the millisecond doesn't overflow.
		last.tail[0] &= 0x7f
		last.ms = ms
	}
	binary.BigEndian.PutUint64(b[:8], ms<<16)
	copy(b[6:], last.tail[:])
	return b
}

// increment adds a random step, so that a neighbour's ID can't be guessed by adding one. It
// reports whether the number still fits.
func increment(tail *[10]byte) bool {
	var step [4]byte
	rand.Read(step[:])
	carry := uint64(binary.BigEndian.Uint32(step[:])) + 1
	for i := len(tail) - 1; i >= 0 && carry > 0; i-- {
		carry += uint64(tail[i])
		tail[i] = byte(carry)
		carry >>= 8
	}
	return carry == 0
}

func encode(b [16]byte) string {
	// 128 bits in 26 groups of five, the first of three bits.
	hi, lo := binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])
	var out [Len]byte
	for i := Len - 1; i >= 0; i-- {
		out[i] = alphabet[lo&31]
		lo = lo>>5 | hi<<59
		hi >>= 5
	}
	return string(out[:])
}

// Valid reports whether s has the form of an ID: for addresses that strangers type.
func Valid(s string) bool {
	if len(s) != Len || s[0] > '7' {
		return false
	}
	for i := range len(s) {
		if !inAlphabet(s[i]) {
			return false
		}
	}
	return true
}

func inAlphabet(c byte) bool {
	switch {
	case c >= '0' && c <= '9':
		return true
	case c == 'i', c == 'l', c == 'o', c == 'u':
		return false
	}
	return c >= 'a' && c <= 'z'
}

// Time returns the moment that is in an ID, and false if s isn't one.
func Time(s string) (time.Time, bool) {
	if !Valid(s) {
		return time.Time{}, false
	}
	var ms uint64
	for i := range 10 { // 3 + 9·5 = 48 bits
		ms = ms<<5 | uint64(index(s[i]))
	}
	return time.UnixMilli(int64(ms)).UTC(), true
}

func index(c byte) int {
	for i := range len(alphabet) {
		if alphabet[i] == c {
			return i
		}
	}
	return -1
}

// Short returns n random characters in upper case, for a person to read to another: 7F3K.
func Short(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	for i := range b {
		c := alphabet[b[i]&31]
		if c >= 'a' {
			c -= 'a' - 'A'
		}
		b[i] = c
	}
	return string(b)
}

// Token returns a secret of 256 bits that is safe in addresses and cookies.
func Token() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}
