package desk

import (
	"net/http"
	"time"

	"depesche/internal/problem"
)

const (
	// beat is how often a quiet stream says that it is alive, and looks whether its session is: proxies
	// cut what is silent for a minute, and often for less.
	beat = 15 * time.Second
	// writeWithin is how long a browser may take for what it is told.
	writeWithin = 10 * time.Second
)

// EndStreams ends the streams of open pages, so that a server that stops needn't wait for them.
func (d *Desk) EndStreams() { d.live.close() }

// events tells an open page what happens, for as long as the session lasts. Which of it concerns the
// page, the page knows.
func (d *Desk) events(w http.ResponseWriter, r *http.Request) error {
	from := r.Header.Get("Last-Event-ID")
	if from == "" {
		from = r.URL.Query().Get("since")
	}
	s, err := d.live.stream(who(r).ID, from)
	if err != nil {
		return err
	}
	defer d.live.leave(s)
	out := http.NewResponseController(w)
	// The server's time-outs are for pages; each piece of a stream has its own.
	if err := out.SetReadDeadline(time.Time{}); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store, no-transform")
	h.Set("X-Accel-Buffering", "no") // nginx would wait for more
	w.WriteHeader(http.StatusOK)
	send := func(b []byte) bool {
		if out.SetWriteDeadline(time.Now().Add(writeWithin)) != nil {
			return false
		}
		if _, err := w.Write(b); err != nil {
			return false
		}
		return out.Flush() == nil
	}
	if !send(s.hello()) {
		return nil
	}
	s.nudge()
	d.follow(r, s, send)
	return nil
}

// follow sends what happens until the browser goes, the session ends or the server does.
func (d *Desk) follow(r *http.Request, s *stream, send func([]byte) bool) {
	beats := time.NewTicker(beat)
	defer beats.Stop()
	for {
		quiet := false
		select {
		case <-r.Context().Done():
			return
		case <-s.ended:
			return
		case <-s.wake:
		case <-beats.C:
			quiet = true
		}
		_, err := d.People.StillOpen(r.Context(), whoIs(r.Context()).token)
		if problem.Is(err, problem.NotFound) {
			send([]byte("event: end\ndata: {}\n\n"))
			return
		}
		if err != nil {
			return // the browser comes again, and then we know
		}
		b := s.frames()
		if len(b) == 0 && quiet {
			b = []byte(": \n\n")
		}
		if len(b) > 0 && !send(b) {
			return
		}
	}
}
