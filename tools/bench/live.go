package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"depesche/internal/actor"
	"depesche/internal/edition"
	"depesche/internal/id"
	pages "depesche/internal/page"
	"depesche/internal/people"
	"depesche/tools/figures"
)

const (
	// openPages is how many pages of a running story are open.
	openPages = 10_000
	// perAddress is how many of them come from one address: more are refused.
	perAddress = 1_000
	// livePosts is how many entries they are told of, one after the other.
	livePosts = 30
	// quiet is how long nothing happens.
	quiet = time.Minute
)

// coverage is a story that runs live, and the editor at the desk who writes it.
type coverage struct {
	s      *server
	path   string // of its page
	desk   string // where its entries are posted
	cookie *http.Cookie
}

// runningStory says what open pages of a running story cost, and how soon they are told.
func runningStory(ctx context.Context, bin, dir string) (rows []figures.Row, err error) {
	data := filepath.Join(dir, "live")
	c, err := covered(ctx, data)
	if err != nil {
		return nil, err
	}
	if c.s, err = served1(ctx, bin, data); err != nil {
		return nil, err
	}
	defer c.s.stop()
	if err := c.signIn(ctx); err != nil {
		return nil, err
	}
	if _, err := c.post(ctx, "", url.Values{"text": {"The line is closed."}}); err != nil { // what is done once
		return nil, err
	}
	pid := c.s.cmd.Process.Pid
	before, err := resident(pid)
	if err != nil {
		return nil, err
	}
	heard := make(chan told, openPages)
	conns, err := c.open(ctx, heard)
	defer func() {
		for _, x := range conns {
			_ = x.Close()
		}
	}()
	if err != nil {
		return nil, err
	}
	began, err := cpuOf(pid)
	if err != nil {
		return nil, err
	}
	time.Sleep(quiet)
	rested, err := cpuOf(pid)
	if err != nil {
		return nil, err
	}
	after, err := resident(pid)
	if err != nil {
		return nil, err
	}
	idle := 100 * float64(rested-began) / float64(quiet)
	rows = append(rows,
		figures.Row{"memory for 10,000 open pages of a running story, after a minute, resident", "", fmt.Sprintf("%.1f MB more (from %.1f to %.1f), %.1f KB each", float64(after-before)/1e6, float64(before)/1e6, float64(after)/1e6, float64(after-before)/1e3/openPages)},
		figures.Row{"CPU of `serve` for them while nothing happens", "", fmt.Sprintf("%.1f %% of a core", idle)})
	more, err := c.tell(ctx, pid, heard)
	return append(rows, more...), err
}

// tell posts entries and withdraws the last, and says when all pages knew.
func (c *coverage) tell(ctx context.Context, pid int, heard <-chan told) ([]figures.Row, error) {
	var whole, since []time.Duration
	began, err := cpuOf(pid)
	if err != nil {
		return nil, err
	}
	number := ""
	for i := range livePosts {
		sent := time.Now()
		answered, err := c.post(ctx, "", url.Values{"text": {fmt.Sprintf("At kilometre %d the water is %d centimetres above the mark; the bridge stays closed until the engineers have been there.", i+1, 40+i)}})
		if err != nil {
			return nil, err
		}
		for range openPages {
			at, err := next(ctx, heard)
			if err != nil {
				return nil, err
			}
			number = at.entry
			whole, since = append(whole, at.at.Sub(sent)), append(since, max(0, at.at.Sub(answered)))
		}
	}
	ended, err := cpuOf(pid)
	if err != nil {
		return nil, err
	}
	sent := time.Now()
	if _, err := c.post(ctx, "/"+number, url.Values{"act": {"withdraw"}, "why.en": {"It was another bridge."}}); err != nil {
		return nil, err
	}
	var last time.Duration
	for range openPages {
		at, err := next(ctx, heard)
		if err != nil {
			return nil, err
		}
		if at.entry != number {
			return nil, fmt.Errorf("entry %s is told of, not %s, which was withdrawn", at.entry, number)
		}
		last = max(last, at.at.Sub(sent))
	}
	three := func(list []time.Duration) string {
		return fmt.Sprintf("median %s, p99 %s, longest %s", figures.Ms(figures.Median(list)), figures.Ms(figures.Quantile(list, 0.99)), figures.Ms(figures.Quantile(list, 1)))
	}
	return []figures.Row{
		{fmt.Sprintf("from sending an entry at the desk until it is at each of 10,000 open pages, %d entries", livePosts), "under 1 s", three(whole)},
		{"the same from the desk's answer", "", three(since)},
		{"CPU of `serve` for an entry: checked, stored, rendered, sent to all of them", "", figures.Ms((ended - began) / livePosts)},
		{"from withdrawing an entry until it is gone from the last of 10,000 open pages", "under 1 s", figures.Ms(last)},
	}, nil
}

