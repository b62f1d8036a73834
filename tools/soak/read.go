package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"time"
)

// allowed is how long after an act its readers may see what was before. On the node that took it the
// promise is that nobody does; a second is what the paper promises on all of them.
const allowed = time.Second

// reads reads on one connection for a while, in the ways that browsers do.
func reads(ctx context.Context, p *paper, addr string, seed uint64, r *report) error {
	c, err := (&net.Dialer{}).DialContext(context.WithoutCancel(ctx), "tcp", addr)
	if err != nil {
		return err
	}
	defer c.Close()
	in := bufio.NewReader(c)
	rnd := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // what is read next
	tags := map[string]string{}
	for range 50 + rnd.IntN(200) {
		if ctx.Err() != nil {
			return nil
		}
		_ = c.SetDeadline(time.Now().Add(time.Minute))
		if rnd.IntN(20) == 0 {
			a, err := ask(c, in, rnd, "/de/", "")
			if err == nil && (a.status != http.StatusOK || !bytes.HasSuffix(bytes.TrimSpace(a.text), []byte("</html>"))) {
				err = fmt.Errorf("the front: %d, %d bytes", a.status, len(a.text))
			}
			if err != nil {
				return err
			}
			r.fronts.Add(1)
			r.answers.Add(1)
			continue
		}
		if err := p.pick().read(c, in, rnd, tags, r); err != nil {
			return err
		}
	}
	return nil
}

// read reads a story and looks whether the answer was one that it could be.
func (x *piece) read(c net.Conn, in *bufio.Reader, rnd *rand.Rand, tags map[string]string, r *report) error {
	x.mu.Lock()
	path := x.path
	x.mu.Unlock()
	if path == "" {
		a, err := ask(c, in, rnd, fmt.Sprintf("/de/%d", x.number), "")
		if err != nil {
			return err
		}
		if a.status == http.StatusGone {
			return nil
		}
		if path = a.location; path == "" {
			return fmt.Errorf("story %d: %d without an address", x.number, a.status)
		}
		x.mu.Lock()
		x.path = path
		x.mu.Unlock()
	}
	tag := ""
	if rnd.IntN(4) == 0 {
		tag = tags[path]
	}
	sent := time.Now()
	a, err := ask(c, in, rnd, path, tag)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	r.answers.Add(1)
	if a.tag != "" {
		tags[path] = a.tag
	}
	return x.judge(a, sent, r)
}

var marked = regexp.MustCompile(`Meldung (\d+) in der Fassung (\d+) steht hier\.`)

func (x *piece) judge(a answer, sent time.Time, r *report) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch a.status {
	case http.StatusGone:
		r.gone.Add(1)
		if !x.withdraws {
			return fmt.Errorf("story %d is gone and wasn't withdrawn", x.number)
		}
		return nil
	case http.StatusNotModified, http.StatusOK:
	default:
		return fmt.Errorf("story %d: %d", x.number, a.status)
	}
	if !x.withdrawn.IsZero() && sent.After(x.withdrawn) {
		r.stale(sent.Sub(x.withdrawn))
		if sent.Sub(x.withdrawn) > allowed {
			return fmt.Errorf("story %d is read %s after it was withdrawn", x.number, sent.Sub(x.withdrawn))
		}
	}
	if a.status == http.StatusNotModified {
		r.unchanged.Add(1)
		return nil
	}
	if !bytes.HasSuffix(bytes.TrimSpace(a.text), []byte("</html>")) {
		return fmt.Errorf("story %d: half a page of %d bytes", x.number, len(a.text))
	}
	found := marked.FindAllSubmatch(a.text, -1)
	if len(found) == 0 || string(found[0][1]) != strconv.FormatInt(x.number, 10) {
		return fmt.Errorf("story %d: another's page %q", x.number, found)
	}
	version, err := strconv.Atoi(string(found[0][2]))
	if err != nil || version > x.begun {
		return fmt.Errorf("story %d: version %d of %d", x.number, version, x.begun)
	}
	for _, m := range x.told {
		if m.version > version && sent.After(m.at) {
			r.stale(sent.Sub(m.at))
			if sent.Sub(m.at) > allowed {
				return fmt.Errorf("story %d in version %d is read %s after version %d was out", x.number, version, sent.Sub(m.at), m.version)
			}
			break
		}
	}
	return nil
}

type answer struct {
	status        int
	text          []byte
	tag, location string
}

// ask asks plain or compressed, at once or in parts.
func ask(c net.Conn, in *bufio.Reader, rnd *rand.Rand, path, tag string) (answer, error) {
	q := "GET " + path + " HTTP/1.1\r\nHost: paper.example\r\n"
	if rnd.IntN(3) > 0 {
		q += "Accept-Encoding: gzip\r\n"
	}
	if tag != "" {
		q += "If-None-Match: " + tag + "\r\n"
	}
	q += "\r\n"
	cut := len(q)
	if rnd.IntN(10) == 0 {
		cut = rnd.IntN(len(q))
	}
	for _, part := range []string{q[:cut], q[cut:]} {
		if _, err := io.WriteString(c, part); err != nil {
			return answer{}, err
		}
	}
	res, err := http.ReadResponse(in, nil)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return answer{}, err
	}
	a := answer{status: res.StatusCode, text: body, tag: res.Header.Get("Etag"), location: res.Header.Get("Location")}
	if res.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return a, err
		}
		if a.text, err = io.ReadAll(z); err != nil {
			return a, errors.Join(errors.New("compressed by halves"), err)
		}
	}
	return a, nil
}
