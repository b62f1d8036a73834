package enginetest

import (
	"net/http"
	"strings"
	"testing"
)

// post sends a body with the fake's key.
func post(t *testing.T, s *Service, path, header, value, body string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set(header, value)
	r.Header.Set("Content-Type", "application/json")
	resp, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

func TestDeepLIsHeldAgainstItsDescription(t *testing.T) {
	d := StartDeepL(t)
	if d.validate == nil {
		t.Skip("DeepL's description isn't here")
	}
	for _, body := range []string{
		`{"text":["a"],"target_lang":"DE","formality":"loud"}`,
		`{"text":"a","target_lang":"DE"}`,
		`{"text":["a"]}`,
		`{"text":["a"],"target_lang":"DE","tag_handling_version":"v3"}`,
	} {
		d.faults = nil
		post(t, d.Service, "/v2/translate", "Authorization", "DeepL-Auth-Key "+Key, body)
		if len(d.faults) == 0 {
			t.Errorf("%s passes", body)
		}
	}
	d.faults = nil
	if status := post(t, d.Service, "/v2/translate", "Authorization", "DeepL-Auth-Key "+Key, `{"text":["a"],"target_lang":"DE"}`); status != 200 || len(d.faults) > 0 {
		t.Errorf("a good request: %d, %v", status, d.faults)
	}
}
