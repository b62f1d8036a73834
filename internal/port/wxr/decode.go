package wxr

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// sniffed is how much of a file is looked at to tell its encoding.
const sniffed = 256 << 10

var declared = regexp.MustCompile(`(?s)^\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']`)

// decode returns r as UTF-8, or nearly: single wrong bytes are left for [clean]. Compressed files
// are unpacked. wrong says that the declared encoding isn't the real one.
func decode(r io.Reader) (out io.Reader, wrong bool, err error) {
	buf := bufio.NewReaderSize(r, sniffed)
	if magic, _ := buf.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		zip, err := gzip.NewReader(buf)
		if err != nil {
			return nil, false, fmt.Errorf("unpack: %w", err)
		}
		buf = bufio.NewReaderSize(zip, sniffed)
	}
	head, err := buf.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, false, err
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, err := buf.Discard(3)
		return buf, false, err
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Reader(buf), false, nil
	case bytes.HasPrefix(head, []byte("<\x00?\x00")):
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder().Reader(buf), false, nil
	case bytes.HasPrefix(head, []byte("\x00<\x00?")):
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder().Reader(buf), false, nil
	}
	m := declared.FindSubmatch(head[:min(len(head), 1000)])
	if m == nil {
		return buf, false, nil
	}
	enc, name, err := lookUp(string(m[1]))
	if err != nil {
		return nil, false, err
	}
	if enc == nil {
		return buf, false, nil
	}
	// What is valid UTF-8 and isn't plain ASCII is UTF-8: no other encoding's text is by chance. And
	// UTF-16 would have been told above.
	if isUTF8(head) || strings.HasPrefix(name, "utf-16") {
		return buf, true, nil
	}
	return enc.NewDecoder().Reader(buf), false, nil
}

// lookUp finds an encoding by its name; nil is UTF-8.
func lookUp(label string) (encoding.Encoding, string, error) {
	enc, err := htmlindex.Get(label)
	if err != nil {
		return nil, "", &SyntaxError{Line: 1, Reason: fmt.Sprintf("the encoding %q is unknown", label)}
	}
	name, err := htmlindex.Name(enc)
	switch {
	case err != nil || name == "replacement":
		return nil, "", &SyntaxError{Line: 1, Reason: fmt.Sprintf("the encoding %q can't be read", label)}
	case name == "utf-8":
		return nil, name, nil
	}
	return enc, name, nil
}

// isUTF8 reports whether b has characters beyond ASCII and all of them are UTF-8. The last may be cut.
func isUTF8(b []byte) bool {
	for n := 0; n < utf8.UTFMax && len(b) > 0 && b[len(b)-1] >= utf8.RuneSelf && !utf8.Valid(b); n++ {
		b = b[:len(b)-1]
	}
	return utf8.Valid(b) && bytes.IndexFunc(b, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0
}
