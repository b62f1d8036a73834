package reader

import (
	"context"
	"strconv"

	"depesche/internal/db"
	"depesche/internal/edition"
	"depesche/internal/events"
	"depesche/internal/live"
	"depesche/internal/page"
	"depesche/internal/story"
)

// live is of a running story: its page, and lists and feeds that say that it runs.
func (f *falsifier) live(ctx context.Context, e events.Event) error {
	f.drop("story", subject(e))
	f.drop("text", subject(e))
	if e.Kind == "live.state" {
		err := f.fact(live.FactRunning, func(q db.Conn) error {
			_, err := f.rd.Live.Running(ctx, q)
			return err
		})
		if err != nil {
			return err
		}
	}
	st, err := f.rd.Editions.Stories().ByID(ctx, f.q, story.ID(subject(e)))
	if page.IsMissing(err) {
		return nil
	}
	f.drop("numbers", strconv.FormatInt(st.Number/edition.NumbersPerNote, 10))
	return err
}

// entry is of a story without cards. An entry stands on the page of its running story, and in that one's feed.
func (f *falsifier) entry(ctx context.Context, id story.ID) error {
	st, err := f.rd.Editions.Stories().ByID(ctx, f.q, id)
	switch {
	case page.IsMissing(err):
		return nil
	case err == nil && st.LiveOf != "":
		f.drop("text", string(st.LiveOf))
	}
	return err
}

// told is of the corrections that come back with a story, or with the entries that stand on its page.
func (f *falsifier) told(ctx context.Context, h edition.Happened) error {
	told, err := f.rd.Corrections.OfStory(ctx, f.q, h.Story, h.Lang)
	if err != nil {
		return err
	}
	back := len(told) > 0
	if !back && f.rd.Live != nil {
		if _, err = f.rd.Live.Of(ctx, f.q, h.Story); err != nil && !page.IsMissing(err) {
			return err
		}
		back = err == nil
	}
	if back {
		f.drop("corrections", string(h.Lang))
	}
	return nil
}
