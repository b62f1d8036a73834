package translate

import (
	"slices"
	"time"

	"depesche/internal/check"
	"depesche/internal/document"
	"depesche/internal/lang"
)

// unit is what was said of a segment, as it is stored.
type unit struct {
	SourceRev int64
	TargetRev int64
	Answer    Answer
	Reason    string
	Draft     DraftID // what its text was made from, "" for nothing
	ByID      string
	At        time.Time
}

// sides is all that the rows of a translation are computed from.
type sides struct {
	lang      lang.Tag // of the source
	source    document.Doc
	sourceRev int64
	target    document.Doc
	units     map[document.Address]unit
	drafts    map[DraftID]Draft
	decisions []decision // of the source's changes, the newest first
	// since is the source's revision that a segment counts as made from if nothing is known of it:
	// the newest one when the translation was begun.
	since int64
	// then returns the source in an older revision.
	then func(rev int64) (document.Doc, error)
	was  map[int64]map[document.Address]document.Segment // the segments of those looked at
}

// rows puts source and target beside each other: all segments of the source in its order, and what
// only the target has behind the segment it stands behind there.
func (w sides) rows() ([]Row, error) {
	w.was = map[int64]map[document.Address]document.Segment{}
	source := segments(w.source)
	// What only the target has, by the segment of both that it stands behind.
	alone := map[document.Address][]Row{}
	var behind document.Address
	targets := map[document.Address]document.Inline{}
	for _, seg := range document.Segments(w.target) {
		if seg.Fixed {
			continue
		}
		targets[seg.Address] = seg.Text
		if s, ok := source[seg.Address]; ok && !s.Fixed {
			behind = seg.Address
			continue
		}
		row, err := w.alone(seg)
		if err != nil {
			return nil, err
		}
		alone[behind] = append(alone[behind], row)
	}
	out := alone[""]
	for _, seg := range document.Segments(w.source) {
		if seg.Fixed {
			continue
		}
		row, err := w.row(seg, targets[seg.Address])
		if err != nil {
			return nil, err
		}
		out = append(append(out, row), alone[seg.Address]...)
	}
	return out, nil
}

func (w sides) row(seg document.Segment, target document.Inline) (Row, error) {
	r := blank(seg)
	r.Source, r.Target, r.SourceRev = seg.Text, target, w.sourceRev
	u, known := w.units[seg.Address]
	w.about(&r, u, known)
	if len(target) == 0 && (!known || u.Answer != AnswerDropped) {
		r.State = Missing
		return r, nil
	}
	r.MadeFrom = w.madeFrom(u, known)
	then, err := w.sourceAt(seg.Address, r.MadeFrom)
	if err != nil {
		return Row{}, err
	}
	if !slices.EqualFunc(then, seg.Text, equalSpans) {
		r.State, r.SourceThen = Stale, then
		r.Change, err = w.weigh(change{seg.Address, r.MadeFrom, then, seg.Text})
		return r, err
	}
	switch {
	case !known, u.Answer == AnswerAdded, u.Answer == AnswerDropped && len(target) > 0:
		// Said of something else than what stands here now.
		r.State = Edited
	default:
		r.State = State(u.Answer)
	}
	return r, nil
}

// alone is the row of what only the target has.
func (w sides) alone(seg document.Segment) (Row, error) {
	r := blank(seg)
	r.Target, r.SourceRev = seg.Text, w.sourceRev
	u, known := w.units[seg.Address]
	w.about(&r, u, known)
	switch {
	case known && u.Answer == AnswerAdded, optional[seg.Field]:
		r.State = Added
		return r, nil
	}
	r.State = Orphan
	r.MadeFrom = w.madeFrom(u, known)
	var err error
	if r.SourceThen, err = w.sourceAt(seg.Address, r.MadeFrom); err != nil || len(r.SourceThen) == 0 {
		return r, err
	}
	r.Change, err = w.weigh(change{seg.Address, r.MadeFrom, r.SourceThen, nil})
	return r, err
}

// optional are the fields an edition may have on its own without a reason: each has its teaser, its
// words for a picture.
var optional = map[document.Field]bool{
	document.FieldKicker: true, document.FieldTeaser: true, document.FieldCaption: true, document.FieldAlt: true,
	document.FieldCredit: true, document.FieldSpeaker: true,
}

// madeFrom returns the source's revision that the translation of a segment was made from.
func (w sides) madeFrom(u unit, known bool) int64 {
	if known {
		return u.SourceRev
	}
	return w.since
}

