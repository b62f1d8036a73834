package page

import (
	"encoding/json"
	"html/template"

	"depesche/internal/lang"
	"depesche/internal/publication"
)

// WorkerPath is the address of the script that keeps what was read on the reader's device. A script
// keeps pages below its own address only, so it is at the root.
const WorkerPath = "/sw.js"

// KeptPath is the address of the page on which the reader's device shows what it keeps.
func KeptPath(l lang.Tag) string { return "/offline/" + string(l) + "/" }

// KeepNothing has the pages leave nothing on readers' devices; [Pages.Worker] then removes what is
// there. It is called before the first page is drawn.
func (p *Pages) KeepNothing() { p.nothing = true }

// keep is the attribute by which a page's script knows the worker.
func (p *Pages) keep() template.HTMLAttr {
	if p.nothing {
		return ""
	}
	return ` data-keep="` + WorkerPath + `"`
}

// Kept is the page on which the reader's device shows what it keeps; the worker fills it.
type Kept struct{ Frame }

// Kept is that page, empty.
func (s *Site) Kept() *Kept {
	here := where{}
	for _, l := range s.Paper.Active() {
		if s.out[l] || l == s.Lang {
			here[l] = KeptPath(l)
		}
	}
	v := &Kept{Frame: s.frame(s.t("reader.kept_list")+" | "+s.Name(), "", here)}
	v.NoIndex, v.Alternates, v.Other = true, nil, ""
	return v
}

// workerWords are those that the worker puts into pages.
type workerWords struct {
	Offline string `json:"offline"`
	Kept    string `json:"kept"`
	Missing string `json:"missing"`
	List    string `json:"list"`
	Forget  string `json:"forget"`
	Tag     string `json:"tag"`
}

// Worker is the script that keeps what was read on the reader's device, for this paper. Browsers ask
// for it anew with each visit, and take another one as soon as one byte differs.
func (p *Pages) Worker(paper publication.Paper) ([]byte, error) {
	if p.nothing {
		return p.assets.Bytes("forget.js"), nil
	}
	words := map[lang.Tag]workerWords{}
	for _, l := range paper.Active() {
		w := p.words.In(l)
		words[l] = workerWords{
			Offline: w.T("reader.offline"), Kept: w.T("reader.kept", "date", "{date}"), Missing: w.T("reader.kept_missing"),
			List: w.T("reader.kept_list"), Forget: w.T("reader.kept_forget"), Tag: string(w.Tag()),
		}
	}
	data, err := json.Marshal(map[string]any{"langs": words})
	if err != nil {
		return nil, err
	}
	return append(append([]byte("const paper="), data...), append([]byte(";\n"), p.assets.Bytes("offline.js")...)...), nil
}
