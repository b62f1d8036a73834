package desk

import (
	"net/url"
	"strings"
	"testing"
)

// A stranger's address and words are a mail's recipient and text, whatever is in them.
func TestAnswerIsOneMail(t *testing.T) {
	for _, to := range []string{"leser@example.org", "a+b@example.org", "a%0d%0abcc%3Ab@example.org", "a?bcc=b@example.org", "a&b#c@example.org", "анна@приклад.укр"} {
		said := "Zwei & drei?\nBcc: alle@example.org #1 + 1"
		u, err := url.Parse(answer(to, "Ihr Hinweis zu „A & B“", said))
		if err != nil {
			t.Fatal(err)
		}
		got, err := url.PathUnescape(u.Opaque)
		if err != nil || got != to {
			t.Errorf("%q became %q, %v", to, got, err)
		}
		q := u.Query()
		if len(q) != 2 || q.Get("subject") != "Ihr Hinweis zu „A & B“" || q.Get("body") != "> Zwei & drei?\r\n> Bcc: alle@example.org #1 + 1\r\n\r\n" {
			t.Errorf("%q", q)
		}
		if strings.ContainsAny(u.String(), " +\r\n") {
			t.Errorf("%q", u)
		}
	}
	if long := answer("a@example.org", "x", strings.Repeat("ї", 5000)); len(long) > 3000 {
		t.Errorf("an address of %d bytes", len(long))
	}
}
