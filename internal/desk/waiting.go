package desk

import (
	"net/http"
	"strings"

	"depesche/internal/actor"
	"depesche/internal/edition"
)

// countWaiting says beside Today how many editions wait for a review that the person may do, and beside the
// translations how many the person has in hand. What can't be counted isn't shown: no screen fails for it.
func (d *Desk) countWaiting(f *frame, r *http.Request) {
	if r.Method != http.MethodGet || strings.HasSuffix(r.URL.Path, ".json") {
		return
	}
	ctx, q, a := r.Context(), d.DB.Read(), who(r)
	counts := map[string]int{}
	if list, err := d.Editions.InReview(ctx, q); err == nil {
		counts["/desk/"] = mayReview(a, list)
	} else {
		d.Log.WarnContext(ctx, "counting what waits for a review", "err", err)
	}
	if n, err := d.Translate.InHand(ctx, q, a.ID); err == nil {
		counts["/desk/translations"] = n
	} else {
		d.Log.WarnContext(ctx, "counting translations in hand", "err", err)
	}
	counts["/desk/reports"] = d.reportsWaiting(ctx, a)
	for i := range f.Nav {
		if n := counts[f.Nav[i].Href]; n > 0 {
			f.Nav[i].Count, f.Nav[i].Waits = n, f.words.T("desk.nav.waiting", "n", n)
		}
	}
}

func mayReview(a actor.Actor, list []edition.Waiting) int {
	n := 0
	for _, w := range list {
		if actor.May(a, actor.Review, actor.Scope{Lang: w.Lang, Section: string(w.Section), Own: w.CreatedBy == a.ID}) {
			n += w.N
		}
	}
	return n
}
