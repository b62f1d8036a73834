package web

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"depesche/internal/fastpath"
)

// grace is how long requests under way may take when the server stops.
const grace = 20 * time.Second

// hsts is what browsers are told over TLS: for a year, nothing else.
const hsts = "max-age=31536000"

// Server returns a server that slow and broken clients can't hold up. A handler that streams for
// longer sets its own deadlines by [http.ResponseController].
func Server(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       5 * time.Minute, // an upload from a slow line
		WriteTimeout:      5 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		// What clients do wrong in TLS and HTTP is noise, and written by strangers.
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// Door is an address of the house and what answers there.
type Door struct {
	Listener net.Listener
	Handler  http.Handler
	TLS      *tls.Config // nil: plain
	// Pages are answered from memory before Handler is asked, on a plain TCP listener. nil: none.
	Pages fastpath.Pages
	// Proxies are those of [Behind].
	Proxies []netip.Prefix
}

// Opening is how the doors are opened and closed.
type Opening struct {
	Log *slog.Logger
	// Patience is how long, when the server stops, connections are given for one more request, whose
	// answer says that it is the last. Where the next server goes on with the same listener, nobody notices.
	Patience time.Duration
	// Leave is called when the server begins to stop: it ends answers that stream. May be nil.
	Leave func()
	// Most is how many connections may be open at all doors together, 0: as many as the process may open files,
	// but for a part that is the house's own.
	Most int
}

// Serve answers at the doors until ctx is done or one of them fails, then lets requests under way
// finish, and returns nil if nothing failed.
func Serve(ctx context.Context, o Opening, doors ...Door) error {
	var leaving atomic.Bool
	places := fastpath.NewPlaces(o.Most)
	list := make([]*opened, len(doors))
	failed := make(chan error, len(doors))
	for i, d := range doors {
		var err error
		if list[i], err = open(d, o.Log, &leaving, places); err != nil {
			failed <- err
			list = list[:i]
			break
		}
		go list[i].serve(failed)
	}
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	leaving.Store(true)
	if o.Leave != nil {
		o.Leave()
	}
	patience := o.Patience
	if err != nil {
		patience = 0
	}
	var all sync.WaitGroup
	ends := make([]error, len(list))
	for i, d := range list {
		all.Go(func() { ends[i] = d.close(context.WithoutCancel(ctx), patience) })
	}
	all.Wait()
	return errors.Join(append([]error{err}, ends...)...)
}

// opened is a door while it is open.
type opened struct {
	srv   *http.Server
	l     net.Listener
	front *fastpath.Front // nil without a fast path
	ended chan struct{}
}

func open(d Door, log *slog.Logger, leaving *atomic.Bool, places *fastpath.Places) (*opened, error) {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if leaving.Load() && r.ProtoMajor == 1 {
			w.Header().Set("Connection", "close")
		}
		d.Handler.ServeHTTP(w, r)
	})
	s := &opened{srv: Server(h, log), ended: make(chan struct{})}
	switch {
	case d.TLS != nil:
		s.srv.TLSConfig = d.TLS.Clone() // net/http notes its own in it
	case len(d.Proxies) > 0:
		// Servers in front that speak HTTP/2 to us carry many readers' requests on one connection.
		s.srv.Protocols = new(http.Protocols)
		s.srv.Protocols.SetHTTP1(true)
		s.srv.Protocols.SetUnencryptedHTTP2(true)
	}
	if _, tcp := d.Listener.(*net.TCPListener); !tcp || d.TLS != nil {
		s.l, s.srv.ConnState = places.Before(d.Listener), places.ConnState
		return s, nil
	}
	f, err := fastpath.Before(d.Listener, fastpath.Options{
		Pages:  d.Pages,
		Places: places,
		Proxy:  func(a netip.Addr) bool { return trusted(d.Proxies, a) },
		Secure: "Strict-Transport-Security: " + hsts + "\r\n",
	})
	if err != nil {
		return nil, err
	}
	s.front, s.l, s.srv.ConnState = f, f, f.ConnState
	return s, nil
}

func (s *opened) serve(failed chan<- error) {
	defer close(s.ended)
	var err error
	if s.srv.TLSConfig != nil {
		err = s.srv.ServeTLS(s.l, "", "")
	} else {
		err = s.srv.Serve(s.l)
	}
	if !errors.Is(err, http.ErrServerClosed) {
		failed <- err
	}
}

func (s *opened) close(ctx context.Context, patience time.Duration) error {
	if s.front != nil {
		s.front.Drain()
		wait, cancel := context.WithTimeout(ctx, patience)
		s.front.Drained(wait)
		cancel()
	}
	stop, cancel := context.WithTimeout(ctx, grace)
	defer cancel()
	err := s.srv.Shutdown(stop)
	if err != nil {
		_ = s.srv.Close() // cuts off those who took longer
	}
	if s.front != nil {
		s.front.Stop(stop)
	}
	<-s.ended
	return err
}
