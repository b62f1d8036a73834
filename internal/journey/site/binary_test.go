package site

import (
	"os/exec"
	"strings"
	"testing"
)

// TestReadersStayOut: what only tests ask isn't built into the command.
func TestReadersStayOut(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "depesche/cmd/depesche").Output()
	if err != nil {
		t.Fatal(err)
	}
	for dep := range strings.FieldsSeq(string(out)) {
		for _, unwanted := range []string{"readability", "trafilatura", "htmldate", "dateparser", "chromedp", "zerolog"} {
			if strings.Contains(dep, unwanted) {
				t.Errorf("the command is built with %s", dep)
			}
		}
	}
}
