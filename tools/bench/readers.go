package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"

	"depesche/tools/figures"
)

// manyReaders says what ten thousand cost who keep a connection, and ten thousand who take their pages slowly.
func manyReaders(ctx context.Context, s *server, p page) ([]figures.Row, error) {
	const many = 10_000
	request := "GET " + p.path + " HTTP/1.1\r\nHost: " + s.addr + "\r\nAccept-Encoding: gzip\r\n\r\n"
	var rows []figures.Row
	for _, kind := range []struct {
		what  string
		times int
		read  bool
	}{
		{"memory for 10,000 readers who keep their connection open", 1, true},
		{"memory for 10,000 who ask for 40 articles and read nothing", 40, false},
	} {
		before, err := resident(s.cmd.Process.Pid)
		if err != nil {
			return nil, err
		}
		conns, err := readers(ctx, s.addr, many, strings.Repeat(request, kind.times), kind.read, p)
		if err != nil {
			return nil, err
		}
		after, err := resident(s.cmd.Process.Pid)
		if err != nil {
			return nil, err
		}
		if _, err := fetch(ctx, "http://"+s.addr+p.path); err != nil {
			return nil, fmt.Errorf("beside %d readers: %w", many, err)
		}
		for _, c := range conns {
			_ = c.Close()
		}
		rows = append(rows, figures.Row{kind.what, "", fmt.Sprintf("%.1f MB more (from %.1f to %.1f), %.1f KB each", float64(after-before)/1e6, float64(before)/1e6, float64(after)/1e6, float64(after-before)/1e3/many)})
	}
	return rows, nil
}

// readers connects so many who send the request and read one answer, or nothing.
func readers(ctx context.Context, addr string, n int, request string, read bool, p page) ([]net.Conn, error) {
	conns := make([]net.Conn, 0, n)
	for range n {
		c, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
		if err != nil {
			return nil, fmt.Errorf("reader %d: %w (ulimit -n)", len(conns), err)
		}
		conns = append(conns, c)
		if !read {
			_ = c.(*net.TCPConn).SetReadBuffer(16 << 10)
		}
		if _, err := io.WriteString(c, request); err != nil {
			return nil, err
		}
		if read {
			if _, err := io.ReadFull(c, make([]byte, len(p.body))); err != nil {
				return nil, err
			}
		}
	}
	return conns, nil
}
