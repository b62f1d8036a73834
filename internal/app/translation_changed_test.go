package app

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"depesche/internal/check"
	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/translate"
)

// releases is the form of a release of these languages, with a reason for each warning.
func (p *newspaper) releases(act string, langs ...lang.Tag) url.Values {
	p.t.Helper()
	path := "/desk/stories/" + p.number + "/release"
	page := p.sees(path + "?act=" + act)
	form := controls(p.t, page, path)
	form.Del("edition")
	form.Del("hold")
	for _, l := range langs {
		id := string(p.edition(l).ID)
		form.Add("edition", id)
		for name := range form {
			if strings.HasPrefix(name, "override."+id+".") {
				form.Set(name, "as the engine has it")
			}
		}
	}
	return form
}

// page is what readers of a language see.
func (p *newspaper) page(l lang.Tag) string {
	p.t.Helper()
	res, err := http.Get(p.url + "/" + string(l) + "/" + p.number + "/" + p.edition(l).Slug)
	status, body := p.answer(res, err)
	if status != http.StatusOK {
		p.t.Fatalf("%s: %d %s", l, status, body)
	}
	return body
}

// out is the release of all together, and what each page says of itself.
func (p *newspaper) out() {
	p.t.Helper()
	p.sends("/desk/stories/"+p.number+"/release", p.releases("publish", "uk", "de", "en", "ru"))
	for l, want := range map[lang.Tag]struct {
		version lang.Version
		made    string
	}{
		"uk": {lang.Original, ""}, "de": {lang.MachineChecked, "CompositeWithTrainedAlgorithmicMedia"},
		"en": {lang.MachineChecked, "CompositeWithTrainedAlgorithmicMedia"}, "ru": {lang.Machine, "/TrainedAlgorithmicMedia"},
	} {
		page, checker := p.page(l), ""
		if want.version == lang.MachineChecked {
			checker = "Carla Chief"
		}
		if label := p.Words.In(l).Version(want.version, "uk", "", checker); !strings.Contains(said(page), label) {
			p.t.Errorf("%s doesn't say %q:\n%s", l, label, said(page))
		}
		if strings.Contains(page, "AlgorithmicMedia") != (want.made != "") || !strings.Contains(page, want.made) {
			p.t.Errorf("%s tells machines something else", l)
		}
		if strings.Contains(page, "noindex") != (l == "ru") {
			p.t.Errorf("%s: noindex", l)
		}
	}
	if !p.apertium {
		return
	}
	for _, path := range []string{"/ru/feed.rss", "/sitemap.xml"} {
		if status, _ := fetched(p.t, p.Handler(), path); status != http.StatusOK {
			p.t.Errorf("%s: %d", path, status)
		}
	}
}

const notice = "reader.correction_original"

// behind reports whether readers are told that the original was corrected.
func (p *newspaper) behind(l lang.Tag) bool {
	p.t.Helper()
	begin, _, _ := strings.Cut(p.Words.In(l).T(notice), "{date}")
	return strings.Contains(said(p.page(l)), strings.TrimSpace(begin))
}

// changed is the third paragraph of the original, from three to four.
func (p *newspaper) changed() {
	p.t.Helper()
	p.saves(p.document("чотири"))
	for _, l := range []lang.Tag{"de", "en", "ru"} {
		for addr, r := range p.rows(l) {
			if stale := r.State == translate.Stale; stale != (addr == "b3/text") {
				p.t.Errorf("%s %s is %s", l, addr, r.State)
			} else if stale && (r.Change.Weight != check.Fact || !r.Change.Firm) {
				p.t.Errorf("%s: the change is %+v", l, r.Change)
			}
		}
		row := p.row(l, "b3/text")
		for _, text := range []string{`data-weight="fact"`, "<del>три</del>", "<ins>чотири</ins>", p.rows(l)["b3/text"].Target.Plain()} {
			if !strings.Contains(row, text) {
				p.t.Errorf("the row of %s lacks %q: %s", l, text, row)
			}
		}
		form := p.releases("minor", l)
		if status, page := p.post("/desk/stories/"+p.number+"/release", form); status != http.StatusUnprocessableEntity {
			p.t.Errorf("%s goes out again: %d %s", l, status, said(page))
		}
	}
	p.heldBack()
	form := p.releases("correct", "uk")
	form.Set("text."+string(p.edition("uk").ID), "Посади втратили чотири, а не три посадовці.")
	p.sends("/desk/stories/"+p.number+"/release", form)
	for _, l := range []lang.Tag{"de", "en", "ru"} {
		if !p.behind(l) {
			p.t.Errorf("readers of %s aren't told", l)
		}
	}
}

// heldBack is an update of the original: the languages whose facts are stale stay as they are, and
// that they were left behind is recorded.
func (p *newspaper) heldBack() {
	p.t.Helper()
	path := "/desk/stories/" + p.number + "/release"
	form := controls(p.t, p.sees(path+"?act=update"), path)
	if form.Get("hold") == "" || len(form["held"]) != 3 || !slices.Equal(form["edition"], []string{string(p.edition("uk").ID)}) {
		p.t.Errorf("the form holds back %v: %v", form["held"], form["edition"])
	}
	before := p.edition("de").PublishedRev
	p.sends(path, form)
	if uk := p.edition("uk"); uk.PublishedRev != uk.Revision || p.edition("de").PublishedRev != before {
		p.t.Errorf("uk is out as %d of %d, de as %d", uk.PublishedRev, uk.Revision, p.edition("de").PublishedRev)
	}
}

// mended is the German edition, which tells of the correction.
func (p *newspaper) mended() {
	p.t.Helper()
	form := p.releases("correct", "de")
	id := string(p.edition("de").ID)
	const text = "Vier und nicht drei Beamte verloren ihre Posten."
	form.Set("text."+id, text)
	if status, page := p.post("/desk/stories/"+p.number+"/release", form); status != http.StatusUnprocessableEntity {
		p.t.Errorf("German tells of the correction unmended: %d %s", status, said(page))
	}
	p.confirms("de", "b3/text", document.Text("Vier Beamte verloren ihre Posten."))
	p.steps("de", "check")
	form = p.releases("correct", "de")
	form.Set("text."+id, text)
	page := p.sees("/desk/stories/" + p.number + "/release?act=correct&from=" + id)
	form.Set("of", controls(p.t, page, "/desk/stories/"+p.number+"/release").Get("of"))
	p.sends("/desk/stories/"+p.number+"/release", form)
	if german := said(p.page("de")); !strings.Contains(german, text) || !strings.Contains(german, "Vier Beamte") || p.behind("de") || !strings.Contains(german, "geprüft von Carla Chief") {
		p.t.Errorf("the mended page: %s", german)
	}
	for _, l := range []lang.Tag{"en", "ru"} {
		if !p.behind(l) {
			p.t.Errorf("readers of %s aren't told any more", l)
		}
	}
}
