package document

// Wires give the IDs that a document's references shall lead to. A nil function leaves that kind of
// reference as it is; one that returns "" takes the reference out: the text of a mark stays, a picture
// goes with its caption.
type Wires struct {
	Source, Story, Media func(id string) string
}

// Rewire returns d with its references to sources, stories and pictures led elsewhere: for documents
// that were written before those had their IDs, as imports and files are.
func Rewire(d Doc, w Wires) Doc {
	d = d.Clone()
	visit(&d, func(p part) {
		if p.Inline == nil {
			return
		}
		for i := range *p.Inline {
			s := &(*p.Inline)[i]
			var kept []Mark
			for _, m := range s.Marks {
				switch {
				case m.Type == SourceRef && w.Source != nil:
					m.Source = w.Source(m.Source)
				case m.Type == StoryLink && w.Story != nil:
					m.Story = w.Story(m.Story)
				}
				if m.Type == SourceRef && m.Source == "" || m.Type == StoryLink && m.Story == "" {
					continue
				}
				kept = append(kept, m)
			}
			s.Marks = kept
		}
	})
	if d.Picture != nil && w.Media != nil {
		if d.Picture.Media = w.Media(d.Picture.Media); d.Picture.Media == "" {
			d.Picture = nil
		}
	}
	d.Blocks = rewireBlocks(d.Blocks, w)
	return d.Normal()
}

func rewireBlocks(blocks []Block, w Wires) []Block {
	out := []Block{}
	for _, b := range blocks {
		if b.Source != "" && w.Source != nil {
			b.Source = w.Source(b.Source)
		}
		if w.Media != nil {
			var kept []Picture
			for _, p := range b.Pictures {
				if p.Media = w.Media(p.Media); p.Media != "" {
					kept = append(kept, p)
				}
			}
			switch b.Pictures = kept; {
			case b.Kind != PictureK && b.Kind != Gallery:
			case len(kept) == 0:
				continue
			case len(kept) == 1:
				b.Kind = PictureK
			}
			if b.Embed != nil && b.Embed.Media != "" {
				b.Embed.Media = w.Media(b.Embed.Media)
			}
		}
		if len(b.Blocks) > 0 {
			b.Blocks = rewireBlocks(b.Blocks, w)
		}
		out = append(out, b)
	}
	return out
}
