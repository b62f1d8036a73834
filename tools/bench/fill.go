package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/publication"
	"depesche/internal/story"
)

// sentence is what the stories of the measured paper say, in a hundred variations.
const sentence = "The council of district %d decided on %d May to repair %d bridges before the winter, and the regional office said that %d of them would open early. "

// fill makes a paper of n stories, two thirds of them in two languages.
func fill(ctx context.Context, data string, n int) (err error) {
	a, err := open(ctx, data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	who := actor.System("bench")
	var section publication.SectionID
	var author people.AuthorID
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		return a.Publication.SetUp(ctx, tx, publication.Setup{Name: "Bench", Languages: []lang.Tag{"en", "de"}, MainLang: "en", TimeZone: "Europe/Berlin", BaseURL: "http://127.0.0.1:18089"})
	})
	if err != nil {
		return err
	}
	sec, err := a.Publication.SaveSection(ctx, who, publication.Section{Active: true, Names: map[lang.Tag]publication.Name{"en": {Name: "Region", Slug: "region"}, "de": {Name: "Region", Slug: "region"}}})
	if err != nil {
		return err
	}
	au, err := a.People.SaveAuthor(ctx, who, people.Author{Active: true, Names: map[lang.Tag]people.AuthorName{"en": {Name: "Regional desk", Slug: "regional-desk"}, "de": {Name: "Redaktion Region", Slug: "redaktion-region"}}})
	if err != nil {
		return err
	}
	section, author = sec.ID, au.ID
	const batch = 200
	for from := 0; from < n; from += batch {
		err := a.DB.Write(ctx, func(tx *db.Tx) error {
			for i := from; i < min(from+batch, n); i++ {
				if err := one(ctx, a.Stories, a.Editions, tx, who, i, section, author); err != nil {
					return fmt.Errorf("story %d: %w", i, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func one(ctx context.Context, stories *story.Service, editions *edition.Service, tx *db.Tx, who actor.Actor, i int, section publication.SectionID, author people.AuthorID) error {
	at := time.Now().Add(-time.Duration(i) * 37 * time.Minute)
	st, err := stories.CreateTx(ctx, tx, who, story.NewStory{Kind: story.News, OriginalLang: "en", Section: section, Authors: []people.AuthorID{author}, At: at})
	if err != nil {
		return err
	}
	langs := []lang.Tag{"en", "de"}
	if i%3 == 0 {
		langs = langs[:1]
	}
	for _, l := range langs {
		doc := document.Doc{Headline: fmt.Sprintf("District %d repairs %d bridges before the winter", i, i%90+2), Kicker: "Roads", Lead: document.Text(fmt.Sprintf(sentence, i, i%30+1, i%90+2, i%7))}
		for b := range 14 {
			text := ""
			for s := range 3 {
				text += fmt.Sprintf(sentence, i*7+b, (i+s)%30+1, (i+b)%90+2, s)
			}
			doc.Blocks = append(doc.Blocks, document.Block{ID: document.ID(fmt.Sprintf("b%d", b)), Kind: document.Paragraph, Text: document.Text(text)})
		}
		if _, _, err := editions.Import(ctx, tx, who, edition.Imported{Story: st.ID, Lang: l, Doc: doc, Published: &at, Why: "bench"}); err != nil {
			return err
		}
	}
	return nil
}
