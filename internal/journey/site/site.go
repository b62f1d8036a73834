// Package site is a whole paper as a stranger finds it: the demo with a story in Arabic beside, and a
// crawler that reads it to the last address. Its tests hold the paper against what others ask of one:
// feed readers, search engines, readers of articles. What needs a browser or Java does so in journey.
package site

import (
	"context"
	_ "embed" // the story in Arabic
	"fmt"
	"log/slog"

	"depesche/internal/actor"
	"depesche/internal/app"
	"depesche/internal/config"
	"depesche/internal/db"
	"depesche/internal/demo"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/publication"
	"depesche/internal/topic"
)

// Arabic is the paper's language that runs from right to left.
const Arabic lang.Tag = "ar"

//go:embed arabic.md
var arabic []byte

// told is the number of the demo's story that is told in Arabic, too.
const told = 14

// names are what the sections are called in Arabic, by their German slug, and the slug.
var names = map[string]publication.Name{
	"krieg-in-der-ukraine": {Name: "الحرب في أوكرانيا", Slug: "alharb"},
	"politik":              {Name: "سياسة", Slug: "siyasa"},
	"gesellschaft":         {Name: "مجتمع", Slug: "mujtama"},
}

// Open builds the demo paper with its edition in Arabic. Close it.
func Open(ctx context.Context, cfg config.Config, log *slog.Logger) (*app.App, error) {
	a, err := app.NewDemo(ctx, cfg, log, false, func(int, int) {})
	if err != nil {
		return nil, err
	}
	if err := tellInArabic(ctx, a); err != nil {
		return nil, fmt.Errorf("the story in Arabic: %w", err)
	}
	return a, nil
}

func tellInArabic(ctx context.Context, a *app.App) error {
	by := actor.System("demo")
	paper, err := a.Publication.Paper(ctx)
	if err != nil {
		return err
	}
	paper.Languages = append(paper.Languages, publication.Language{Tag: Arabic, Active: true, Name: "ميريديان", About: "أخبار أوكرانيا وأوروبا"})
	if _, err := a.Publication.SavePaper(ctx, by, paper); err != nil {
		return err
	}
	sections, err := a.Publication.Sections(ctx, a.DB.Read())
	if err != nil {
		return err
	}
	for _, s := range sections {
		if name, ok := names[s.Names["de"].Slug]; ok {
			s.Names[Arabic] = name
			if _, err := a.Publication.SaveSection(ctx, by, s); err != nil {
				return err
			}
		}
	}
	st, err := a.Stories.ByNumber(ctx, a.DB.Read(), told)
	if err != nil {
		return err
	}
	if err := nameInArabic(ctx, a, by, st.Authors, st.Topics); err != nil {
		return err
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		german, err := a.Editions.ByLanguage(ctx, tx, st.ID, "de")
		if err != nil {
			return err
		}
		doc, err := written(german.Doc)
		if err != nil {
			return err
		}
		_, _, err = a.Editions.Import(ctx, tx, by, edition.Imported{
			Story: st.ID, Lang: Arabic, Doc: doc, Translator: "أمل حداد", Made: edition.MadeHuman, Published: german.FirstPublished, Why: "told in Arabic",
		})
		return err
	})
}

func nameInArabic(ctx context.Context, a *app.App, by actor.Actor, authors []people.AuthorID, topics []topic.ID) error {
	for _, id := range authors {
		au, err := a.People.AuthorByID(ctx, a.DB.Read(), id)
		if err != nil {
			return err
		}
		au.Names[Arabic] = people.AuthorName{Name: "مراسلة خاركيف", Slug: "murasila", About: "تكتب من شرق أوكرانيا."}
		if _, err := a.People.SaveAuthor(ctx, by, au); err != nil {
			return err
		}
	}
	if len(topics) == 0 {
		return nil
	}
	tp, err := a.Topics.ByID(ctx, a.DB.Read(), topics[0])
	if err != nil {
		return err
	}
	tp.Names[Arabic] = topic.Name{Name: "خاركيف", Slug: "kharkiv"}
	_, err = a.Topics.Save(ctx, by, tp)
	return err
}

// written is the text in Arabic, with the picture of the edition that it stands beside.
func written(beside document.Doc) (document.Doc, error) {
	ed, err := demo.EditionOf(arabic)
	if err != nil {
		return document.Doc{}, err
	}
	doc, err := ed.Doc(beside.Picture.Media)
	if err != nil {
		return doc, err
	}
	doc.Slug = "ashjar-kharkiv"
	doc.Picture.Credit, doc.Picture.ID = beside.Picture.Credit, beside.Picture.ID
	return doc, nil
}
