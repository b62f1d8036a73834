package pagecache

import (
	"bytes"
	"io"
	"math/bits"
	"runtime"
	"slices"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Coding is how an answer's bytes are packed.
type Coding uint8

// The codings we make, the best last.
const (
	Identity Coding = iota
	Gzip
	Zstd
	Brotli
	codings
)

// What is made while a reader waits is coded quickly; what is read much is coded anew as small as can
// be, see [Cache.Recode]. The numbers are in docs/decisions/0301.
const (
	gzipLevel       = 6
	brotliLevel     = 5
	bestGzipLevel   = gzip.BestCompression
	bestBrotliLevel = brotli.BestCompression
)

// smallest is what isn't worth coding.
const smallest = 600

var names = [codings]string{"", "gzip", "zstd", "br"}

// Name is how HTTP calls it; "" for plain bytes.
func (c Coding) Name() string { return names[c] }

func codingNamed(name string) Coding {
	for c, n := range names {
		if n == name {
			return Coding(c)
		}
	}
	return Identity
}

// Choose reads an Accept-Encoding header: of the codings of ours that it weighs most, the best. What it
// calls "any" is gzip, which everybody understands, and what it weighs without any coding counts too.
func Choose[T ~string | ~[]byte](header T) Coding {
	return heaviest(weigh(header), func(Coding) bool { return true })
}

// ChooseAmong is [Choose] where there are only these codings, and plain bytes.
func ChooseAmong(header string, have ...Coding) Coding {
	return heaviest(weigh(header), func(c Coding) bool { return slices.Contains(have, c) })
}

func heaviest(weights [codings]int, have func(Coding) bool) Coding {
	out := Identity
	for c := Gzip; c < codings; c++ {
		if weights[c] > 0 && weights[c] >= weights[out] && have(c) {
			out = c
		}
	}
	return out
}

func weigh[T ~string | ~[]byte](header T) [codings]int {
	const unnamed = -1
	weights, others := [codings]int{unnamed, unnamed, unnamed, unnamed}, 0
	for len(header) > 0 {
		part := header
		if i := index(header, ','); i >= 0 {
			part, header = header[:i], header[i+1:]
		} else {
			header = header[:0]
		}
		name, params := part, part[:0]
		if i := index(part, ';'); i >= 0 {
			name, params = part[:i], part[i+1:]
		}
		switch name = trim(name); {
		case fold(name, "*"):
			others = weight(params)
		case fold(name, "identity"):
			weights[Identity] = weight(params)
		default:
			if c := codingOf(name); c != Identity {
				weights[c] = weight(params)
			}
		}
	}
	for _, c := range [...]Coding{Identity, Gzip} {
		if weights[c] == unnamed {
			weights[c] = others
		}
	}
	return weights
}

func index[T ~string | ~[]byte](s T, c byte) int {
	for i := range len(s) {
		if s[i] == c {
			return i
		}
	}
	return -1
}

func trim[T ~string | ~[]byte](s T) T {
	for len(s) > 0 && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	for len(s) > 0 && (s[len(s)-1] == ' ' || s[len(s)-1] == '\t') {
		s = s[:len(s)-1]
	}
	return s
}

func codingOf[T ~string | ~[]byte](name T) Coding {
	switch {
	case fold(name, "br"):
		return Brotli
	case fold(name, "gzip"), fold(name, "x-gzip"):
		return Gzip
	case fold(name, "zstd"):
		return Zstd
	}
	return Identity
}

// fold compares with small letters, whatever letters s has.
func fold[T ~string | ~[]byte](s T, want string) bool {
	if len(s) != len(want) {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != want[i] {
			return false
		}
	}
	return true
}

// weight is a coding's quality in thousandths; what can't be read is no reason to send more bytes.
func weight[T ~string | ~[]byte](params T) int {
	for len(params) > 0 {
		part := params
		if i := index(params, ';'); i >= 0 {
			part, params = params[:i], params[i+1:]
		} else {
			params = params[:0]
		}
		if eq := index(part, '='); eq >= 0 && fold(trim(part[:eq]), "q") {
			return thousandths(trim(part[eq+1:]))
		}
	}
	return most
}

// most is the weight of what is wanted without reserve.
const most = 1000

func thousandths[T ~string | ~[]byte](value T) int {
	w, unit := 0, most
	for i := range len(value) {
		c := value[i]
		switch {
		case c == '.' && unit == most:
			unit /= 10
		case c < '0' || c > '9':
			return most
		case unit == most:
			w = min(w*10+int(c-'0')*most, most)
		default:
			w, unit = w+int(c-'0')*unit, unit/10
		}
	}
	if len(value) == 0 {
		return most
	}
	return min(w, most)
}

// The encoders are kept: each has tables of some hundred kilobytes to megabytes.
var (
	gzips = [2]sync.Pool{
		{New: func() any { return newGzip(gzipLevel) }},
		{New: func() any { return newGzip(bestGzipLevel) }},
	}
	brotlis = sync.Pool{New: func() any { return newBrotli(brotliLevel, usual) }}
)

// usual is more than most pages have, in bytes: the window of an encoder that is kept.
const usual = 60 << 10

// newBrotli returns an encoder whose window is no larger than what it is for: at the best level its
// tables grow with the window, and with that of 4 MB that the library takes they are 37 MB instead of 5.
func newBrotli(level, size int) *brotli.Writer {
	return brotli.NewWriterOptions(nil, brotli.WriterOptions{Quality: level, LGWin: min(max(bits.Len(uint(size+16)), 16), 22)})
}

// packing is who codes while a reader waits: no more at once than there are processors. More wouldn't be
// ready sooner, and each has an encoder of a megabyte in hand.
var packing = make(chan struct{}, runtime.GOMAXPROCS(0))

func newGzip(level int) *gzip.Writer {
	w, err := gzip.NewWriterLevel(nil, level)
	if err != nil {
		panic(err) // a level that doesn't exist
	}
	return w
}

// zstds has one hand: two pages at once that nobody keeps in zstd yet are rare.
var zstds = sync.OnceValues(func() (*zstd.Encoder, error) {
	return zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(128<<10), zstd.WithEncoderLevel(zstd.SpeedBetterCompression))
})

