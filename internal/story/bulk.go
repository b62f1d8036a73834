package story

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"depesche/internal/db"
)

// Reserve takes n numbers in a row and returns the first.
func (s *Service) Reserve(ctx context.Context, tx *db.Tx, n int) (int64, error) {
	if n < 1 {
		return 0, errors.New("no number to reserve")
	}
	first, err := nextNumber(ctx, tx)
	if err != nil {
		return 0, fmt.Errorf("numbers of stories: %w", err)
	}
	_, err = tx.ExecContext(ctx, `UPDATE setting SET value = $1 WHERE key = 'story.number'`, strconv.FormatInt(first+int64(n)-1, 10))
	return first, err
}

// Put stores a story with its authors, topics and sources as its acts would have left it, for a paper
// that is made in bulk.
func Put(b *db.Bulk, st Story) error {
	var section any
	if st.Section != "" {
		section = string(st.Section)
	}
	err := b.Put("story", "id, number, kind, section_id, original_lang, embargo_until, version, created_by, created_at, updated_at",
		st.ID, st.Number, st.Kind, section, st.OriginalLang, db.NullOf(st.Embargo), st.Version, st.CreatedBy,
		db.Time{Time: st.Created}, db.Time{Time: st.Updated})
	for i, a := range st.Authors {
		err = errors.Join(err, b.Put("story_author", "story_id, author_id, position", st.ID, a, i+1))
	}
	for i, t := range st.Topics {
		err = errors.Join(err, b.Put("story_topic", "story_id, topic_id, position", st.ID, t, i+1))
	}
	for i, src := range st.Sources {
		err = errors.Join(err, b.Put("source", "id, story_id, position, kind, name, url, lang, dated, accessed, texts",
			src.ID, st.ID, i+1, src.Kind, src.Name, src.URL, src.Lang, src.Date, src.Accessed, db.AsJSON(toJSON(src.Texts))))
	}
	return err
}
