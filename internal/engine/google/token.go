package google

import (
	"cmp"
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/jwt"

	"depesche/internal/clock"
	"depesche/internal/engine"
	"depesche/internal/engine/httpengine"
)

// account is what the key's file of a service account has that we need.
type account struct {
	Type       string `json:"type"`
	Project    string `json:"project_id"`
	Email      string `json:"client_email"`
	KeyID      string `json:"private_key_id"`
	PrivateKey string `json:"private_key"`
	TokenURI   string `json:"token_uri"`
}

const scope = "https://www.googleapis.com/auth/cloud-translation"

var errAccount = errors.New("the key isn't the file of a service account")

// readAccount reads the file, and looks whether there is a private key in it.
func readAccount(key httpengine.Secret) (account, error) {
	var a account
	if json.Unmarshal([]byte(key.Reveal()), &a) != nil || a.Type != "service_account" || a.Email == "" {
		return account{}, errAccount
	}
	block, _ := pem.Decode([]byte(a.PrivateKey))
	if block == nil {
		return account{}, errAccount
	}
	if _, err := x509.ParsePKCS8PrivateKey(block.Bytes); err != nil {
		if _, err := x509.ParsePKCS1PrivateKey(block.Bytes); err != nil {
			return account{}, errAccount
		}
	}
	return a, nil
}

// tokens has the account's token, for as long as it is worth something. Many who want one ask once.
type tokens struct {
	client *httpengine.Client
	// Secrets, since whoever prints an engine prints what is in it.
	email   string
	private httpengine.Secret
	keyID   httpengine.Secret
	url     string
	fault   error // why there will be none
	http    *http.Client
	turn    chan struct{}
	clock   clock.Clock
	now     *oauth2.Token
}

func newTokens(c *httpengine.Client, a account, fault error, url string, client *http.Client, now clock.Clock) *tokens {
	return &tokens{
		client: c, fault: fault, http: httpengine.Guarded(client), turn: make(chan struct{}, 1), clock: now,
		email: a.Email, private: httpengine.NewSecret(a.PrivateKey), keyID: httpengine.NewSecret(a.KeyID),
		url: cmp.Or(url, "https://oauth2.googleapis.com/token"),
	}
}

// token returns one that is good for a minute at least.
func (t *tokens) token(ctx context.Context) (string, error) {
	if t.fault != nil {
		return "", t.client.Fail(engine.Key, t.fault)
	}
	select {
	case t.turn <- struct{}{}:
		defer func() { <-t.turn }()
	case <-ctx.Done():
		return "", t.client.Fail(engine.Gone, ctx.Err())
	}
	if t.now != nil && (t.now.Expiry.IsZero() || t.clock.Now().Add(time.Minute).Before(t.now.Expiry)) {
		return t.now.AccessToken, nil
	}
	got, err := t.ask(ctx)
	if err != nil {
		return "", err
	}
	t.now = got
	return got.AccessToken, nil
}

// forget lets go of a token that turned out to be worth nothing.
func (t *tokens) forget(token string) {
	t.turn <- struct{}{}
	defer func() { <-t.turn }()
	if t.now != nil && t.now.AccessToken == token {
		t.now = nil
	}
}

// ask has a token signed for. The library's own request knows no context, so each is given one.
func (t *tokens) ask(ctx context.Context) (*oauth2.Token, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	client := *t.http
	client.Transport = bound{ctx, t.http.Transport}
	config := jwt.Config{Email: t.email, PrivateKey: []byte(t.private.Reveal()), PrivateKeyID: t.keyID.Reveal(), Scopes: []string{scope}, TokenURL: t.url}
	got, err := config.TokenSource(context.WithValue(ctx, oauth2.HTTPClient, &client)).Token()
	var refused *oauth2.RetrieveError
	switch {
	case errors.As(err, &refused) && refused.Response.StatusCode < 500 && refused.Response.StatusCode != http.StatusTooManyRequests:
		return nil, t.client.Fail(engine.Key, fmt.Errorf("no token for the account: HTTP %d", refused.Response.StatusCode))
	case errors.As(err, &refused):
		return nil, t.client.Fail(engine.Busy, fmt.Errorf("no token for the account now: HTTP %d", refused.Response.StatusCode))
	case ctx.Err() != nil:
		return nil, t.client.Fail(engine.Gone, ctx.Err())
	case err != nil:
		// Its text may quote the answer, and who knows what stands in that.
		return nil, t.client.Fail(engine.Gone, errors.New("the account's tokens can't be had: no answer, or none that is one"))
	case got.AccessToken == "":
		return nil, t.client.Fail(engine.Garbled, errors.New("the account's token is empty"))
	}
	return got, nil
}

// bound is a transport whose requests end with a context.
type bound struct {
	ctx  context.Context
	next http.RoundTripper
}

// RoundTrip sends the request.
func (b bound) RoundTrip(r *http.Request) (*http.Response, error) {
	next := b.next
	if next == nil {
		next = http.DefaultTransport
	}
	return next.RoundTrip(r.WithContext(b.ctx))
}
