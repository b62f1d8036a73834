// Package serving runs a paper in the process of a measurement.
package serving

import (
	"context"
	"errors"
	"net"
	"os"

	"depesche/internal/app"
	"depesche/internal/config"
)

// House is a paper that is served.
type House struct {
	App  *app.App
	Addr string // on loopback, with its port

	stop  context.CancelFunc
	ended chan error
}

// Start serves the paper and returns when it answers.
func Start(ctx context.Context, cfg config.Config) (*House, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	cfg.Addr = l.Addr().String()
	a, err := app.New(ctx, cfg, cfg.Logger(os.Stderr), app.Options{})
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	serving, stop := context.WithCancel(ctx)
	h := &House{App: a, Addr: cfg.Addr, stop: stop, ended: make(chan error, 1)}
	started := make(chan struct{})
	go func() { h.ended <- a.Run(serving, l, func() { close(started) }) }()
	select {
	case <-started:
		return h, nil
	case err := <-h.ended:
		stop()
		return nil, errors.Join(err, a.Close())
	}
}

// Stop lets what it does come to its end.
func (h *House) Stop() error {
	h.stop()
	return errors.Join(<-h.ended, h.App.Close())
}
