// Package needs finds the programs that tests run, and lets no test be left out where `make check` says
// that they are there.
package needs

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// Here names the variable in which tools/check lists the programs that it has found or brought.
const Here = "DEPESCHE_HERE"

// Program returns the path of a program that Debian has in the packages. See [Missing] for where there is
// none.
func Program(t testing.TB, name, packages string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		Missing(t, name, name+" (Debian: "+packages+")")
	}
	return path
}

// Missing skips a test that needs what isn't there; where the program is said to be here with all that
// belongs to it, the test fails.
func Missing(t testing.TB, program, what string) {
	t.Helper()
	if slices.Contains(strings.Fields(os.Getenv(Here)), program) {
		t.Fatalf("%s is said to be here; needs %s", program, what)
	}
	t.Skip("needs " + what)
}
