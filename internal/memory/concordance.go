package memory

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"

	"depesche/internal/db"
	"depesche/internal/entry"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

const (
	// phraseWords is how many words of a phrase count.
	phraseWords = 8
	// blocksPerSearch bounds what one request reads: a phrase of common words that stands nowhere. The
	// cursor then leads on.
	blocksPerSearch = 96
	// MaxPhrase bounds a phrase, in characters.
	MaxPhrase = 200
)

// Search asks where a phrase stands, in either language of a pair, whichever was the original.
type Search struct {
	From, To lang.Tag
	Phrase   string
	Before   ID // the cursor; 0 begins with the newest
	Limit    int
}

// Hit is a pair in which the phrase stands. Its texts are in the order that was asked for.
type Hit struct {
	Entry
	// Turned says that the pair was translated the other way round: Source is in Search.From all the same.
	Turned bool
	// InSource and InTarget are where the phrase stands in the plain texts, in bytes.
	InSource, InTarget [][2]int
}

// Concordance returns where a phrase stands, the newest first, and the cursor of the next page, 0 at the
// end. A page may be empty and not be the last. Words are found in other forms, too: if they begin
// alike and their ends are short. Pairs that say the same are one hit, the newest of them.
func (s *Service) Concordance(ctx context.Context, q db.Conn, o Search) ([]Hit, ID, error) {
	phrase := phraseOf(o.Phrase)
	if len(phrase) == 0 || len([]rune(o.Phrase)) > MaxPhrase {
		var f problem.Fields
		if len(phrase) == 0 {
			f.Add("q", entry.Required, o.Phrase)
		} else {
			f.Add("q", entry.TooLong, o.Phrase, "n", MaxPhrase)
		}
		return nil, 0, f.Err()
	}
	if o.Limit <= 0 {
		o.Limit = 25
	}
	if o.Before <= 0 {
		o.Before = math.MaxInt32
	}
	hits, next, err := o.look(ctx, q, phrase)
	if err != nil {
		return nil, 0, fmt.Errorf("concordance %s-%s: %w", o.From, o.To, err)
	}
	return hits, next, nil
}

func (o Search) look(ctx context.Context, q db.Conn, phrase []token) ([]Hit, ID, error) {
	blocks, more, err := o.blocks(ctx, q, phrase)
	if err != nil {
		return nil, 0, err
	}
	var hits []Hit
	for _, b := range blocks {
		ids, err := o.block(ctx, q, b, phrase)
		if err != nil {
			return nil, 0, err
		}
		entries, err := byIDs(ctx, q, ids)
		if err != nil {
			return nil, 0, err
		}
		var found []Hit
		for _, id := range ids {
			if h, ok := o.hit(entries[id], phrase); ok {
				found = append(found, h)
			}
		}
		for part := range slices.Chunk(found, o.Limit) {
			if part, err = newest(ctx, q, entries, part); err != nil {
				return nil, 0, err
			}
			if hits = append(hits, part...); len(hits) >= o.Limit {
				hits = hits[:o.Limit]
				return hits, hits[o.Limit-1].ID, nil
			}
		}
	}
	return hits, more, nil
}

// newest leaves out hits of which a newer one says the same: it stands before them, or on an earlier page.
func newest(ctx context.Context, q db.Conn, entries map[ID]Entry, hits []Hit) ([]Hit, error) {
	list := make([]Entry, len(hits))
	for i, h := range hits {
		list[i] = entries[h.ID]
	}
	said, err := saying(ctx, q, list)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(hits, func(h Hit) bool {
		return slices.ContainsFunc(said[entries[h.ID].says()], func(e Entry) bool { return e.ID > h.ID })
	}), nil
}

// blocks are those in which all words of the phrase stand in one of the languages, newest first, and
// the cursor if there are more.
func (o Search) blocks(ctx context.Context, q db.Conn, phrase []token) ([]int64, ID, error) {
	var all []int64
	more := false
	for _, l := range distinct([]lang.Tag{o.From, o.To}) {
		list, err := o.blocksIn(ctx, q, l, phrase)
		if err != nil {
			return nil, 0, err
		}
		more = more || len(list) == blocksPerSearch
		all = append(all, list...)
	}
	all = distinct(all)
	slices.Reverse(all)
	if len(all) > blocksPerSearch {
		all, more = all[:blocksPerSearch], true
	}
	if !more {
		return all, 0, nil
	}
	return all, ID(all[len(all)-1] << blockBits), nil
}

// blocksIn are the newest in which all words of the phrase stand in the language.
func (o Search) blocksIn(ctx context.Context, q db.Conn, l lang.Tag, phrase []token) ([]int64, error) {
	phrase = slices.Clone(phrase)
	// A long word leads to few.
	slices.SortStableFunc(phrase, func(a, b token) int { return len(b.lower) - len(a.lower) })
	args := []any{(o.Before - 1).block()}
	where := ""
	for i, t := range phrase {
		keys := searchKeys(l, t)
		in := holes(len(args)+1, len(keys))
		for _, k := range keys {
			args = append(args, k)
		}
		if i == 0 {
			where = `a.key IN (` + in + `)`
		} else {
			where += ` AND EXISTS (SELECT 1 FROM memory_key AS b WHERE b.key IN (` + in + `) AND b.ref = a.ref)`
		}
	}
	rows, err := q.QueryContext(ctx, `
		SELECT DISTINCT a.ref FROM memory_key AS a WHERE `+where+` AND a.ref <= $1
		ORDER BY a.ref DESC LIMIT `+strconv.Itoa(blocksPerSearch), args...)
	return db.Collect(rows, err, func(r *sql.Rows) (b int64, err error) {
		err = r.Scan(&b)
		return b, err
	})
}

