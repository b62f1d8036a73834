package fill

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"depesche/internal/db"
	"depesche/internal/demo"
	"depesche/internal/events"
	"depesche/internal/lang"
	"depesche/internal/media"
	"depesche/internal/people"
	"depesche/internal/problem"
	"depesche/internal/topic"
)

// ErrRealPaper says that people have set the paper up, and that nobody said that it may be filled.
var ErrRealPaper = errors.New("people have set this paper up: stories that mean nothing would stand among theirs, on pages that readers see")

// Topics and authors that a paper has besides the demo's, so that lists are of all lengths.
const (
	moreTopics  = 280
	moreAuthors = 60
)

// setUp makes a paper where there is none, and refuses one that isn't for this.
func setUp(ctx context.Context, rooms demo.Rooms, o Options) (fresh bool, err error) {
	ready, err := rooms.Publication.Ready(ctx)
	if err != nil {
		return false, err
	}
	if !ready {
		if err := demo.House(ctx, rooms, o.Languages, o.House); err != nil {
			return false, err
		}
		return true, cast(ctx, rooms, o)
	}
	if err := mayFill(ctx, rooms, o); err != nil {
		return false, err
	}
	paper, err := rooms.Publication.Paper(ctx)
	if err != nil {
		return false, err
	}
	for _, l := range o.Languages {
		if !slices.Contains(paper.Active(), l) {
			return false, fmt.Errorf("this paper isn't published in %s, only in %s", l, join(paper.Active()))
		}
	}
	return false, nil
}

// mayFill refuses a paper that is neither the demo nor was filled before.
func mayFill(ctx context.Context, rooms demo.Rooms, o Options) error {
	if o.Into {
		return nil
	}
	st, err := readState(ctx, rooms.DB.Read())
	if err != nil || len(st.Runs) > 0 {
		return err
	}
	switch _, err := rooms.People.StaffByEmail(ctx, demo.Admin); {
	case problem.Is(err, problem.NotFound):
		return ErrRealPaper
	default:
		return err
	}
}

// cast gives the paper more topics and authors.
func cast(ctx context.Context, rooms demo.Rooms, o Options) error {
	return rooms.DB.Write(ctx, func(tx *db.Tx) error {
		kinds := []topic.Kind{topic.Place, topic.Place, topic.Person, topic.Organisation}
		for i := range moreTopics {
			t := topic.Topic{Kind: kinds[i%len(kinds)], Active: true, Names: map[lang.Tag]topic.Name{}}
			for _, l := range o.Languages {
				n := invented(o.Seed, i, l, t.Kind == topic.Person)
				t.Names[l] = topic.Name{Name: n, Slug: slug(n, i)}
			}
			if _, err := rooms.Topics.SaveTx(ctx, tx, Filler, t); err != nil {
				return fmt.Errorf("topic %d: %w", i, err)
			}
		}
		for i := range moreAuthors {
			a := people.Author{Kind: people.Person, Active: true, Names: map[lang.Tag]people.AuthorName{}}
			for _, l := range o.Languages {
				n := invented(o.Seed, moreTopics+i, l, true)
				a.Names[l] = people.AuthorName{Name: n, Slug: slug(n, i)}
			}
			if _, err := rooms.People.SaveAuthorTx(ctx, tx, Filler, a); err != nil {
				return fmt.Errorf("author %d: %w", i, err)
			}
		}
		return nil
	})
}

// invented is the i-th name in a language.
func invented(seed uint64, i int, l lang.Tag, somebody bool) string {
	r := rand.New(rand.NewPCG(seed, ^uint64(i))) //nolint:gosec // see clockwork.at
	if somebody {
		return person(r, l)
	}
	return name(r, l, 2+r.IntN(2))
}

// slug is of a name that another may have too.
func slug(name string, i int) string {
	return strings.Trim(lang.Tag("en").Slug(name, 0)+"-"+strconv.Itoa(i+1), "-")
}

// look reads what the paper has to tell stories in: sections, topics, authors, pictures.
func look(ctx context.Context, rooms demo.Rooms, st state, voices map[lang.Tag]*voice) (*scene, error) {
	s := &scene{seed: st.Seed, langs: st.Langs, voices: voices, words: st.Words}
	q := rooms.DB.Read()
	var err error
	if s.sections, err = rooms.Publication.Sections(ctx, q); err != nil {
		return nil, err
	}
	if s.topics, err = rooms.Topics.All(ctx, q); err != nil {
		return nil, err
	}
	if s.authors, err = rooms.People.Authors(ctx, q); err != nil {
		return nil, err
	}
	pictures, err := rooms.Media.List(ctx, q, media.Filter{Limit: 100})
	if err != nil {
		return nil, err
	}
	for _, p := range pictures {
		s.pictures = append(s.pictures, string(p.ID))
	}
	if len(s.sections) == 0 || len(s.authors) == 0 {
		return nil, errors.New("this paper has no section or no author yet")
	}
	slices.Sort(s.pictures)
	return s, nil
}

// over tells whoever serves the paper that everything is new, and lets PostgreSQL count what is there.
func over(ctx context.Context, rooms demo.Rooms) error {
	return rooms.DB.Write(ctx, func(tx *db.Tx) error {
		if rooms.DB.Engine() == db.Postgres {
			if _, err := tx.ExecContext(ctx, `ANALYZE`); err != nil {
				return err
			}
		}
		return events.Append(ctx, tx, "publication.changed", "publication:paper", nil)
	})
}
