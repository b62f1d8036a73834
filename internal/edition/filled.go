package edition

import (
	"context"
	"database/sql"

	"depesche/internal/db"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/topic"
)

// FilledTopics returns, of each topic that has stories out, the languages in which it has them.
func (s *Service) FilledTopics(ctx context.Context, q db.Conn) (map[topic.ID]map[lang.Tag]bool, error) {
	db.Note(q, "filled", "topics")
	return filled[topic.ID](ctx, q, `
		SELECT x.id, l.lang FROM topic AS x CROSS JOIN publication_language AS l
		WHERE EXISTS (SELECT 1 FROM card_topic AS c WHERE c.topic_id = x.id AND c.lang = l.lang)`)
}

// FilledAuthors is [Service.FilledTopics] of authors.
func (s *Service) FilledAuthors(ctx context.Context, q db.Conn) (map[people.AuthorID]map[lang.Tag]bool, error) {
	db.Note(q, "filled", "authors")
	return filled[people.AuthorID](ctx, q, `
		SELECT x.id, l.lang FROM author AS x CROSS JOIN publication_language AS l
		WHERE EXISTS (SELECT 1 FROM card_author AS c WHERE c.author_id = x.id AND c.lang = l.lang)`)
}

func filled[ID ~string](ctx context.Context, q db.Conn, query string) (map[ID]map[lang.Tag]bool, error) {
	type pair struct {
		id   ID
		lang lang.Tag
	}
	rows, err := q.QueryContext(ctx, query)
	list, err := db.Collect(rows, err, func(r *sql.Rows) (p pair, err error) {
		err = r.Scan(&p.id, &p.lang)
		return p, err
	})
	out := map[ID]map[lang.Tag]bool{}
	for _, p := range list {
		if out[p.id] == nil {
			out[p.id] = map[lang.Tag]bool{}
		}
		out[p.id][p.lang] = true
	}
	return out, err
}
