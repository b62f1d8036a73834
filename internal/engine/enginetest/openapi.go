package enginetest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

var descriptions sync.Map // of a file's name: func() (routers.Router, error)

// openAPI returns a check of requests against a description in the test material beside the
// repository, nil where that isn't.
func openAPI(t testing.TB, name string) func(*http.Request, []byte) error {
	t.Helper()
	path := beside("data/protocols/" + name)
	if _, err := os.Stat(path); err != nil {
		t.Logf("requests aren't held against %s: it isn't here", name)
		return nil
	}
	load, _ := descriptions.LoadOrStore(name, sync.OnceValues(func() (routers.Router, error) { return router(path) }))
	r, err := load.(func() (routers.Router, error))()
	if err != nil {
		t.Fatal(err)
	}
	return func(req *http.Request, body []byte) error { return check(r, req, body) }
}

func router(path string) (routers.Router, error) {
	doc, err := openapi3.NewLoader().LoadFromFile(path)
	if err != nil {
		return nil, err
	}
	doc.Servers = nil // whatever host the fake has
	return gorillamux.NewRouter(doc)
}

func check(r routers.Router, req *http.Request, body []byte) error {
	copied := req.Clone(context.Background())
	copied.Body = io.NopCloser(bytes.NewReader(body))
	copied.URL.Scheme, copied.URL.Host = "https", "api.deepl.com"
	route, params, err := r.FindRoute(copied)
	if err != nil {
		return err
	}
	return openapi3filter.ValidateRequest(context.Background(), &openapi3filter.RequestValidationInput{
		Request: copied, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	})
}

// beside is a path in the folder of test material, which lies beside the repository.
func beside(name string) string {
	dir, err := os.Getwd()
	for err == nil {
		if _, e := os.Stat(filepath.Join(dir, "go.mod")); e == nil {
			return filepath.Join(dir, "..", "shared", filepath.FromSlash(name))
		}
		up := filepath.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	return ""
}
