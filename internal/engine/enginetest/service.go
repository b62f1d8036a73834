package enginetest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"testing"

	"depesche/internal/engine"
)

// Key is what every fake service takes for a key.
const Key = "hush:4711/d41d+8cd9="

// Service is a server that answers as one of the services does: it checks the key, the shapes and
// the limits, and plays whatever fault it is told to. It ends with the test.
type Service struct {
	URL    string
	faults []string

	mu       sync.Mutex
	plays    []Play
	always   *Play
	held     *gateway
	asked    []Asked
	says     map[string]string
	client   *http.Client
	charged  int64
	validate func(*http.Request, []byte) error
}

// Asked is a request that came in.
type Asked struct {
	Method, Path string
	Query        url.Values
	Header       http.Header
	Body         []byte
	Translation  bool // and not one for languages, a token, a glossary
}

// JSON reads the body into v, or fails the test.
func (a Asked) JSON(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal(a.Body, v); err != nil {
		t.Fatalf("the request isn't JSON of that shape: %v\n%s", err, a.Body)
	}
}

// Play is what a service does instead of translating. The zero value translates.
type Play struct {
	// Status, Header and Body are answered as they are.
	Status int
	Header map[string]string
	Body   string
	// Cut hangs up when the request was read, Break within the answer.
	Cut, Break bool
	// Texts changes the translations before they are sent: loses one, spoils them.
	Texts func([]string) []string
	// Charges counts the request as charged for, although it fails.
	Charges bool
}

type gateway struct {
	arrived chan struct{}
	open    chan struct{}
}

// newService starts a service for the time of the test, and fails it if a request came in that the real one
// would never have understood.
func newService(t testing.TB, routes func(*http.ServeMux)) *Service {
	s := &Service{says: map[string]string{}}
	mux := http.NewServeMux()
	routes(mux)
	server := httptest.NewServer(mux)
	transport := &http.Transport{}
	s.URL, s.client = server.URL, &http.Client{Transport: transport}
	t.Cleanup(func() {
		s.mu.Lock()
		held := s.held
		s.held = nil
		s.mu.Unlock()
		if held != nil {
			close(held.open)
		}
		transport.CloseIdleConnections()
		server.Close()
		for _, f := range s.faults {
			t.Error(f)
		}
	})
	return s
}

// Client is a client of the test's own, so that no connection outlives it.
func (s *Service) Client() *http.Client { return s.client }

// Plays are what the service does with the next translations it is asked for, one each.
func (s *Service) Plays(plays ...Play) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.plays = append(s.plays, plays...)
}

// Always is what the service does with every translation it is asked for.
func (s *Service) Always(p Play) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.always = &p
}

// Says makes the service answer source with target.
func (s *Service) Says(source, target string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.says[source] = target
}

// Hold makes every translation wait from now on, until release is called or the client hangs up. Each
// that waits is told on arrived, which must be read.
func (s *Service) Hold() (arrived <-chan struct{}, release func()) {
	g := &gateway{arrived: make(chan struct{}), open: make(chan struct{})}
	s.mu.Lock()
	s.held = g
	s.mu.Unlock()
	return g.arrived, func() {
		s.mu.Lock()
		mine := s.held == g
		if mine {
			s.held = nil
		}
		s.mu.Unlock()
		if mine {
			close(g.open)
		}
	}
}

// Asked are all requests so far.
func (s *Service) Asked() []Asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// Translations are the requests for translations so far.
func (s *Service) Translations() []Asked {
	return slices.DeleteFunc(s.Asked(), func(a Asked) bool { return !a.Translation })
}

// Last is the last of them; there must be one.
func (s *Service) Last() Asked {
	all := s.Translations()
	return all[len(all)-1]
}

// Charged are the characters that the service charged so far.
func (s *Service) Charged() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.charged
}

func (s *Service) complain(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, fmt.Sprintf(format, args...))
}

// read takes the request down and returns its body.
func (s *Service) read(r *http.Request, translation bool) []byte {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	s.mu.Lock()
	s.asked = append(s.asked, Asked{r.Method, r.URL.Path, r.URL.Query(), r.Header.Clone(), body, translation})
	validate := s.validate
	s.mu.Unlock()
	if validate != nil {
		if err := validate(r, body); err != nil {
			s.complain("%s %s isn't what the service describes: %v", r.Method, r.URL.Path, err)
		}
	}
	return body
}

// begin plays what comes next and says whether the request is answered by that already.
func (s *Service) begin(w http.ResponseWriter, r *http.Request) (p Play, done bool) {
	s.mu.Lock()
	if len(s.plays) > 0 {
		p, s.plays = s.plays[0], s.plays[1:]
	} else if s.always != nil {
		p = *s.always
	}
	held := s.held
	s.mu.Unlock()
	if held != nil {
		select {
		case held.arrived <- struct{}{}:
		case <-held.open:
		case <-r.Context().Done():
		}
		select {
		case <-held.open:
		case <-r.Context().Done():
		}
	}
	if p.Cut {
		panic(http.ErrAbortHandler)
	}
	if p.Status == 0 {
		return p, false
	}
	for k, v := range p.Header {
		w.Header().Set(k, v)
	}
	w.WriteHeader(p.Status)
	fmt.Fprint(w, p.Body)
	return p, true
}

// translate makes the translations, and notes what they cost.
func (s *Service) translate(p Play, texts []string, html bool, terms map[string]string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]string, len(texts))
	for i, t := range texts {
		said, ok := s.says[t]
		if !ok {
			said = swapAround(t, termsOf(terms), html)
		}
		out[i] = said
	}
	s.charged += int64(Characters(texts...))
	if p.Texts != nil {
		out = p.Texts(out)
	}
	return out
}

// answer sends v as JSON, or the half of it.
func answer(w http.ResponseWriter, p Play, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", fmt.Sprint(len(b)))
	w.WriteHeader(status)
	if p.Break {
		w.Write(b[:len(b)/2])
		panic(http.ErrAbortHandler)
	}
	w.Write(b)
}

// Loses drops the last n texts.
func Loses(n int) func([]string) []string {
	return func(in []string) []string { return in[:max(len(in)-n, 0)] }
}

func termsOf(m map[string]string) []engine.Term {
	var out []engine.Term
	for source, target := range m {
		out = append(out, engine.Term{Source: source, Target: target})
	}
	return out
}
