package media

import (
	"context"
	"image"
	"slices"
	"sync"
	"time"
)

// kept are the last pictures that were decoded, at the largest width that is rendered: the jobs that
// follow an upload need them again within seconds, and decoding is half of their work. What isn't
// here is decoded anew from the original.
type kept struct {
	mu   sync.Mutex
	list []keptPicture // the oldest first
}

type keptPicture struct {
	id         ID
	generation string
	img        *image.NRGBA
	drop       *time.Timer
}

const (
	// keptMost bounds the memory: twelve megabytes each, usually.
	keptMost = 2
	keptFor  = time.Minute
)

func (k *kept) put(p Picture, img *image.NRGBA) {
	k.forget(p.ID)
	k.mu.Lock()
	defer k.mu.Unlock()
	for len(k.list) >= keptMost {
		k.list[0].drop.Stop()
		k.list = slices.Delete(k.list, 0, 1)
	}
	id := p.ID
	k.list = append(k.list, keptPicture{id: id, generation: p.Generation, img: img, drop: time.AfterFunc(keptFor, func() { k.forget(id) })})
}

// of returns the picture, which nobody may change, or nil.
func (k *kept) of(p Picture) *image.NRGBA {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, x := range k.list {
		if x.id == p.ID && x.generation == p.Generation {
			return x.img
		}
	}
	return nil
}

// forget lets go of a picture's pixels, whichever its crop.
func (k *kept) forget(id ID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.list = slices.DeleteFunc(k.list, func(x keptPicture) bool {
		if x.id == id {
			x.drop.Stop()
		}
		return x.id == id
	})
}

func (k *kept) clear() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, x := range k.list {
		x.drop.Stop()
	}
	k.list = nil
}

// pixels returns what p shows at its largest width: as it was decoded a moment ago, or anew.
func (s *Service) pixels(ctx context.Context, p Picture) (*image.NRGBA, error) {
	if img := s.kept.of(p); img != nil {
		return img, nil
	}
	return s.reopen(ctx, p)
}
