//go:build browser

package journey

import (
	"bytes"
	"compress/gzip"
	"regexp"
	"testing"
)

// What the story that is there in all languages may weigh, compressed: its page with style sheet and
// script, and as text alone.
const (
	mostPage = 14 << 10
	mostText = 5 << 10
)

var script = regexp.MustCompile(`<script type="module" src="([^"]+)"`)

// staysLight weighs the demo's first story in each language.
func staysLight(t *testing.T, n *newsroom) {
	for _, l := range []string{"de", "uk", "en", "fr"} {
		_, _, head := n.get("/" + l + "/1")
		path := head.Get("Location")
		page := n.page(path)
		src := script.FindStringSubmatch(page)
		if src == nil {
			t.Fatalf("%s has no script", path)
		}
		whole, alone := packed(t, page)+packed(t, n.page(src[1])), packed(t, n.page("/text"+path))
		if whole > mostPage || alone > mostText {
			t.Errorf("%s: %d bytes of %d, as text alone %d of %d", path, whole, mostPage, alone, mostText)
		}
		t.Logf("%s: %d bytes, as text alone %d", l, whole, alone)
	}
}

// packed is how many bytes a text takes on its way.
func packed(t *testing.T, text string) int {
	t.Helper()
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}
