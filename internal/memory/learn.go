package memory

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/problem"
)

// Learn remembers confirmed pairs, in the transaction in which they are confirmed. A segment that was
// confirmed before is remembered anew; one that has no text any more is forgotten. Give all segments
// of one act in one call.
func (s *Service) Learn(ctx context.Context, tx *db.Tx, units ...Unit) error {
	var keep []row
	var gone []Place
	for _, u := range units {
		u.Source, u.Target = u.Source.Normal(), u.Target.Normal()
		if len(u.Source) == 0 || len(u.Target) == 0 {
			gone = append(gone, Place{u.Edition, u.Address, u.From, u.To})
			continue
		}
		keep = append(keep, row{
			Entry: Entry{
				From: u.From, To: u.To, Source: u.Source, Target: u.Target, Story: u.Story, Edition: u.Edition,
				Address: u.Address, ByID: u.ByID, ByName: u.ByName, At: tx.Now(),
			},
			same: Place{u.Edition, u.Address, u.From, u.To}.same(), sourceRev: u.SourceRev, targetRev: u.TargetRev,
		})
	}
	if err := s.Unlearn(ctx, tx, gone...); err != nil {
		return err
	}
	if _, err := s.keep(ctx, tx, keep); err != nil {
		return fmt.Errorf("learn %d segments: %w", len(keep), err)
	}
	return nil
}

func (p Place) same() int64 {
	return int64(hash("own", string(p.Edition), string(p.Address), string(p.From), string(p.To))) //nolint:gosec // the bits count
}

// Unlearn forgets segments: they were taken back, or differ from their source on purpose. What isn't
// remembered may be forgotten. A deleted edition's are forgotten by themselves.
func (s *Service) Unlearn(ctx context.Context, tx *db.Tx, places ...Place) error {
	same := make([]int64, len(places))
	for i, p := range places {
		same[i] = p.same()
	}
	have, err := bySame(ctx, tx, same)
	if err != nil {
		return err
	}
	for _, e := range have {
		if err := forget(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

// Delete forgets a pair that is wrong, and those that say the same: who looks for it sees them as one.
func (s *Service) Delete(ctx context.Context, a actor.Actor, id ID) error {
	if !actor.May(a, actor.EditSettings, actor.Scope{}) {
		return problem.New(problem.Forbidden, "problem.forbidden")
	}
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := s.ByID(ctx, tx, id)
		if err != nil {
			return err
		}
		said, err := saying(ctx, tx, []Entry{e})
		if err != nil {
			return err
		}
		for _, e := range said[e.says()] {
			if err := forget(ctx, tx, e); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: a.ID, Act: "memory.delete", Subject: fmt.Sprintf("memory:%d", id), Detail: map[string]any{
			"source": e.Source.Plain(), "target": e.Target.Plain(), "from": e.From, "to": e.To,
		}})
	})
	if err != nil {
		return fmt.Errorf("delete memory entry %d: %w", id, err)
	}
	return nil
}

