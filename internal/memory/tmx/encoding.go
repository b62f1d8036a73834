package tmx

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// decoded returns the file in UTF-8, whatever its mark or first characters say, and whether that was
// found out already: then what the XML declaration says is past.
func decoded(r io.Reader) (io.Reader, bool) {
	b := bufio.NewReaderSize(r, 64<<10)
	head, _ := b.Peek(4)
	utf16 := func(e unicode.Endianness) io.Reader {
		return unicode.UTF16(e, unicode.UseBOM).NewDecoder().Reader(b)
	}
	switch {
	case bytes.HasPrefix(head, []byte{0xef, 0xbb, 0xbf}):
		_, _ = b.Discard(3)
		return b, true
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.Equal(head, []byte{'<', 0, '?', 0}), bytes.Equal(head, []byte{'<', 0, 't', 0}):
		return utf16(unicode.LittleEndian), true
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}), bytes.Equal(head, []byte{0, '<', 0, '?'}), bytes.Equal(head, []byte{0, '<', 0, 't'}):
		return utf16(unicode.BigEndian), true
	}
	return b, false
}

// charsetReader decodes what an XML declaration names.
func charsetReader(known bool) func(string, io.Reader) (io.Reader, error) {
	return func(label string, in io.Reader) (io.Reader, error) {
		name := strings.ToLower(strings.TrimSpace(label))
		if known || name == "us-ascii" || name == "ascii" || strings.HasPrefix(name, "iso-646") || name == "iso646-us" {
			return in, nil
		}
		if m, ok := older[name]; ok {
			return m.NewDecoder().Reader(in), nil
		}
		return nil, fmt.Errorf("it says that it is encoded in %.40q, and isn't or mayn't be", label)
	}
}

// older are encodings that TMX doesn't allow and programs wrote all the same.
var older = map[string]*charmap.Charmap{
	"windows-1250": charmap.Windows1250, "windows-1251": charmap.Windows1251, "windows-1252": charmap.Windows1252,
	"iso-8859-1": charmap.ISO8859_1, "iso-8859-2": charmap.ISO8859_2, "iso-8859-5": charmap.ISO8859_5, "iso-8859-15": charmap.ISO8859_15,
	"koi8-r": charmap.KOI8R, "koi8-u": charmap.KOI8U,
}

var errToken = errors.New("one piece of the file is too large")

// guard keeps a single token from filling the memory. [encoding/xml] reads byte by byte from it.
type guard struct {
	r    *bufio.Reader
	n    int64 // bytes read
	from int64 // n where the token began
}

func (g *guard) ReadByte() (byte, error) {
	if g.n-g.from > maxToken {
		return 0, errToken
	}
	c, err := g.r.ReadByte()
	if err == nil {
		g.n++
	}
	return c, err
}

func (g *guard) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	c, err := g.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = c
	return 1, nil
}
