package memory

import (
	"context"
	"encoding/json"
	"fmt"

	"depesche/internal/db"
)

// equalPerText bounds the pairs of one source that are compared: of a sentence that stands under every
// text, the newest.
const equalPerText = 256

// saying returns what is remembered and says the same as one of the list, by what it says.
func saying(ctx context.Context, q db.Conn, list []Entry) (map[string][]Entry, error) {
	hashes := make([]int64, len(list))
	for i, e := range list {
		hashes[i] = e.exact
	}
	found, err := lookUp(ctx, q, "memory_unit", "exact", "id", distinct(hashes), equalPerText)
	if err != nil {
		return nil, err
	}
	var ids []ID
	for _, more := range found {
		ids = append(ids, more...)
	}
	entries, err := byIDs(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string][]Entry, len(entries))
	for _, e := range entries {
		said := e.says()
		out[said] = append(out[said], e)
	}
	return out, nil
}

// says is the pair as everybody outside the house sees it: its languages and texts.
func (e Entry) says() string {
	b, err := json.Marshal([]any{e.From, e.To, abroad(e.Source), abroad(e.Target)})
	if err != nil {
		panic(fmt.Sprintf("memory: a pair that can't be written: %v", err)) // strings always can
	}
	return string(b)
}