func forget(ctx context.Context, tx *db.Tx, e Entry) error {
	if err := dropKeys(ctx, tx, e); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM memory_unit WHERE id = $1`, e.ID)
	return err
}

// row is an entry as it is written.
type row struct {
	Entry
	same                 int64
	sourceRev, targetRev int64
	from, to             cut
}

// kept counts what became of rows.
type kept struct{ added, changed, unchanged int }

// keep writes rows, all confirmed or all imported. Those of which there is one already replace it; an
// imported one that says what a remembered pair says, whosever that is, is left out.
func (s *Service) keep(ctx context.Context, tx *db.Tx, rows []row) (kept, error) {
	var out kept
	rows = lastOfEach(rows)
	have, err := haveOf(ctx, tx, rows)
	if err != nil {
		return out, err
	}
	var fresh []row
	var keys []ref
	for _, r := range rows {
		r.from, r.to = cutOf(r.Source), cutOf(r.Target)
		r.exact = exactHash(r.From, r.To, r.from.normal)
		was, ok := have[r.same]
		switch {
		case !ok:
			fresh = append(fresh, r)
		case r.Edition == "" && sameText(was.Source, r.Source) && sameText(was.Target, r.Target):
			out.unchanged++
		default:
			r.ID = was.ID
			more, err := rewrite(ctx, tx, was, r)
			if err != nil {
				return out, err
			}
			keys = append(keys, more...)
			out.changed++
		}
	}
	if len(fresh) > 0 && fresh[0].Edition == "" { // what was confirmed here stays in any case: it belongs to its segment
		all := len(fresh)
		if fresh, err = unsaid(ctx, tx, fresh); err != nil {
			return out, err
		}
		out.unchanged += all - len(fresh)
	}
	more, err := insert(ctx, tx, fresh)
	if err != nil {
		return out, err
	}
	out.added = len(fresh)
	return out, putKeys(ctx, tx, append(keys, more...))
}

// unsaid leaves out rows that say what is remembered, or what a row before them says.
func unsaid(ctx context.Context, q db.Conn, rows []row) ([]row, error) {
	list := make([]Entry, len(rows))
	for i, r := range rows {
		list[i] = r.Entry
	}
	said, err := saying(ctx, q, list)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(rows, func(r row) bool {
		says := r.says()
		if len(said[says]) > 0 {
			return true
		}
		said[says] = []Entry{r.Entry}
		return false
	}), nil
}

// lastOfEach leaves the last of rows that replace each other.
func lastOfEach(rows []row) []row {
	last := make(map[int64]int, len(rows))
	for i, r := range rows {
		last[r.same] = i
	}
	var out []row
	for i, r := range rows {
		if last[r.same] == i {
			out = append(out, r)
		}
	}
	return out
}

func haveOf(ctx context.Context, q db.Conn, rows []row) (map[int64]Entry, error) {
	same := make([]int64, len(rows))
	for i, r := range rows {
		same[i] = r.same
	}
	return bySame(ctx, q, same)
}

func bySame(ctx context.Context, q db.Conn, same []int64) (map[int64]Entry, error) {
	out := map[int64]Entry{}
	err := inChunks(same, holesPerStatement, func(part []int64) error {
		rows, err := q.QueryContext(ctx, `SELECT u.same, u.id FROM memory_unit AS u WHERE u.same IN (`+holes(1, len(part))+`)`, anys(part)...)
		found := map[ID]int64{}
		_, err = db.Collect(rows, err, func(r *sql.Rows) (struct{}, error) {
			var same int64
			var id ID
			err := r.Scan(&same, &id)
			found[id] = same
			return struct{}{}, err
		})
		if err != nil || len(found) == 0 {
			return err
		}
		ids := make([]ID, 0, len(found))
		for id := range found {
			ids = append(ids, id)
		}
		entries, err := byIDs(ctx, q, ids)
		for id, e := range entries {
			out[found[id]] = e
		}
		return err
	})
	return out, err
}

func sameText(a, b document.Inline) bool {
	return slices.EqualFunc(a, b, func(x, y document.Span) bool { return x.Text == y.Text && slices.Equal(x.Marks, y.Marks) })
}

// rewrite writes a row over the one that is there and returns the keys that lead to it now.
func rewrite(ctx context.Context, tx *db.Tx, was Entry, r row) ([]ref, error) {
	_, err := tx.ExecContext(ctx, `
		UPDATE memory_unit SET source = $2, target = $3, exact = $4, source_rev = $5, target_rev = $6, by_id = $7, by_name = $8, at = $9
		WHERE id = $1`,
		r.ID, db.AsJSON(r.Source), db.AsJSON(r.Target), r.exact, r.sourceRev, r.targetRev, r.ByID, r.ByName, db.Time{Time: r.At})
	if err != nil {
		return nil, err
	}
	if was.Source.Plain() == r.Source.Plain() && was.Target.Plain() == r.Target.Plain() {
		return nil, nil
	}
	if err := dropKeys(ctx, tx, was); err != nil {
		return nil, err
	}
	return r.refs(), nil
}

// rowWidth is how many columns a unit has.
const rowWidth = 16

// errTaken says that somebody else took the number for a new unit, again and again.
var errTaken = errors.New("the next number is taken")

// insert writes new rows and returns the keys that lead to them. Numbers are given here, one after the
// other, so that the units of a story stand in few blocks; who loses a race for one takes the next.
func insert(ctx context.Context, tx *db.Tx, rows []row) ([]ref, error) {
	var out []ref
	var last ID
	for part := range slices.Chunk(rows, holesPerStatement/rowWidth) {
		for tries := 0; len(part) > 0; tries++ {
			if tries == 100 {
				return nil, problem.Wrap(problem.Unavailable, "", errTaken)
			}
			if last == 0 || tries > 0 {
				if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(id), 0) FROM memory_unit`).Scan(&last); err != nil {
					return nil, err
				}
			}
			args := make([]any, 0, rowWidth*len(part))
			for i := range part {
				part[i].ID = last + 1 + ID(i)
				args = append(args, part[i].values()...)
			}
			written, err := tx.QueryContext(ctx, `
				INSERT INTO memory_unit (id, from_lang, to_lang, source, target, exact, same, edition_id, address, story_id, source_rev, target_rev, imported, by_id, by_name, at)
				VALUES `+tuples(1, len(part), rowWidth)+` ON CONFLICT (id) DO NOTHING RETURNING id`, args...)
			ids, err := db.Collect(written, err, func(r *sql.Rows) (id ID, err error) {
				err = r.Scan(&id)
				return id, err
			})
			if err != nil {
				return nil, err
			}
			var lost []row
			done := make(map[ID]bool, len(ids))
			for _, id := range ids {
				done[id] = true
			}
			for _, r := range part {
				if done[r.ID] {
					out = append(out, r.refs()...)
				} else {
					lost = append(lost, r)
				}
			}
			last += ID(len(part))
			part = lost
		}
	}
	return out, nil
}

