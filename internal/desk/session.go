package desk

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"depesche/internal/people"
	"depesche/internal/problem"
	"depesche/internal/web"
)

const (
	sessionCookie = "depesche_session"
	knownCookie   = "depesche_known"
)

// guard lets those through who are signed in; others are led to the sign-in and back again.
func (d *Desk) guard(next http.Handler) http.Handler {
	return d.site.Handle(func(w http.ResponseWriter, r *http.Request) error {
		mark := d.live.mark()
		if ready, err := d.Publication.Ready(r.Context()); err != nil {
			return err
		} else if !ready {
			return web.SeeOther(w, r, "/desk/setup")
		}
		c, err := r.Cookie(sessionCookie)
		if err != nil {
			return d.askSignIn(w, r)
		}
		a, _, err := d.People.ActorOf(r.Context(), c.Value)
		if problem.Is(err, problem.NotFound) || problem.Is(err, problem.Forbidden) {
			return d.askSignIn(w, r)
		}
		if err != nil {
			return err
		}
		ctx := context.WithValue(r.Context(), actorKey{}, signedIn{Actor: a, token: c.Value, mark: mark})
		next.ServeHTTP(w, r.WithContext(ctx))
		return nil
	})
}

func (d *Desk) askSignIn(w http.ResponseWriter, r *http.Request) error {
	if wantsJSON(r) {
		return web.JSON(w, http.StatusUnauthorized, map[string]string{"message": d.Words.In(d.uiLang(r)).T("desk.session_gone")})
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		// What was typed must not get lost in a redirect: it is shown, to be copied.
		f := d.frame(r, "desk.sign_in.title", "")
		if err := parse(w, r); err != nil {
			return err
		}
		v := signInView{frame: f, Next: "/desk/", Typed: typedIn(r)}
		v.fields("", nil)
		v.Errors = []fieldError{{Text: f.words.T("desk.session_gone")}}
		return d.show(w, r, http.StatusUnauthorized, "sign_in", v)
	}
	return web.SeeOther(w, r, "/desk/sign-in?next="+url.QueryEscape(r.URL.RequestURI()))
}

type signInView struct {
	frame
	Next            string
	Email, Password field
	Demo            []DemoAccount
	Typed           []typed
}

func (v *signInView) fields(email string, errs []fieldError) {
	w := v.words
	v.Email = field{ID: "email", Label: w.T("desk.email"), Type: "email", Value: email, Required: true, Auto: "username", Focus: true}.with(errs)
	v.Password = field{ID: "password", Label: w.T("desk.password"), Type: "password", Required: true, Auto: "current-password"}.with(errs)
	v.Errors = errs
}

func (d *Desk) signInForm(w http.ResponseWriter, r *http.Request) error {
	if ready, err := d.Publication.Ready(r.Context()); err != nil {
		return err
	} else if !ready {
		return web.SeeOther(w, r, "/desk/setup")
	}
	v := signInView{frame: d.frame(r, "desk.sign_in.title", ""), Next: ownPath(r.URL.Query().Get("next")), Demo: d.demo(r)}
	v.fields("", nil)
	return d.show(w, r, http.StatusOK, "sign_in", v)
}

func (d *Desk) demo(r *http.Request) []DemoAccount {
	w := d.Words.In(d.uiLang(r))
	out := append([]DemoAccount(nil), d.DemoAccounts...)
	for i := range out {
		out[i].Role = w.T("desk.role." + out[i].Role)
	}
	return out
}

func (d *Desk) signIn(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(w, r, 64<<10); err != nil {
		return err
	}
	email := value(r, "email")
	token, st, err := d.People.SignIn(r.Context(), email, r.PostFormValue("password"), client(r))
	if err != nil {
		if !userError(err) && !problem.Is(err, problem.Forbidden) {
			return err
		}
		v := signInView{frame: d.frame(r, "desk.sign_in.title", ""), Next: ownPath(value(r, "next")), Demo: d.demo(r)}
		v.fields(email, fieldErrors(v.words, err))
		status := statusOf(err)
		if status == http.StatusOK {
			status = http.StatusForbidden
		}
		return d.show(w, r, status, "sign_in", v)
	}
	d.setSession(w, r, token)
	if err := d.setKnown(w, r, st.ID); err != nil {
		return err
	}
	return web.SeeOther(w, r, ownPath(value(r, "next")))
}

func client(r *http.Request) people.Client {
	c := people.Client{Agent: r.UserAgent(), Address: web.LimitKey(r)}
	if known, err := r.Cookie(knownCookie); err == nil {
		c.Known = known.Value
	}
	return c
}

// setKnown has the browser remember that somebody signed in with it.
func (d *Desk) setKnown(w http.ResponseWriter, r *http.Request, id people.StaffID) error {
	known, err := d.People.Known(r.Context(), id)
	if err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{
		Name: knownCookie, Value: known, Path: "/desk/sign-in", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: d.secure(r), MaxAge: 365 * 24 * 3600,
	})
	return nil
}

func (d *Desk) setSession(w http.ResponseWriter, r *http.Request, token string) {
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Value: token, Path: "/desk/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: d.secure(r), MaxAge: 14 * 24 * 3600,
	})
}

// secure says whether the browser reached us over TLS, ours or that of the server in front.
func (d *Desk) secure(r *http.Request) bool {
	if web.IsHTTPS(r) {
		return true
	}
	p, err := d.Publication.Paper(r.Context())
	return err == nil && strings.HasPrefix(p.BaseURL, "https://")
}

func (d *Desk) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := d.People.SignOut(r.Context(), whoIs(r.Context()).token); err != nil {
		return err
	}
	d.live.look(who(r).ID)
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Path: "/desk/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return web.SeeOther(w, r, "/desk/sign-in")
}

// ownPath keeps a redirect inside the desk.
func ownPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/desk/") || strings.HasPrefix(u.Path, "/desk/sign-") || strings.ContainsAny(next, "\\\r\n") {
		return "/desk/"
	}
	return u.RequestURI()
}
