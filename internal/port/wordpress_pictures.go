package port

import (
	"context"
	"io"
	"net/url"
	"strconv"
	"sync"

	"golang.org/x/sync/singleflight"

	"depesche/internal/db"
	"depesche/internal/lang"
	"depesche/internal/media"
	"depesche/internal/port/wptext"
)

// pictures brings a site's pictures into the library, each once. It is safe for many goroutines.
type pictures struct {
	im    *importer
	again bool // something came in from this site before
	any   bool // pictures did
	once  singleflight.Group

	mu     sync.Mutex
	known  map[string]string // "" could not be had
	tally  Tally
	failed map[string]string // why
}

func newPictures(ctx context.Context, im *importer) (*pictures, error) {
	p := &pictures{im: im, known: map[string]string{}, failed: map[string]string{}}
	var err error
	if p.again, err = hasImported(ctx, im.rooms.DB.Read(), im.origin, kindStory); err != nil {
		return nil, err
	}
	p.any, err = hasImported(ctx, im.rooms.DB.Read(), im.origin, kindPicture)
	return p, err
}

// maxKnown bounds what is kept in memory; the rest is asked of the database again.
const maxKnown = 20_000

// take returns the library's ID of a picture, "" if it isn't there and can't be had. Only an error
// of our own ends the import.
func (p *pictures) take(ctx context.Context, e *arrival, pic wptext.Picture) (string, error) {
	if p.im.o.Fetch == nil && !p.any {
		return "", nil
	}
	att, ok := p.im.index.file(pic.ID)
	if !ok {
		att, ok = p.im.index.fileAt(pic.Src)
	}
	if !ok {
		att = wptext.Attachment{URL: pic.Src, Alt: pic.Alt, Credit: pic.Credit}
	}
	address, ok := p.im.absolute(att.URL)
	if !ok {
		return "", nil
	}
	key := "u:" + strconv.FormatUint(hashOf(fileKey(address)), 36)
	if att.ID != "" {
		key = "a:" + att.ID
	}
	p.mu.Lock()
	id, known := p.known[key]
	why := p.failed[key]
	p.mu.Unlock()
	if !known {
		v, err, _ := p.once.Do(key, func() (any, error) { return p.have(ctx, key, address, att, e.lang) })
		if err != nil {
			return "", err
		}
		id = v.(string)
		p.mu.Lock()
		why = p.failed[key]
		p.mu.Unlock()
	}
	if id == "" && why != "" {
		e.remark(RemarkFetch, why)
	}
	return id, nil
}

// absolute returns an address that can be fetched.
func (im *importer) absolute(address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil {
		return "", false
	}
	if im.base.Host != "" {
		u = im.base.ResolveReference(u)
	}
	return u.String(), (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

func (p *pictures) have(ctx context.Context, key, address string, att wptext.Attachment, l lang.Tag) (string, error) {
	back, err := recall(ctx, p.im.rooms.DB.Read(), p.im.origin, kindPicture, []string{key})
	if err != nil {
		return "", err
	}
	if r, ok := back[key]; ok {
		p.note(key, r.Own, "", &p.tally.Same)
		return r.Own, nil
	}
	if p.im.o.Fetch == nil {
		p.note(key, "", "", nil)
		return "", nil
	}
	pic, err := p.fetch(ctx, address, att, l)
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err != nil {
		p.note(key, "", address+": "+reason(err), &p.tally.Refused)
		return "", nil
	}
	err = p.im.rooms.DB.Write(ctx, func(tx *db.Tx) error {
		return remember(ctx, tx, p.im.origin, kindPicture, key, imported{Own: string(pic.ID)})
	})
	if err != nil {
		return "", err
	}
	p.note(key, string(pic.ID), "", &p.tally.New)
	return string(pic.ID), nil
}

func (p *pictures) note(key, id, why string, count *int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.known) < maxKnown {
		p.known[key] = id
	}
	if why != "" && len(p.failed) < maxKnown {
		p.failed[key] = why
	}
	if count != nil {
		*count++
	}
}

// maxPicture is more than the library takes; it refuses by itself with a better word.
const maxPicture = 64 << 20

func (p *pictures) fetch(ctx context.Context, address string, att wptext.Attachment, l lang.Tag) (media.Picture, error) {
	body, err := p.im.o.Fetch(ctx, address)
	if err != nil {
		return media.Picture{}, err
	}
	defer body.Close()
	return p.im.rooms.Media.Upload(ctx, p.im.o.Actor, media.Upload{
		Name: first(cleanName(lastPart(address)), "picture"), R: io.LimitReader(body, maxPicture), Kind: media.Photo,
		Credit: cut(cleanName(wptext.Plain(att.Credit)), 200), Lang: l,
		Texts: map[lang.Tag]media.Text{l: {Caption: cut(wptext.Plain(att.Caption), 1000), Alt: cut(wptext.Plain(att.Alt), 500)}},
	})
}
