package web

import (
	"net/http"
)

// SecurityHeaders sets what protects every page, before h, which may set it anew. csp may be "" for
// what isn't a document.
func SecurityHeaders(csp string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		set := w.Header().Set
		if csp != "" {
			set("Content-Security-Policy", csp)
		}
		for _, line := range Security {
			set(line[0], line[1])
		}
		OnlyHTTPS(w, r)
		h.ServeHTTP(w, r)
	})
}

// Security are the header lines that protect every page, beside its policy.
var Security = [][2]string{
	{"X-Content-Type-Options", "nosniff"},
	{"Referrer-Policy", "strict-origin-when-cross-origin"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
}

// OnlyHTTPS tells a browser that came by HTTPS to come by nothing else.
func OnlyHTTPS(w http.ResponseWriter, r *http.Request) {
	if IsHTTPS(r) {
		w.Header()["Strict-Transport-Security"] = strict
	}
}

var strict = []string{hsts}

// CrossOrigin refuses with 403 what another site's page makes a browser send: forms and scripts with
// our reader's cookies.
func CrossOrigin(h http.Handler) http.Handler {
	return http.NewCrossOriginProtection().Handler(h)
}