func (r row) values() []any {
	ed := sql.NullString{String: string(r.Edition), Valid: r.Edition != ""}
	return []any{
		r.ID, r.From, r.To, db.AsJSON(r.Source), db.AsJSON(r.Target), r.exact, r.same, ed, r.Address, r.Story,
		r.sourceRev, r.targetRev, r.Imported, r.ByID, r.ByName, db.Time{Time: r.At},
	}
}

// ref is a row of the index.
type ref struct {
	key int32
	to  int64
}

// refs are all that lead to a unit.
func (r row) refs() []ref {
	out := make([]ref, 0, keysPerUnit+len(r.from.tokens)+len(r.to.tokens))
	out = append(out, r.Entry.refs(r.from.tokens)...)
	for _, t := range r.from.tokens {
		if !t.mark {
			out = append(out, ref{wordKey(r.From, t), r.ID.block()})
		}
	}
	for _, t := range r.to.tokens {
		if !t.mark {
			out = append(out, ref{wordKey(r.To, t), r.ID.block()})
		}
	}
	return out
}

// refs are those that lead to this unit alone.
func (e Entry) refs(source []token) []ref {
	var out []ref
	for _, k := range unitKeys(e.From, e.To, source) {
		out = append(out, ref{k, int64(e.ID)})
	}
	return out
}

// putKeys writes rows of the index, in order: two that write at once then wait for each other instead
// of crossing.
func putKeys(ctx context.Context, tx *db.Tx, list []ref) error {
	slices.SortFunc(list, func(a, b ref) int {
		if a.key != b.key {
			return int(int64(a.key) - int64(b.key))
		}
		return int(a.to - b.to)
	})
	list = slices.Compact(list)
	return inChunks(list, holesPerStatement/2, func(part []ref) error {
		args := make([]any, 0, 2*len(part))
		for _, r := range part {
			args = append(args, r.key, r.to)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO memory_key (key, ref) VALUES `+tuples(1, len(part), 2)+` ON CONFLICT DO NOTHING`, args...)
		return err
	})
}

// dropKeys takes away what leads to the entry alone. Words lead to its whole block and stay: what they
// lead to is read and compared anyway.
func dropKeys(ctx context.Context, tx *db.Tx, e Entry) error {
	for _, r := range e.refs(cutOf(e.Source).tokens) {
		if _, err := tx.ExecContext(ctx, `DELETE FROM memory_key WHERE key = $1 AND ref = $2`, r.key, r.to); err != nil {
			return err
		}
	}
	return nil
}