type packer interface {
	io.WriteCloser
	Reset(io.Writer)
}

func pack(w packer, plain []byte) []byte {
	var b bytes.Buffer
	b.Grow(len(plain) / 3)
	w.Reset(&b)
	_, _ = w.Write(plain) // to memory: can't fail
	_ = w.Close()
	return b.Bytes()
}

// Weight is what a page weighs in gzip when it is first asked for.
func Weight(plain []byte) int { return len(compress(plain, Gzip)) }

func compress(plain []byte, coding Coding) []byte {
	packing <- struct{}{}
	defer func() { <-packing }()
	switch coding {
	case Brotli:
		w := brotlis.Get().(*brotli.Writer)
		defer brotlis.Put(w)
		return pack(w, plain)
	case Zstd:
		if w, err := zstds(); err == nil {
			return w.EncodeAll(plain, nil)
		}
	case Gzip:
		w := gzips[0].Get().(*gzip.Writer)
		defer gzips[0].Put(w)
		return pack(w, plain)
	}
	return plain
}

// smallestForm takes its time: some 100 ms for a page in brotli.
func smallestForm(plain []byte, coding Coding) []byte {
	switch coding {
	case Brotli: // not kept: its tables are large, and this is rare
		return pack(newBrotli(bestBrotliLevel, len(plain)), plain)
	case Gzip:
		w := gzips[1].Get().(*gzip.Writer)
		defer gzips[1].Put(w)
		return pack(w, plain)
	}
	return compress(plain, coding)
}

// uncompress undoes what compress did; what it is given is ours.
func uncompress(packed []byte, coding Coding) []byte {
	var r io.Reader
	switch coding {
	case Brotli:
		r = brotli.NewReader(bytes.NewReader(packed))
	case Zstd:
		z, err := zstd.NewReader(bytes.NewReader(packed), zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true))
		if err != nil {
			return nil
		}
		defer z.Close()
		r = z
	case Gzip:
		g, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			return nil
		}
		r = g
	default:
		return packed
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		return nil
	}
	return plain
}