// sourceAt returns the source's wording in a revision.
func (w sides) sourceAt(addr document.Address, rev int64) (document.Inline, error) {
	was, ok := w.was[rev]
	if !ok {
		doc := w.source
		if rev != w.sourceRev {
			var err error
			if doc, err = w.then(rev); err != nil {
				return nil, err
			}
		}
		was = segments(doc)
		w.was[rev] = was
	}
	return was[addr].Text, nil
}

func blank(seg document.Segment) Row {
	return Row{Address: seg.Address, Field: seg.Field, Block: seg.Block, Kind: seg.Kind, Plain: seg.PlainOnly}
}

// about notes what is known of the row's text.
func (w sides) about(r *Row, u unit, known bool) {
	if known {
		r.Reason, r.ByID, r.At = u.Reason, u.ByID, &u.At
	}
	if len(r.Target) == 0 {
		return
	}
	r.Origin, r.ByHand, r.Unread = Origin{Source: Hand}, true, u.Answer == answerMachine
	if d, ok := w.drafts[u.Draft]; ok && mostlyOf(d.Text, r.Target) {
		r.Origin, r.ByHand = d.Origin, !slices.EqualFunc(d.Text, r.Target, equalSpans)
	}
}

func equalSpans(a, b document.Span) bool {
	return a.Text == b.Text && slices.Equal(a.Marks, b.Marks)
}

func segments(d document.Doc) map[document.Address]document.Segment {
	out := map[document.Address]document.Segment{}
	for _, s := range document.Segments(d) {
		out[s.Address] = s
	}
	return out
}

// count sums up rows. What only the target has, and on purpose, asks for no work.
func count(rows []Row) Progress {
	var p Progress
	for _, r := range rows {
		switch r.State {
		case Orphan:
			p.Orphan++
			if r.Change.Weight == check.Fact {
				p.Facts++
			}
			continue
		case Added:
			if len(r.Source) == 0 {
				continue
			}
			p.Done++
		case Missing:
			p.Missing++
		case Machine:
			p.Machine++
		case Stale:
			p.Stale++
			if r.Change.Weight == check.Fact {
				p.Facts++
			}
		case Reviewed:
			p.Reviewed++
			p.Done++
		default:
			p.Done++
		}
		p.Total++
	}
	return p
}

// put returns the target with the text at the address. A place that the target lacks, since the
// source got it later, is made as it is in the source.
func put(source, target document.Doc, addr document.Address, text document.Inline) (document.Doc, error) {
	if _, ok := target.Segment(addr); !ok {
		seg, ok := source.Segment(addr)
		if !ok {
			return document.Doc{}, &document.UnknownAddressError{Address: addr}
		}
		var err error
		if target, err = place(source, target, seg); err != nil {
			return document.Doc{}, err
		}
	}
	return document.WithSegment(target, addr, text)
}

func place(source, target document.Doc, seg document.Segment) (document.Doc, error) {
	if seg.Block == "" { // the head's picture
		if target.Picture == nil || source.Picture == nil || target.Picture.ID != source.Picture.ID {
			target.Picture = document.Skeleton(source).Picture
		}
		return target, nil
	}
	if !slices.ContainsFunc(target.Blocks, func(b document.Block) bool { return b.ID == seg.Block }) {
		return document.Place(source, target, seg.Block)
	}
	return document.Conform(source, target, seg.Block)
}

// drop returns the target without the segment: its text goes, and its block too if there is
// nothing left to read or see in it.
func drop(target document.Doc, addr document.Address) (document.Doc, error) {
	seg, ok := target.Segment(addr)
	if !ok {
		return target, nil
	}
	out, err := document.WithSegment(target, addr, nil)
	if err != nil || seg.Block == "" {
		return out, err
	}
	for _, s := range document.Segments(out) {
		if s.Block == seg.Block && !s.Fixed {
			return out, nil
		}
	}
	out.Blocks = slices.DeleteFunc(out.Blocks, func(b document.Block) bool {
		return b.ID == seg.Block && len(b.Pictures) == 0 && b.Embed == nil && b.Kind != document.Rule
	})
	return out, nil
}

// changed returns the addresses of the segments whose text isn't the same in both.
func changed(then, now document.Doc) []document.Address {
	before := segments(then)
	var out []document.Address
	for _, s := range document.Segments(now) {
		if !s.Fixed && !slices.EqualFunc(before[s.Address].Text, s.Text, equalSpans) {
			out = append(out, s.Address)
		}
	}
	return out
}
