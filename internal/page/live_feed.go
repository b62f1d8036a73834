package page

import (
	"context"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
)

// LiveListing is the list of a running story's entries, for its feed.
func (s *Site) LiveListing(of edition.Live) Listing {
	return Listing{
		Feed: s.t("reader.feed_live", "paper", s.Name(), "story", of.Doc.Headline), About: of.Doc.Lead.Plain(),
		Here: where{s.Lang: ArticlePath(s.Lang, of.Story.Number, of.Edition.Slug)},
	}
}

// LiveFeed are the newest entries of a running story, as a feed tells them.
func (s *Site) LiveFeed(ctx context.Context, q db.Conn, of edition.Live) ([]Entry, error) {
	room := s.pages.rooms.Live
	if room == nil {
		return nil, errNoEntry
	}
	if _, err := room.Of(ctx, q, of.Story.ID); err != nil {
		return nil, err
	}
	lines, _, err := room.Lines(ctx, q, of.Story.ID, s.Lang, "", feedSize)
	if err != nil {
		return nil, err
	}
	b, err := s.liveBatch(ctx, q, lines)
	if err != nil {
		return nil, err
	}
	path := ArticlePath(s.Lang, of.Story.Number, of.Edition.Slug)
	var out []Entry
	for _, ln := range lines {
		e := s.liveEntry(b, ln, path)
		url := s.Abs(e.Href)
		x := Entry{
			ID: string(ln.Edition), URL: url, Title: ln.Headline, Summary: document.Teaser(b.inside[ln.Edition].Doc, s.Lang, teaserLength),
			Content: string(s.feedBody(b.inside[ln.Edition].Doc, b.around, url)), Published: ln.Happened,
		}
		for _, fix := range e.Corrections {
			x.Content = "<p><strong>" + escapeHTML(s.t("reader.correction_of", "date", fix.At.Text)) + ".</strong> " + escapeHTML(fix.Text) + "</p>\n" + x.Content
		}
		if ln.Turn > 1 {
			x.Updated = &ln.Told
		}
		for _, by := range e.By {
			if by.Text != "" {
				x.Authors = append(x.Authors, Link{Text: by.Text})
			}
		}
		out = append(out, x)
	}
	return out, nil
}
