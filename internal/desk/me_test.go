package desk_test

import (
	"strings"
	"testing"
)

// A browser's store of passwords can only keep the new one if the form says whose it is.
func passwordFormNamesTheAccount(t *testing.T, w *world) {
	status, page := w.get("/desk/me")
	if want := `value="admin@meridian.example" autocomplete="username"`; status != 200 || !strings.Contains(page, want) {
		t.Errorf("%d, without %s", status, want)
	}
}
