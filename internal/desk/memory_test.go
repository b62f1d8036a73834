package desk_test

import (
	"strings"
	"testing"
)

// theMemoryIsLookedUp, filled from a file, written out again, and mended; by whom it may be.
func theMemoryIsLookedUp(t *testing.T, w *world) {
	file := `<tmx version="1.4"><header srclang="uk"/><body><tu><tuv xml:lang="uk"><seg>Верховна &lt;Рада&gt; ухвалила</seg></tuv><tuv xml:lang="de-DE"><seg>Die Rada beschloss</seg></tuv><tuv xml:lang="tlh"><seg>x</seg></tuv></tu></body></tmx>`
	if _, page := w.get("/desk/translations"); !strings.Contains(page, `href="/desk/memory"`) {
		t.Error("nothing leads to the memory")
	}
	status, page := w.upload("/desk/memory", "alt.tmx", file)
	if status != 200 || !strings.Contains(page, `role="status"`) || strings.Count(between(page, `role="status"`, "</ul>"), "<li>") != 2 {
		t.Errorf("import: %d %s", status, between(page, `role="status"`, "</ul>"))
	}
	const search = "/desk/memory?from=uk&to=de&q="
	status, page = w.get(search + "%D1%80%D0%B0%D0%B4%D0%B0") // рада
	if status != 200 || !strings.Contains(page, `lang="uk">Верховна &lt;<mark>Рада</mark>&gt; ухвалила</td>`) || !strings.Contains(page, "alt.tmx") {
		t.Errorf("search: %d %s", status, between(page, "<tbody>", "</tbody>"))
	}
	remove := strings.ReplaceAll(between(page, `class="button small quiet" href="`, `"`), "&amp;", "&")
	if status, page := w.get(search + "Nirgends"); status != 200 || strings.Contains(page, "<tbody>") || !strings.Contains(page, `class="empty"`) {
		t.Errorf("nothing found: %d", status)
	}
	if status, page := w.get(search + "%20"); status != 422 && status != 400 || !strings.Contains(page, `class="form-errors"`) {
		t.Errorf("nothing asked: %d", status)
	}
	for name, bad := range map[string]string{"a page": "<html></html>", "entities": `<!DOCTYPE tmx [<!ENTITY a "b">]>` + file} {
		if status, page := w.upload("/desk/memory", "x.tmx", bad); status == 200 || status >= 500 || !strings.Contains(page, `class="form-errors"`) {
			t.Errorf("%s: %d", name, status)
		}
	}
	if status, page := w.get("/desk/memory.tmx?from=uk&to=de"); status != 200 || !strings.Contains(page, "<seg>Die Rada beschloss</seg>") {
		t.Errorf("export: %d", status)
	}
	admin := w.client
	w.client = w.signIn("translator@meridian.example")
	if status, page := w.get(search + "Rada"); status != 200 || strings.Contains(page, remove) || strings.Contains(page, `type="file"`) {
		t.Errorf("a translator: %d", status)
	}
	for _, path := range []string{"/desk/memory.tmx", remove} {
		if status, _ := w.get(path); status != 403 {
			t.Errorf("a translator at %s: %d", path, status)
		}
	}
	if status, _ := w.upload("/desk/memory", "x.tmx", file); status != 403 {
		t.Errorf("a translator imports: %d", status)
	}
	w.client = admin
	if status, _ := w.get(remove); status != 200 {
		t.Fatalf("the question: %d", status)
	}
	if status, to := w.post(remove, nil); status != 303 || !strings.HasPrefix(to, "/desk/memory?") {
		t.Errorf("deleting: %d %s", status, to)
	}
	if _, page := w.get(search + "Rada"); strings.Contains(page, "<tbody>") {
		t.Error("what was deleted is still found")
	}
	if status, _ := w.get(remove); status != 404 {
		t.Errorf("the question about what is gone: %d", status)
	}
}
