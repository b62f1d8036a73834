package wxr

import (
	"fmt"
	"strings"
)

// item reads a post with all that hangs on it.
func (r *Reader) item() (*Item, error) {
	it := &Item{Line: r.s.line}
	for {
		k, err := r.s.next()
		if err != nil {
			return nil, err
		}
		switch k {
		case eofToken:
			return nil, r.s.ended(fmt.Sprintf("inside of the item that begins in line %d", it.Line))
		case endToken:
			if r.canon(r.s.name) != "item" {
				return nil, r.s.fail("</%s> stands where </item> should be (it begins in line %d)", r.s.name, it.Line)
			}
			it.TooLarge = r.dropped
			return it, nil
		case startToken:
			if err := r.itemPart(it); err != nil {
				return nil, err
			}
		}
	}
}

func (r *Reader) itemPart(it *Item) error {
	name := r.canon(r.s.name)
	switch name {
	case "category":
		ref := Ref{Domain: r.s.attr("domain"), Slug: r.s.attr("nicename")}
		text, err := r.field()
		if err != nil {
			return err
		}
		if ref.Name = strings.TrimSpace(text); len(it.Refs) < maxRefs {
			it.Refs = append(it.Refs, ref)
		} else {
			r.dropped = "category"
		}
		return nil
	case "wp:postmeta":
		var m Meta
		err := r.group(func(name string) *string {
			switch name {
			case "wp:meta_key":
				return &m.Key
			case "wp:meta_value":
				return &m.Value
			}
			return nil
		})
		if len(it.Meta) < maxMeta {
			it.Meta = append(it.Meta, m)
		} else {
			r.dropped = "wp:postmeta"
		}
		return err
	case "wp:comment":
		it.Comments++
		return r.comment()
	}
	text, err := r.field()
	if err != nil {
		return err
	}
	if dst := it.field(name); dst != nil {
		if dst != &it.Content && dst != &it.Excerpt {
			text = strings.TrimSpace(text)
		}
		*dst = text
	}
	return nil
}

func (it *Item) field(name string) *string {
	switch name {
	case "title":
		return &it.Title
	case "link":
		return &it.Link
	case "guid":
		return &it.GUID
	case "pubDate":
		return &it.PubDate
	case "dc:creator":
		return &it.Creator
	case "content:encoded":
		return &it.Content
	case "excerpt:encoded":
		return &it.Excerpt
	case "wp:post_id":
		return &it.ID
	case "wp:post_date":
		return &it.Date
	case "wp:post_date_gmt":
		return &it.DateGMT
	case "wp:post_name":
		return &it.Slug
	case "wp:status":
		return &it.Status
	case "wp:post_parent":
		return &it.Parent
	case "wp:menu_order":
		return &it.MenuOrder
	case "wp:post_type":
		return &it.Type
	case "wp:post_password":
		return &it.Password
	case "wp:attachment_url":
		return &it.AttachmentURL
	}
	return nil
}

// comment passes by a comment. It is counted only: nothing of it is held, so that a thousand of
// them are no reason to refuse their post.
func (r *Reader) comment() error {
	kept, dropped := r.kept, r.dropped
	from := r.s.line
	for {
		k, err := r.s.next()
		if err != nil {
			return err
		}
		switch k {
		case eofToken:
			return r.s.ended(fmt.Sprintf("inside of the comment that begins in line %d", from))
		case endToken:
			if r.canon(r.s.name) != "wp:comment" {
				return r.s.fail("</%s> stands where </wp:comment> should be (it begins in line %d)", r.s.name, from)
			}
			r.kept, r.dropped = kept, dropped
			return nil
		case startToken:
			if r.canon(r.s.name) == "wp:commentmeta" {
				err = r.group(nil)
			} else {
				_, err = r.field()
			}
			if err != nil {
				return err
			}
			r.kept = kept
		}
	}
}