// covered makes a small paper with a running story.
func covered(ctx context.Context, data string) (c *coverage, err error) {
	if err := fill(ctx, data, 20); err != nil {
		return nil, err
	}
	a, err := open(ctx, data)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	_, err = a.People.CreateStaff(ctx, actor.System("bench"), people.NewStaff{Name: "Chief", Email: liveMail, Role: actor.Chief, Password: livePassword, UILang: "en"})
	if err != nil {
		return nil, err
	}
	cards, _, err := a.Editions.Cards(ctx, a.DB.Read(), edition.List{Lang: "en", Limit: 1})
	if err != nil {
		return nil, err
	}
	_, err = a.Live.Start(ctx, actor.System("bench"), cards[0].Story, true)
	return &coverage{path: pages.CardPath(cards[0]), desk: "/desk/live/" + strconv.FormatInt(cards[0].Number, 10) + "/entries"}, err
}

const liveMail, livePassword = "chief@bench.example", "between the lines"

func (c *coverage) signIn(ctx context.Context) error {
	res, err := c.ask(ctx, "/desk/sign-in", url.Values{"email": {liveMail}, "password": {livePassword}})
	if err != nil {
		return err
	}
	defer res.Body.Close()
	for _, cookie := range res.Cookies() {
		if cookie.Path == "/desk/" {
			c.cookie = cookie
		}
	}
	if c.cookie == nil {
		return fmt.Errorf("signing in: %s", res.Status)
	}
	return nil
}

func (c *coverage) ask(ctx context.Context, path string, form url.Values) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+c.s.addr+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if c.cookie != nil {
		req.AddCookie(c.cookie)
	}
	return http.DefaultTransport.RoundTrip(req)
}

// post is what the form at the desk sends of an entry, and when it was answered.
func (c *coverage) post(ctx context.Context, entry string, form url.Values) (time.Time, error) {
	form.Set("lang", "en")
	form.Set("sent", id.New(time.Now()))
	res, err := c.ask(ctx, c.desk+entry, form)
	at := time.Now()
	if err != nil {
		return at, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusSeeOther {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 1<<20))
		return at, fmt.Errorf("%s: %s\n%s", c.desk+entry, res.Status, text)
	}
	return at, nil
}

// told is that a page was told of an entry.
type told struct {
	entry string
	at    time.Time
	err   error
}

func next(ctx context.Context, heard <-chan told) (told, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	select {
	case t := <-heard:
		return t, t.err
	case <-ctx.Done():
		return told{}, fmt.Errorf("a page hears nothing: %w", ctx.Err())
	}
}

// open opens the pages' streams.
func (c *coverage) open(ctx context.Context, heard chan<- told) ([]net.Conn, error) {
	// What was told a moment ago is told again to who asks for it: nobody does.
	request := fmt.Sprintf("GET %s/live?since=%d HTTP/1.1\r\nHost: %s\r\n\r\n", c.path, time.Now().Add(time.Hour).UnixMilli(), c.s.addr)
	conns := make([]net.Conn, 0, openPages)
	for i := range openPages {
		from := &net.TCPAddr{IP: net.IPv4(127, 0, 1, byte(i/perAddress))}
		x, err := (&net.Dialer{LocalAddr: from}).DialContext(ctx, "tcp", c.s.addr)
		if err != nil {
			return conns, fmt.Errorf("page %d: %w (ulimit -n)", i, err)
		}
		conns = append(conns, x)
		if _, err := io.WriteString(x, request); err != nil {
			return conns, err
		}
		in := bufio.NewReaderSize(x, 256)
		if err := joined(in); err != nil {
			return conns, fmt.Errorf("page %d: %w", i, err)
		}
		go listen(in, heard)
	}
	return conns, nil
}

// joined reads the head of the answer and what is said first.
func joined(in *bufio.Reader) error {
	status, _, err := in.ReadLine()
	if err == nil && !bytes.Contains(status, []byte(" 200 ")) {
		err = fmt.Errorf("the stream answers %s", status)
	}
	for err == nil {
		var line []byte
		if line, _, err = in.ReadLine(); bytes.HasPrefix(line, []byte("retry:")) {
			return nil
		}
	}
	return err
}

// listen notes when an event is there whole.
func listen(in *bufio.Reader, heard chan<- told) {
	entry, start := "", true
	for {
		line, part, err := in.ReadLine()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			heard <- told{err: err}
			return
		case start && len(line) == 0 && entry != "":
			heard <- told{entry: entry, at: time.Now()}
			entry = ""
		case start:
			if data, ok := bytes.CutPrefix(line, []byte(`data: {"n":`)); ok {
				number, _, _ := bytes.Cut(data, []byte(","))
				entry = string(number)
			}
		}
		start = !part
	}
}
