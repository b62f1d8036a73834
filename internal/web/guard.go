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
		set("X-Content-Type-Options", "nosniff")
		set("Referrer-Policy", "strict-origin-when-cross-origin")
		set("Cross-Origin-Opener-Policy", "same-origin")
		set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		if IsHTTPS(r) {
			set("Strict-Transport-Security", hsts)
		}
		h.ServeHTTP(w, r)
	})
}

// CrossOrigin refuses with 403 what another site's page makes a browser send: forms and scripts with
// our reader's cookies.
func CrossOrigin(h http.Handler) http.Handler {
	return http.NewCrossOriginProtection().Handler(h)
}
