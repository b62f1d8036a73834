package reader

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"depesche/internal/clock"
	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/page"
	"depesche/internal/problem"
	"depesche/internal/web"
)

// What holds back who would flood the newsroom.
const (
	reportBytes = 32 << 10        // of a form
	reportSoon  = 3 * time.Second // no person reads, writes and sends faster
	reportLate  = 24 * time.Hour  // then the form is given anew, with what was typed
	// Mobile networks put thousands of readers behind one address, and many see the same mistake. So an address
	// may send half of what is taken for a story in a day at once, and less than half of what the paper takes
	// in a day: none keeps all others out. What is refused doesn't count.
	reportBurst = 30
	reportEvery = 6 * time.Minute  // one more
	reportWait  = 10 * time.Minute // what is said to who has to wait: by then one is free again, and often another
	reportKeys  = 20_000           // addresses that are counted at a time
)

// foreign finds what another site's page makes a reader's browser send.
var foreign = http.NewCrossOriginProtection()

// reports is the door of readers' error reports. It is the only way on which a reader writes anything,
// and no page: it is never kept, and no page waits for it.
type reports struct {
	clock clock.Clock

	mu    sync.Mutex
	day   string
	salt  []byte // of the day: what an address was counted as can't be found out afterwards
	limit *web.Limiter
	key   []byte
}

// allow counts one for who asks, unless it is taken back. Addresses aren't kept: what is counted is a hash
// with a salt that lives a day, in memory.
func (rs *reports) allow(r *http.Request) (back func(), err error) {
	rs.mu.Lock()
	if today := rs.clock.Now().UTC().Format(time.DateOnly); today != rs.day {
		rs.day, rs.salt = today, make([]byte, 16)
		_, _ = rand.Read(rs.salt) // never fails
		rs.limit = web.NewLimiter(rs.clock, 1/reportEvery.Seconds(), reportBurst, reportKeys)
	}
	mac, limit := hmac.New(sha256.New, rs.salt), rs.limit
	rs.mu.Unlock()
	mac.Write([]byte(web.LimitKey(r)))
	return limit.Reserve(string(mac.Sum(nil)[:12]))
}

// signed is what a form tells of itself: for which text it was given, and when.
type signed struct {
	edition  edition.ID
	revision int64
	at       time.Time
}

func (s signed) text() string {
	return string(s.edition) + " " + strconv.FormatInt(s.revision, 10) + " " + strconv.FormatInt(s.at.Unix(), 10)
}

// secret is the paper's key. It is read, or made, when the first form is asked for.
func (rd *Reader) secret(ctx context.Context) ([]byte, error) {
	rd.reports.mu.Lock()
	defer rd.reports.mu.Unlock()
	if rd.reports.key == nil {
		key, err := rd.Corrections.ReportKey(ctx)
		if err != nil {
			return nil, err
		}
		rd.reports.key = []byte(key)
	}
	return rd.reports.key, nil
}

func sign(key []byte, s signed) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(s.text()))
	return base64.RawURLEncoding.EncodeToString([]byte(s.text())) + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:18])
}

// open reads a token of ours; what isn't one is false.
func open(key []byte, token string) (signed, bool) {
	first, _, _ := strings.Cut(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(first)
	words := strings.Split(string(raw), " ")
	if err != nil || len(words) != 3 {
		return signed{}, false
	}
	revision, err := strconv.ParseInt(words[1], 10, 64)
	unix, err2 := strconv.ParseInt(words[2], 10, 64)
	s := signed{edition.ID(words[0]), revision, time.Unix(unix, 0)}
	return s, err == nil && err2 == nil && hmac.Equal([]byte(sign(key, s)), []byte(token))
}

// report answers what stands behind [page.ReportPrefix].
func (v *visit) report(ctx context.Context) error {
	switch v.r.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodPost:
		if err := web.ParseForm(v.w, v.r, reportBytes); err != nil {
			return err
		}
	default:
		v.w.Header().Set("Allow", "GET, HEAD, POST")
		http.Error(v.w, "method not allowed", http.StatusMethodNotAllowed)
		return nil
	}
	key, err := v.rd.secret(ctx)
	if err != nil {
		return err
	}
	var form *page.Report
	var live edition.Live
	err = v.rd.DB.Snapshot(ctx, func(q db.Conn) error {
		v.q = q
		form, live, err = v.reportForm(ctx)
		return err
	})
	if err != nil {
		return err
	}
	if v.r.Method == http.MethodPost {
		return v.reported(ctx, key, form, live)
	}
	form.Thanks = v.r.URL.Query().Has("sent")
	form.Token = sign(key, signed{live.Edition.ID, live.Edition.PublishedRev, v.rd.Clock.Now()})
	return v.sendReport(http.StatusOK, form)
}

