package reader

import (
	"errors"
	"os"
	"sync"
	"time"
)

// diskAge is how long what was found about the disk is believed. Whoever looks after a node asks
// every few seconds, and strangers may ask as often as they like.
const diskAge = 10 * time.Second

// disk knows whether the data folder takes new files. A full disk lets everything be read, so that
// nobody sees from outside that no story can be saved any more.
type disk struct {
	mu      sync.Mutex // held by who looks
	known   sync.RWMutex
	checked time.Time
	err     error
}

// writable reports what was found lately, or looks. While one looks, which on a hanging disk can
// take long, the others are told what was found before.
func (d *disk) writable(folder string, now time.Time) error {
	if folder == "" {
		return nil
	}
	if checked, err := d.last(); !checked.IsZero() && now.Sub(checked) < diskAge || !d.mu.TryLock() {
		return err
	}
	defer d.mu.Unlock()
	err := tryWrite(folder)
	d.known.Lock()
	defer d.known.Unlock()
	d.checked, d.err = now, err
	return err
}

func (d *disk) last() (time.Time, error) {
	d.known.RLock()
	defer d.known.RUnlock()
	return d.checked, d.err
}

// tryWrite writes a block: a file without content finds place on a full disk.
func tryWrite(folder string) error {
	f, err := os.CreateTemp(folder, ".health-")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, 4096))
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}
