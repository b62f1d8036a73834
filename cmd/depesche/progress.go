package main

import (
	"os"

	"github.com/mattn/go-isatty"
	"github.com/schollz/progressbar/v3"
)

// bar shows how far long work is, on a terminal; in a log or a pipe it is silent.
type bar struct {
	file  *os.File
	title string
	on    bool
	p     *progressbar.ProgressBar
	total int64
}

func newBar(file *os.File, title string) *bar {
	return &bar{file: file, title: title, on: isatty.IsTerminal(file.Fd())}
}

// Step says that done of total are done.
func (b *bar) Step(done, total int) { b.set(int64(done), int64(total), false) }

// Bytes says so of bytes.
func (b *bar) Bytes(done, total int64) { b.set(done, total, true) }

func (b *bar) set(done, total int64, bytes bool) {
	if !b.on {
		return
	}
	if b.p == nil || total != b.total {
		b.total = total
		if b.p != nil {
			_ = b.p.Clear() // a bar that can't be drawn stops no work
		}
		if total == 0 {
			total = -1 // a spinner
		}
		b.p = progressbar.NewOptions64(total,
			progressbar.OptionSetWriter(b.file), progressbar.OptionSetDescription(b.title), progressbar.OptionShowBytes(bytes),
			progressbar.OptionThrottle(80e6), progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish(), progressbar.OptionFullWidth(), progressbar.OptionSetSpinnerChangeInterval(0))
	}
	_ = b.p.Set64(done)
}

// Done takes the bar away.
func (b *bar) Done() {
	if b.p != nil {
		_ = b.p.Clear()
		b.p = nil
	}
}
