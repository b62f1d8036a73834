package people

import (
	"sync"
	"time"
)

// doors slows down those who guess passwords, by address, by account, and by both. Who comes with a
// browser that the account was opened with before has a door of their own, so that others, be it many
// machines or a colleague behind the same address, can't shut them out. A try is taken before the password is looked at and given back if it was right, so that a hundred at once count
// as a hundred. It is in memory: a restart or another node gives a few tries more, no matter.
type doors struct {
	mu      sync.Mutex
	buckets map[string]*bucket
}

// bucket holds tries; it fills by one every interval, up to its size.
type bucket struct {
	tries float64
	at    time.Time
}

// kind is how many tries there are at once, and how fast they come back.
type kind struct {
	size     float64
	interval time.Duration
}

var (
	perPair    = kind{size: 6, interval: 20 * time.Second}  // one account from one address: somebody who forgot
	perAddress = kind{size: 30, interval: 10 * time.Second} // one address, any account: a house behind one address
	perAccount = kind{size: 60, interval: 30 * time.Second} // one account from anywhere: many machines at once
	perKnown   = kind{size: 10, interval: 20 * time.Second} // one account from browsers it was opened with
)

// maxBuckets bounds the memory. Past it the fullest are forgotten: they are those that hold the
// least against anyone.
const maxBuckets = 20_000

func newDoors() *doors { return &doors{buckets: map[string]*bucket{}} }

type door struct {
	key string
	kind
}

func doorsOf(address, account string) []door {
	return []door{
		{"p|" + address + "|" + account, perPair},
		{"a|" + address, perAddress},
		{"c|" + account, perAccount},
	}
}

func doorOfKnown(account string) []door { return []door{{"k|" + account, perKnown}} }

// knock takes a try at each of the doors, or none and reports false if one is shut.
func (d *doors) knock(list []door, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, x := range list {
		if d.bucket(x, now).tries < 1 {
			return false
		}
	}
	for _, x := range list {
		d.bucket(x, now).tries--
	}
	return true
}

// open gives the try back to one who had the right password.
func (d *doors) open(list []door, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, x := range list {
		b := d.bucket(x, now)
		b.tries = min(x.size, b.tries+1)
	}
}

// bucket returns the door's, filled up to now.
func (d *doors) bucket(x door, now time.Time) *bucket {
	b := d.buckets[x.key]
	if b == nil {
		if len(d.buckets) >= maxBuckets {
			d.forget(now)
		}
		b = &bucket{tries: x.size, at: now}
		d.buckets[x.key] = b
	}
	if now.After(b.at) {
		b.tries = min(x.size, b.tries+float64(now.Sub(b.at))/float64(x.interval))
		b.at = now
	}
	return b
}

// forget drops what is full again; if that is little, also what was not touched for a while.
func (d *doors) forget(now time.Time) {
	for key, b := range d.buckets {
		k := kindOf(key)
		if b.tries+float64(now.Sub(b.at))/float64(k.interval) >= k.size {
			delete(d.buckets, key)
		}
	}
	for key := range d.buckets {
		if len(d.buckets) < maxBuckets*9/10 {
			return
		}
		if key[0] == 'p' || key[0] == 'a' { // the accounts' are few and what protects most
			delete(d.buckets, key)
		}
	}
	for key := range d.buckets {
		if len(d.buckets) < maxBuckets*9/10 {
			return
		}
		delete(d.buckets, key)
	}
}

func kindOf(key string) kind {
	switch key[0] {
	case 'p':
		return perPair
	case 'a':
		return perAddress
	case 'k':
		return perKnown
	}
	return perAccount
}
