package web

import (
	"io"
	"net/http"
)

// Bound lets no more than most bytes of a request's body through; what would pass that is an
// [http.MaxBytesError].
//
// Unlike [http.MaxBytesReader] it reads on for a while and throws away what it reads: a browser that is
// still sending when the connection is closed shows no answer at all.
func Bound(body io.ReadCloser, most int64) io.ReadCloser {
	return &bounded{ReadCloser: body, left: most, most: most}
}

type bounded struct {
	io.ReadCloser
	left, most int64
	over       bool
}

// readOn is how many times as much as may be is read on, to answer those who send a little too much.
const readOn = 4

func (b *bounded) Read(p []byte) (int, error) {
	if b.over {
		return 0, &http.MaxBytesError{Limit: b.most}
	}
	if len(p) == 0 {
		return 0, nil
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	if int64(n) <= b.left {
		b.left -= int64(n)
		return n, err
	}
	b.over = true
	_, _ = io.CopyN(io.Discard, b.ReadCloser, readOn*b.most) // whatever comes of it, the answer is the same
	return int(b.left), &http.MaxBytesError{Limit: b.most}
}
