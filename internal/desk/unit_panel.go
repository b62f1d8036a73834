package desk

import (
	"net/http"
	"strings"

	"depesche/internal/lang"
	"depesche/internal/memory"
	"depesche/internal/web"
)

// termCard is a name or a term of the text, with the rows that it stands in.
type termCard struct {
	gloss
	Right                     string // the spelling to be put in
	Note, Remark, Gender      string
	Rows, SourceLang, TextDir string
	Lang                      string
	May                       bool
}

// termCards are the names and terms of the original, in its order.
func (b *bench) termCards() []termCard {
	var out []termCard
	at := map[string]int{}
	for i, row := range b.work.Rows {
		for _, h := range b.terms[row.Address] {
			n, known := at[string(h.Entry.ID)]
			if !known {
				n = len(out)
				at[string(h.Entry.ID)] = n
				out = append(out, termCard{
					gloss: b.gloss(h), Right: h.Target.Text, Note: h.Entry.Note, Remark: h.Target.Remark, SourceLang: b.work.From.String(), Lang: b.ed.Lang.String(), TextDir: b.ed.Lang.Dir(), May: b.may,
				})
				if h.Target.Gender != "" {
					out[n].Gender = b.words.T("register.gender." + string(h.Target.Gender))
				}
			}
			if id := "u-" + itoa(i+1); !strings.Contains(" "+out[n].Rows+" ", " "+id+" ") {
				out[n].Rows = strings.TrimSpace(out[n].Rows + " " + id)
			}
		}
	}
	return out
}

// memorySearch is the search of the memory in the panel.
type memorySearch struct{ From, To, Action string }

// memoryFound is what the memory has for a phrase, in the panel.
type memoryFound struct {
	Rows     []memoryHit
	Word     string
	Lang, To string
	May      bool
}

type memoryHit struct {
	Source, Target []memoryPiece
	Text, About    string
}

// hitsInPanel is how many hits stand in the panel; more are on the memory's own screen.
const hitsInPanel = 8

// memoryJSON looks a phrase up for the panel.
func (d *Desk) memoryJSON(w http.ResponseWriter, r *http.Request) error {
	ed, s, err := d.editionOf(r)
	if err != nil {
		return err
	}
	f := d.frame(r, "desk.nav.translations", "")
	phrase := strings.TrimSpace(r.URL.Query().Get("q"))
	hits, _, err := d.Memory.Concordance(r.Context(), d.DB.Read(), memory.Search{From: s.OriginalLang, To: ed.Lang, Phrase: phrase, Limit: hitsInPanel})
	if err != nil {
		return d.saveRefused(w, r, err)
	}
	v := memoryFound{Lang: s.OriginalLang.String(), To: ed.Lang.String(), May: mayWrite(who(r), ed, s), Word: f.words.T("desk.translate.found", "n", len(hits))}
	for _, h := range hits {
		about := h.Imported
		if about == "" {
			about = h.ByName
		}
		v.Rows = append(v.Rows, memoryHit{
			Source: piecesOf(h.Source, h.InSource), Target: piecesOf(h.Target, h.InTarget), Text: h.Target.Plain(),
			About: strings.Join([]string{about, f.tag.Date(h.At.In(f.loc), lang.DayShort)}, ", "),
		})
	}
	html, err := d.part(f.tag, "translate", "memory-found", v)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"html": html})
}