// block returns the units of a block that may hold the phrase, the newest first. It reads no more of
// each than its texts: most don't hold it.
func (o Search) block(ctx context.Context, q db.Conn, b int64, phrase []token) ([]ID, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT u.id, u.source, u.target FROM memory_unit AS u
		WHERE u.id >= $1 AND u.id < $2 AND u.id < $3 AND (u.from_lang = $4 AND u.to_lang = $5 OR u.from_lang = $5 AND u.to_lang = $4)
		ORDER BY u.id DESC`, b<<blockBits, (b+1)<<blockBits, o.Before, o.From, o.To)
	var out []ID
	var small []byte
	begin := begins(phrase)
	holds := func(stored []byte) bool {
		small = appendLower(small[:0], stored)
		return mayHold(small, begin)
	}
	_, err = db.Collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var id ID
		var source, target sql.RawBytes
		err := r.Scan(&id, &source, &target)
		if holds(source) || holds(target) {
			out = append(out, id)
		}
		return struct{}{}, err
	})
	return out, err
}

// hit says whether the phrase stands in a pair, and where.
func (o Search) hit(e Entry, phrase []token) (Hit, bool) {
	h := Hit{Entry: e, InSource: find(e.Source.Plain(), phrase), InTarget: find(e.Target.Plain(), phrase)}
	if e.From != o.From {
		h.Turned = true
		h.Source, h.Target, h.InSource, h.InTarget = h.Target, h.Source, h.InTarget, h.InSource
	}
	return h, len(h.InSource)+len(h.InTarget) > 0
}

// begins are how the words of a phrase begin in whatever form, small. Apostrophes and hyphens are stored
// as they were written, so what stands before them counts.
func begins(phrase []token) [][]byte {
	var out [][]byte
	for _, t := range phrase {
		n := len(t.lower)
		if !t.number {
			n = min(n, max(wordRunes, n-endRunes))
		}
		begin, _, _ := strings.Cut(strings.Map(lettersOnly, string(t.lower[:n])), "\x00")
		out = append(out, []byte(begin))
	}
	return out
}

func mayHold(small []byte, begins [][]byte) bool {
	for _, b := range begins {
		if !bytes.Contains(small, b) {
			return false
		}
	}
	return true
}

// appendLower appends s in small letters, as bytes.ToLower writes it, to a buffer that is used again and again.
func appendLower(to, s []byte) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c < utf8.RuneSelf:
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			to = append(to, c)
			i++
			continue
		case c == 0xd0 && i+1 < len(s) && 0x90 <= s[i+1] && s[i+1] < 0xc0: // most of Cyrillic
			d := s[i+1]
			switch {
			case d < 0xa0:
				to = append(to, 0xd0, d+0x20)
			case d < 0xb0:
				to = append(to, 0xd1, d-0x20)
			default:
				to = append(to, 0xd0, d)
			}
			i += 2
			continue
		}
		r, n := utf8.DecodeRune(s[i:])
		to = utf8.AppendRune(to, unicode.ToLower(r))
		i += n
	}
	return to
}

func lettersOnly(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return r
	}
	return 0
}

func phraseOf(s string) []token {
	var out []token
	for _, t := range tokens(Normal(s)) {
		if !t.mark && len(out) < phraseWords {
			out = append(out, t)
		}
	}
	return out
}

// find returns where the words of a phrase stand one behind the other, whatever marks and spaces are
// between them.
func find(text string, phrase []token) [][2]int {
	type word struct {
		token
		from, to int
	}
	var list []word
	at := 0
	for it := words.FromString(text); it.Next(); {
		v := it.Value()
		if cut := tokens(Normal(v)); len(cut) == 1 && !cut[0].mark {
			list = append(list, word{cut[0], at, at + len(v)})
		}
		at += len(v)
	}
	var out [][2]int
	for i := 0; i+len(phrase) <= len(list); i++ {
		n := 0
		for n < len(phrase) && sameWord(list[i+n].token, phrase[n]) {
			n++
		}
		if n == len(phrase) {
			out = append(out, [2]int{list[i].from, list[i+n-1].to})
			i += n - 1
		}
	}
	return out
}

// sameWord says that two words are forms of one, as far as their beginnings tell.
func sameWord(a, b token) bool {
	x, y := a.lower, b.lower
	if len(x) > len(y) {
		x, y = y, x
	}
	n := 0
	for n < len(x) && x[n] == y[n] {
		n++
	}
	if n == len(x) && n == len(y) {
		return true
	}
	// Short words and numbers have no forms; an ending is short, and no longer than what it ends.
	return !a.number && !b.number && n >= wordRunes && len(y)-n <= 3
}
