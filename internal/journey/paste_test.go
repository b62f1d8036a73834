//go:build browser

package journey

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"depesche/internal/document"
)

// clipboards are what word processors and browsers put there, with the blocks that become of it.
const clipboards = "../desk/assets/editor/testdata"

func TestPaste(t *testing.T) {
	t.Parallel()
	n := founded(t)
	p := n.chief()
	for _, from := range []string{"word", "docs", "web"} {
		html, err := os.ReadFile(filepath.Join(clipboards, from+".html"))
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join(clipboards, from+".json"))
		if err != nil {
			t.Fatal(err)
		}
		id := p.newStory("de", "Eingefügt aus "+from)
		p.caret(lastBlock, 0)
		p.run(fmt.Sprintf(`const d = new DataTransfer(); d.setData("text/html", %q); d.setData("text/plain", "text");
			document.querySelector(".ProseMirror").dispatchEvent(new ClipboardEvent("paste", {clipboardData: d, bubbles: true, cancelable: true}))`, html))
		p.keys("s", chromedp.ModifierCtrl)
		p.saved()
		if diff := cmp.Diff(anonymous(t, want), anonymous(t, n.doc(id).Blocks)); diff != "" {
			t.Errorf("%s on the server (-want +got)\n%s", from, diff)
		}
	}
}

// anonymous are blocks without their IDs, as JSON has them.
func anonymous(t *testing.T, blocks any) any {
	t.Helper()
	raw, ok := blocks.([]byte)
	if !ok {
		var err error
		if raw, err = json.Marshal(blocks); err != nil {
			t.Fatal(err)
		}
	}
	var out any
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return withoutIDs(out)
}

func withoutIDs(v any) any {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "id")
		for _, x := range v {
			withoutIDs(x)
		}
	case []any:
		for _, x := range v {
			withoutIDs(x)
		}
	}
	return v
}

// TestCopyFromAPage takes the way of a hurried editor: select all of another paper's page, copy, paste.
func TestCopyFromAPage(t *testing.T) {
	t.Parallel()
	const foreign = `<!doctype html><html lang="de"><head><style>p { color: #333; font: 18px/1.5 Georgia } .ad { display: none }</style></head><body>
<h1>Der Deich hält</h1><p class="ad">Werbung</p>
<p>Am <b>Montag</b> stieg die <a href="https://fluss.example/pegel?utm_source=seite">Elbe</a>.</p>
<ul><li>Dresden: 6 m</li><li>Meißen: 7 m</li></ul><script>document.title = "x"</script></body></html>`
	paper := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, foreign)
	}))
	defer paper.Close()
	n := founded(t)
	p := n.chief()
	id := p.newStory("de", "Kopiert")
	other := p.another()
	other.pardon("asked another house: "+paper.URL, "favicon")
	other.do(chromedp.Navigate(paper.URL))
	other.command("selectAll")
	other.command("copy")
	p.caret(lastBlock, 0)
	p.command("paste")
	p.keys("s", chromedp.ModifierCtrl)
	p.saved()
	want := "## Der Deich hält\n\nAm **Montag** stieg die [Elbe](https://fluss.example/pegel?utm_source=seite).\n\n- Dresden: 6 m\n- Meißen: 7 m"
	if got := document.Markdown(n.doc(id).Blocks); got != want {
		t.Errorf("pasted\n%q\nwant\n%q", got, want)
	}
}

// command does what the browser's own menu does.
func (p *tab) command(name string) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp} {
			if _, err := cdp.Call(ctx, target, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: kind, Commands: []string{name}}); err != nil {
				return err
			}
		}
		return nil
	}))
}
