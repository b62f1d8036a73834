package memory

import (
	"context"
	"fmt"
	"io"
	"strconv"

	"depesche/internal/db"
	"depesche/internal/lang"
	"depesche/internal/memory/tmx"
)

// pageOfExport is how many units are read at once.
const pageOfExport = 1000

// ExportOptions say what is written into a TMX file.
type ExportOptions struct {
	From, To lang.Tag // "" for all
	Version  string   // of this program
	// Progress is told how many pairs were written. May be nil.
	Progress func(written int)
}

// Export writes what is remembered as TMX 1.4b and returns how many pairs. It reads page by page, so
// that it takes no memory and holds nobody up; what is confirmed meanwhile may be in it or not.
func (s *Service) Export(ctx context.Context, q db.Conn, w io.Writer, o ExportOptions) (int, error) {
	source := tmx.All
	if o.From != "" {
		source = string(o.From)
	}
	out := tmx.NewWriter(w, source, o.Version)
	n := 0
	for after := ID(-1); ; {
		rows, err := q.QueryContext(ctx, `
			SELECT `+columns+` FROM memory_unit AS u
			WHERE u.id > $1 AND ($2 = '' OR u.from_lang = $2) AND ($3 = '' OR u.to_lang = $3)
			ORDER BY u.id LIMIT $4`, after, o.From, o.To, pageOfExport)
		list, err := db.Collect(rows, err, scan)
		if err != nil {
			return n, fmt.Errorf("export of the memory: %w", err)
		}
		for _, e := range list {
			if err := out.Write(unitOf(e)); err != nil {
				return n, err
			}
			n, after = n+1, e.ID
		}
		if o.Progress != nil {
			o.Progress(n)
		}
		if len(list) < pageOfExport {
			return n, out.Close()
		}
	}
}

func unitOf(e Entry) tmx.Unit {
	u := tmx.Unit{
		ID: strconv.FormatInt(int64(e.ID), 10), Source: string(e.From), Created: e.At, Changed: e.At, By: e.ByName,
		Variants: []tmx.Variant{{Lang: string(e.From), Text: abroad(e.Source)}, {Lang: string(e.To), Text: abroad(e.Target)}},
	}
	for _, p := range [][2]string{{"x-story", string(e.Story)}, {"x-edition", string(e.Edition)}, {"x-address", string(e.Address)}, {"x-imported", e.Imported}} {
		if p[1] != "" {
			u.Props = append(u.Props, p)
		}
	}
	return u
}
