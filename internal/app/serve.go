package app

import (
	"context"
	"errors"
	"net"
	"time"

	"golang.org/x/sync/errgroup"

	"depesche/internal/web"
)

// Listeners are where the house is reached.
type Listeners struct {
	Plain net.Listener // HTTP
	TLS   net.Listener // HTTPS, nil without
	// Kept says that somebody else holds the listeners too and gives them to the next process: until then
	// the system keeps those who come.
	Kept bool
}

// lastRequest is how long connections are given for one more request when a next process goes on.
const lastRequest = time.Second

// RunAt serves until ctx ends, then lets requests and jobs finish for up to ten seconds. started is called
// when all is ready to answer.
func (a *App) RunAt(ctx context.Context, at Listeners, started func()) error {
	doors, err := a.open(ctx, at)
	if err != nil {
		return err
	}
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	if _, err := a.Releases.RunDue(work); err != nil {
		a.Log.Error("releases that were due while nobody was here", "err", err)
	}
	if err := a.Jobs.Start(work); err != nil {
		return err
	}
	how := web.Opening{Log: a.Log, Leave: a.endStreams}
	if at.Kept {
		how.Patience = lastRequest
	}
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return a.Bus.Run(gctx) })
	g.Go(func() error { return a.Releases.Alarm(gctx, a.Log) })
	g.Go(func() error { return web.Serve(gctx, how, doors...) })
	g.Go(func() error {
		<-gctx.Done()
		grace, cancel := context.WithTimeout(work, 10*time.Second)
		defer cancel()
		return a.Jobs.Stop(grace)
	})
	g.Go(func() error {
		tidy(gctx)
		return nil
	})
	if started != nil {
		started()
	}
	return g.Wait()
}

// open puts the house behind its listeners. With TLS, the plain one only leads to it.
func (a *App) open(_ context.Context, at Listeners) ([]web.Door, error) {
	if at.Plain == nil && at.TLS == nil {
		return nil, errors.New("no address to listen on")
	}
	return []web.Door{{Listener: at.Plain, Handler: a.handler, Pages: a.inMemory, Proxies: a.proxies}}, nil
}
