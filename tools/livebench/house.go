package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"depesche/internal/actor"
	"depesche/internal/config"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/publication"
	"depesche/internal/story"
	"depesche/tools/serving"
)

// perPerson is how many of the pages one of the staff has open.
const perPerson = 5

// house is one paper on one or two nodes, and the pages that are open on it.
type house struct {
	dir      string
	nodes    []*serving.House
	client   *http.Client
	cookies  []*http.Cookie
	pages    []chan time.Time
	streams  []io.Closer
	original edition.Edition
	english  edition.ID
	base     int64
	doc      document.Doc
}

func open(ctx context.Context, database string, nodes int) (*house, error) {
	dir, err := os.MkdirTemp("", "depesche-live-")
	if err != nil {
		return nil, err
	}
	h := &house{dir: dir, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	for i := range nodes {
		cfg := config.Default(dir + "/" + strconv.Itoa(i))
		cfg.Database, cfg.LogLevel = database, "warn"
		n, err := serving.Start(ctx, cfg)
		if err != nil {
			return nil, errors.Join(err, h.close())
		}
		h.nodes = append(h.nodes, n)
	}
	for _, step := range []func(context.Context) error{h.found, h.write, h.listen} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, h.close())
		}
	}
	return h, nil
}

func (h *house) close() error {
	var errs []error
	for _, c := range h.streams {
		errs = append(errs, c.Close())
	}
	for _, n := range h.nodes {
		errs = append(errs, n.Stop())
	}
	return errors.Join(append(errs, os.RemoveAll(h.dir))...)
}

// found sets the paper up and signs its staff in.
func (h *house) found(ctx context.Context) error {
	a := h.nodes[0].App
	const password = "between the lines"
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		return a.Publication.SetUp(ctx, tx, publication.Setup{Name: "Kurier", Languages: []lang.Tag{"de", "en"}, MainLang: "de", TimeZone: "Europe/Berlin", BaseURL: "http://" + h.nodes[0].Addr})
	})
	if err != nil {
		return err
	}
	for i := range (*streams + perPerson - 1) / perPerson {
		mail := fmt.Sprintf("chief%d@kurier.example", i)
		if _, err := a.People.CreateStaff(ctx, actor.System("bench"), people.NewStaff{Name: fmt.Sprintf("Chief %d", i), Email: mail, Role: actor.Chief, Password: password, UILang: "en"}); err != nil {
			return err
		}
		form := url.Values{"email": {mail}, "password": {password}}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+h.nodes[0].Addr+"/desk/sign-in", strings.NewReader(form.Encode()))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		res, err := h.client.Do(req)
		if err != nil {
			return err
		}
		res.Body.Close()
		for _, c := range res.Cookies() {
			if c.Path == "/desk/" {
				h.cookies = append(h.cookies, c)
			}
		}
	}
	return nil
}

// write makes a story of 60 segments with a translation of all of them.
func (h *house) write(ctx context.Context) error {
	a, sys := h.nodes[0].App, actor.System("bench")
	ed, err := a.Editions.Begin(ctx, sys, story.NewStory{Kind: story.News, OriginalLang: "de"}, "Sechzig Absätze")
	if err != nil {
		return err
	}
	h.doc = document.Doc{Headline: "Sechzig Absätze"}
	for i := range 59 {
		h.doc.Blocks = append(h.doc.Blocks, document.Block{ID: document.ID(fmt.Sprintf("b%d", i)), Kind: document.Paragraph, Text: document.Text(fmt.Sprintf("Der Rat hat im Saal %d über den Haushalt beraten und 12 Anträge angenommen.", i))})
	}
	saved, err := a.Editions.Save(ctx, sys, edition.Save{Edition: ed.ID, Base: ed.Revision, Doc: h.doc})
	if err != nil {
		return err
	}
	h.original, h.base = saved.Edition, saved.Edition.Revision
	begun, err := a.Translate.Begin(ctx, sys, ed.Story, "en")
	if err != nil {
		return err
	}
	h.english = begun[0].ID
	doc := document.Doc{Headline: "Sixty paragraphs"}
	for i, b := range h.doc.Blocks {
		b.Text = document.Text(fmt.Sprintf("In room %d the council discussed the budget and passed 12 motions.", i))
		doc.Blocks = append(doc.Blocks, b)
	}
	_, err = a.Editions.Save(ctx, sys, edition.Save{Edition: h.english, Base: begun[0].Revision, Doc: doc})
	return err
}

func (h *house) ask(ctx context.Context, method, address string, body url.Values, person int) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body.Encode()))
	if err != nil {
		return nil, err
	}
	req.AddCookie(h.cookies[person])
	if body != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := h.client.Do(req)
	if err == nil && res.StatusCode != http.StatusOK {
		res.Body.Close()
		return nil, fmt.Errorf("%s: %s", address, res.Status)
	}
	return res, err
}

// listen opens the pages' streams, in turn on each node.
func (h *house) listen(ctx context.Context) error {
	for i := range *streams {
		res, err := h.ask(ctx, http.MethodGet, "http://"+h.nodes[i%len(h.nodes)].Addr+"/desk/events", nil, i/perPerson) //nolint:bodyclose // it is closed with the house
		if err != nil {
			return err
		}
		h.streams = append(h.streams, res.Body)
		in := bufio.NewScanner(res.Body)
		for in.Scan() && in.Text() != "event: hello" {
		}
		heard := make(chan time.Time, 100)
		go func() {
			want := `"edition":"` + string(h.original.ID) + `"`
			for in.Scan() {
				if strings.Contains(in.Text(), want) {
					heard <- time.Now()
				}
			}
		}()
		h.pages = append(h.pages, heard)
	}
	return nil
}

// save changes a number in the original, and returns when that was sent and when acknowledged.
func (h *house) save(ctx context.Context) (sent, at time.Time, err error) {
	h.doc.Blocks[2].Text = document.Text(fmt.Sprintf("Der Rat hat %d Anträge angenommen.", h.base))
	raw, err := json.Marshal(h.doc)
	if err != nil {
		return sent, at, err
	}
	sent = time.Now()
	res, err := h.ask(ctx, http.MethodPost, "http://"+h.nodes[0].Addr+"/desk/editions/"+string(h.original.ID)+"/save.json", url.Values{"base": {strconv.FormatInt(h.base, 10)}, "doc": {string(raw)}}, 0)
	if err != nil {
		return sent, at, err
	}
	at = time.Now()
	defer res.Body.Close()
	var answer struct{ Revision int64 }
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		return sent, at, err
	}
	h.base = answer.Revision
	return sent, at, nil
}

// heard waits until a page has heard of the last save.
func (h *house) heard(ctx context.Context, page int) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	select {
	case at := <-h.pages[page]:
		return at, nil
	case <-ctx.Done():
		return time.Time{}, fmt.Errorf("page %d hears nothing: %w", page, ctx.Err())
	}
}

// rows fetches what the translation screen shows anew.
func (h *house) rows(ctx context.Context) error {
	res, err := h.ask(ctx, http.MethodGet, "http://"+h.nodes[0].Addr+"/desk/editions/"+string(h.english)+"/rows.json", nil, len(h.cookies)-1)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return err
}
