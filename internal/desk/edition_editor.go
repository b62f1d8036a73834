package desk

import (
	"encoding/json"
	"net/http"

	"depesche/internal/check"
	"depesche/internal/document"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/media"
	"depesche/internal/story"
)

// editorData is what the editor island reads: the document and all that it refers to.
func (d *Desk) editorData(r *http.Request, v *editionView, doc document.Doc, s story.Story, findings []check.Finding) error {
	var err error
	put := func(dst *json.RawMessage, value any) {
		if err == nil {
			*dst, err = json.Marshal(value)
		}
	}
	put(&v.DocJSON, doc)
	type sourceJSON struct {
		ID   string `json:"id"`
		Name string `json:"name"`
		Kind string `json:"kind"`
		Lang string `json:"lang,omitempty"`
	}
	sources := []sourceJSON{}
	for _, src := range s.Sources {
		sources = append(sources, sourceJSON{ID: src.ID, Name: src.Name, Kind: string(src.Kind), Lang: src.Lang.String()})
	}
	put(&v.SourcesJSON, sources)
	pictures := map[string]pictureJSON{}
	byID, e := d.Media.ByIDs(r.Context(), d.DB.Read(), mediaIDs(doc))
	if e != nil {
		return e
	}
	for mid, p := range byID {
		pictures[string(mid)] = toPictureJSON(p, lang.Tag(v.Lang))
	}
	put(&v.PicturesJSON, pictures)
	put(&v.TypographyJSON, typographyJSON(lang.Tag(v.Lang)))
	put(&v.FindingsJSON, findingsJSON(&v.frame, findings))
	type langJSON struct {
		Tag  string `json:"tag"`
		Name string `json:"name"`
	}
	var langs []langJSON
	for _, t := range allLanguages(v.tag) {
		langs = append(langs, langJSON{Tag: t.String(), Name: t.NameIn(v.tag)})
	}
	put(&v.LangsJSON, langs)
	return err
}

type findingJSON struct {
	Severity string `json:"severity"`
	Message  string `json:"message"`
	Address  string `json:"address"`
	Quote    string `json:"quote,omitempty"`
}

func findingsJSON(f *frame, findings []check.Finding) []findingJSON {
	out := []findingJSON{}
	for _, x := range findings {
		if x.Address != "" {
			out = append(out, findingJSON{Severity: severityName[x.Severity], Message: f.words.T(x.Word(), x.Args...), Address: string(x.Address), Quote: x.Excerpt})
		}
	}
	return out
}

// typographyJSON is what the editor types for " and ' and -- in this language.
func typographyJSON(t lang.Tag) map[string]any {
	ty := t.Typography()
	return map[string]any{
		"quote": ty.Quotes, "nested": ty.Nested, "apostrophe": ty.Apostrophe, "dash": ty.Dash.Mark, "ellipsis": "…", "inner": ty.QuoteSpace,
	}
}

// mediaIDs are the library pictures that a document places.
func mediaIDs(doc document.Doc) []media.ID {
	var out []media.ID
	add := func(s string) {
		if s != "" {
			out = append(out, media.ID(s))
		}
	}
	if doc.Picture != nil {
		add(doc.Picture.Media)
	}
	for _, b := range doc.Blocks {
		for _, p := range b.Pictures {
			add(p.Media)
		}
		if b.Embed != nil {
			add(b.Embed.Media)
		}
	}
	return out
}

func (d *Desk) newID() document.ID { return document.ID(id.New(d.Clock.Now())) }
