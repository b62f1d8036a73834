package document

// Wires say what the references of a document become. A nil function leaves them as they are.
type Wires struct {
	Source, Story, Media func(ref string) string
}

// Rewire returns d with its references to sources, stories and pictures replaced: a file's keys by
// the house's IDs, say. What becomes "" is unlinked: the text stays, a picture goes.
func Rewire(d Doc, w Wires) Doc {
	d = d.Clone()
	d.Lead = w.inline(d.Lead)
	if d.Picture != nil {
		if p := w.pictures([]Picture{*d.Picture}); len(p) == 1 {
			d.Picture = &p[0]
		} else {
			d.Picture = nil
		}
	}
	d.Blocks = w.blocks(d.Blocks)
	return d
}

func (w Wires) blocks(blocks []Block) []Block {
	var out []Block
	for _, b := range blocks {
		b.Text = w.inline(b.Text)
		if b.Source != "" && w.Source != nil {
			b.Source = w.Source(b.Source)
		}
		for i := range b.Items {
			b.Items[i].Text = w.inline(b.Items[i].Text)
		}
		for i := range b.Rows {
			for j := range b.Rows[i].Cells {
				b.Rows[i].Cells[j].Text = w.inline(b.Rows[i].Cells[j].Text)
			}
		}
		if b.Embed != nil && b.Embed.Media != "" && w.Media != nil {
			b.Embed.Media = w.Media(b.Embed.Media)
		}
		b.Blocks = w.blocks(b.Blocks)
		if len(b.Pictures) > 0 {
			if b.Pictures = w.pictures(b.Pictures); len(b.Pictures) == 0 {
				continue
			}
			if len(b.Pictures) == 1 {
				b.Kind = PictureK
			}
		}
		out = append(out, b)
	}
	return out
}

func (w Wires) pictures(list []Picture) []Picture {
	var out []Picture
	for _, p := range list {
		p.Caption = w.inline(p.Caption)
		if w.Media != nil {
			p.Media = w.Media(p.Media)
		}
		if p.Media != "" {
			out = append(out, p)
		}
	}
	return out
}

func (w Wires) inline(in Inline) Inline {
	for i := range in {
		var marks []Mark
		for _, m := range in[i].Marks {
			switch {
			case m.Type == SourceRef && w.Source != nil:
				if m.Source = w.Source(m.Source); m.Source == "" {
					continue
				}
			case m.Type == StoryLink && w.Story != nil:
				if m.Story = w.Story(m.Story); m.Story == "" {
					continue
				}
			}
			marks = append(marks, m)
		}
		in[i].Marks = marks
	}
	return in.Normal()
}
