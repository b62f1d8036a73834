package reader

import (
	"bytes"
	"net/http"

	"depesche/internal/page"
)

// workerPolicy lets the worker ask for the paper's own pages and files.
const workerPolicy = "default-src 'none'; connect-src 'self'"

// worker is the script that keeps what was read on the reader's device.
func (v *visit) worker() (*body, error) {
	script, err := v.rd.Pages.Worker(*v.paper)
	return &body{status: http.StatusOK, kind: "text/javascript; charset=utf-8", bytes: script, csp: workerPolicy}, err
}

// kept is the page that shows it. The device fills it, and hears of it when everything is to be
// removed: without the worker there is nothing to remove.
func (v *visit) kept() (*body, error) {
	if away, ok := v.at(page.KeptPath(v.route.lang)); !ok {
		return away, nil
	}
	view := v.site.Kept()
	return v.page(&view.Frame, func(b *bytes.Buffer) error { return v.rd.Pages.RenderKept(b, view) })
}
