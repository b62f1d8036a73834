package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"golang.org/x/sync/errgroup"

	"depesche/internal/web"
)

// Listeners are where the house is reached.
type Listeners struct {
	Plain []net.Listener // HTTP
	TLS   []net.Listener // HTTPS, for which the configuration has certificates
	// Kept says that somebody else holds the listeners too and gives them to the next process: until then
	// the system keeps those who come.
	Kept bool
}

// lastRequest is how long connections are given for one more request when a next process goes on.
const lastRequest = time.Second

// RunAt serves until ctx ends, then lets requests and jobs finish for up to ten seconds. started is called
// when all is ready to answer.
func (a *App) RunAt(ctx context.Context, at Listeners, started func()) error {
	doors, err := a.entrances(at)
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
	g.Go(func() error { return a.reader.Run(gctx) })
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
	g.Go(func() error {
		pace(gctx, a.reader.Kept)
		return nil
	})
	if started != nil {
		started()
	}
	return g.Wait()
}

// entrances puts the house behind its listeners. Where there is one for HTTPS, the plain ones lead to it.
func (a *App) entrances(at Listeners) ([]web.Door, error) {
	var doors []web.Door
	if len(at.TLS) == 0 {
		for _, l := range at.Plain {
			doors = append(doors, web.Door{Listener: l, Handler: a.handler, Pages: a.inMemory, Proxies: a.proxies})
		}
		return doors, nil
	}
	certs, err := a.certificates()
	if err != nil {
		return nil, err
	}
	for _, l := range at.TLS {
		doors = append(doors, web.Door{Listener: l, Handler: a.handler, TLS: certs.Config})
	}
	lead := web.Behind(a.proxies, certs.ToTLS(at.TLS[0].Addr(), a.handler))
	for _, l := range at.Plain {
		doors = append(doors, web.Door{Listener: l, Handler: lead, Proxies: a.proxies})
	}
	return doors, nil
}

func (a *App) certificates() (web.Certificates, error) {
	c := a.Config
	if !c.TLS() {
		return web.Certificates{}, errors.New("HTTPS needs a certificate; give --acme-hosts, or --tls-cert and --tls-key")
	}
	if c.TLSCert != "" {
		certs, err := web.CertificateFiles(c.TLSCert, c.TLSKey, a.Clock, a.Log)
		if err != nil {
			return certs, fmt.Errorf("--tls-cert and --tls-key: %w", err)
		}
		return certs, nil
	}
	if err := web.CheckHosts(c.ACMEHosts); err != nil {
		return web.Certificates{}, fmt.Errorf("--acme-hosts: %w", err)
	}
	return web.ACME{Hosts: c.ACMEHosts, Email: c.ACMEEmail, Directory: c.ACMEDirectory, Folder: c.Certificates()}.Obtain(), nil
}