// reportForm is the form for the story of the address, if it is out and the paper takes reports.
func (v *visit) reportForm(ctx context.Context) (*page.Report, edition.Live, error) {
	paper, err := v.rd.Publication.PaperIn(ctx, v.q)
	if err != nil {
		return nil, edition.Live{}, err
	}
	v.paper = &paper
	first, rest, _ := strings.Cut(strings.TrimPrefix(v.r.URL.Path, page.ReportPrefix), "/")
	n, ok := number(rest)
	l := lang.Tag(first)
	if _, known := paper.Language(l); !known || !ok || !paper.ErrorReports {
		return nil, edition.Live{}, errMissing
	}
	v.route = route{kind: unknown, lang: l}
	if v.site, err = v.siteOf(ctx, v.q, paper, l); err != nil {
		return nil, edition.Live{}, err
	}
	live, err := v.rd.Editions.Published(ctx, v.q, n, l)
	if err != nil {
		return nil, edition.Live{}, err
	}
	form := v.site.Report(live, live.Doc, document.ID(v.r.FormValue("block")))
	if form.Chosen != nil {
		if quote := strings.TrimSpace(v.r.FormValue("quote")); strings.Contains(form.Chosen.Text, quote) {
			form.Quote = quote
		}
	}
	return form, live, nil
}

// reported takes what was sent. Who fills in what nobody sees is thanked and not heard.
func (v *visit) reported(ctx context.Context, key []byte, form *page.Report, live edition.Live) error {
	sent := v.r.PostForm
	form.Said, form.Mail, form.Wrong = sent.Get("said"), sent.Get("mail"), map[string]string{}
	thanks := func() error {
		v.w.Header().Set("Cache-Control", never)
		return web.SeeOther(v.w, v.r, form.Action+"?sent")
	}
	if sent.Get("website") != "" {
		return thanks()
	}
	now := v.rd.Clock.Now()
	token, ok := open(key, sent.Get("token"))
	form.Token = sent.Get("token")
	switch {
	case foreign.Check(v.r) != nil:
		form.Token = sign(key, signed{live.Edition.ID, live.Edition.PublishedRev, now})
		return v.notTaken(http.StatusForbidden, form, "reader.report.outside")
	case !ok || token.edition != live.Edition.ID || now.Sub(token.at) > reportLate || now.Before(token.at):
		form.Token = sign(key, signed{live.Edition.ID, live.Edition.PublishedRev, now})
		return v.notTaken(http.StatusConflict, form, "reader.report.again")
	case now.Sub(token.at) < reportSoon:
		return v.notTaken(http.StatusTooManyRequests, form, "reader.report.soon")
	}
	back, err := v.rd.reports.allow(v.r)
	if err != nil {
		v.w.Header().Set("Retry-After", strconv.Itoa(int(reportWait.Seconds())))
		return v.notTaken(http.StatusTooManyRequests, form, "reader.report.many")
	}
	if err := v.take(ctx, form, live, token); err != nil {
		back()
		return v.refused(form, err)
	}
	return thanks()
}

// take hands the report to the newsroom, as of the text that the form was given for.
func (v *visit) take(ctx context.Context, form *page.Report, live edition.Live, token signed) error {
	sent, doc := v.r.PostForm, live.Doc
	if token.revision != live.Edition.PublishedRev {
		var err error
		if doc, err = v.rd.Editions.RevisionDoc(ctx, v.rd.DB.Read(), live.Edition.ID, token.revision); err != nil {
			return err
		}
	}
	return v.rd.Corrections.Take(ctx, live, doc, correction.NewReport{
		Block: document.ID(sent.Get("block")), Revision: token.revision, Given: token.at, Quote: sent.Get("quote"), Said: form.Said, Mail: form.Mail,
	})
}

// refused says what is wrong with a report, or that there is no room for it.
func (v *visit) refused(form *page.Report, err error) error {
	if p := web.Describe(err); err != nil && (p.Kind == problem.Invalid || p.Kind == problem.TooMany) {
		for _, f := range p.Fields {
			form.Wrong[f.Name] = v.rd.Pages.Words(v.site.Lang).T(f.Key, f.Args...)
		}
		if len(p.Fields) > 0 {
			return v.notTaken(http.StatusUnprocessableEntity, form, "")
		}
		return v.notTaken(http.StatusTooManyRequests, form, p.Key)
	}
	return err
}

func (v *visit) notTaken(status int, form *page.Report, word string) error {
	if word != "" {
		form.Problem = v.rd.Pages.Words(v.site.Lang).T(word)
	}
	return v.sendReport(status, form)
}

// sendReport writes the form. It is another each time, so nothing of it is kept.
func (v *visit) sendReport(status int, form *page.Report) error {
	var b bytes.Buffer
	if err := v.rd.Pages.RenderReport(&b, form); err != nil {
		return err
	}
	v.send(&body{status: status, kind: htmlType, bytes: b.Bytes(), csp: form.CSP(), lang: v.site.Lang, cache: never, robots: "noindex"})
	return nil
}
