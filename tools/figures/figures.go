// Package figures is what the commands that measure have in common: the databases they measure, how
// durations are told, and the document that they write.
package figures

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// Database is one that is measured; SQLite has no address.
type Database struct{ Name, URL string }

// Databases are SQLite and, if tools/testpg has brought it, PostgreSQL. That it isn't measured is said.
func Databases() []Database {
	all := []Database{{"SQLite", ""}}
	if url := os.Getenv("DEPESCHE_TEST_POSTGRES"); url != "" {
		return append(all, Database{"PostgreSQL", url})
	}
	fmt.Fprintln(os.Stderr, "NOT MEASURED: PostgreSQL (run it through tools/testpg)")
	return all
}

// Quantile is what the part p, from 0 to 1, of the list doesn't exceed.
func Quantile(list []time.Duration, p float64) time.Duration {
	if len(list) == 0 {
		return 0
	}
	list = slices.Clone(list)
	slices.Sort(list)
	return list[min(len(list)-1, int(p*float64(len(list))))]
}

// Median is that of the half.
func Median(list []time.Duration) time.Duration { return Quantile(list, 0.5) }

// P95 is that of 95 in 100.
func P95(list []time.Duration) time.Duration { return Quantile(list, 0.95) }

// Ms tells a duration in milliseconds.
func Ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }

// Load is a paragraph on how much else the machine had to do, where it tells.
func Load() string {
	load, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	return "\n\nLoad of the machine at the end, over 1, 5 and 15 minutes: " + strings.Join(strings.Fields(string(load))[:3], ", ") + "."
}

// Row is a row of a table.
type Row []string

// Report is a document of figures.
type Report struct {
	Title, Command string
	Method         string // how it is measured, "" where the rows say it, or " Text."
	Where          string // what else is to be said behind the machine, "" or " Text."
	Head           Row
	Rows           []Row
}

// Write prints the report and writes it into the file, unless that is "-".
func (r Report) Write(file string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\nMade by `%s`; every figure here was printed by that command.%s\n\n", r.Title, r.Command, r.Method)
	fmt.Fprintf(&b, "%s, %d cores, %s/%s, %s.%s\n\n", time.Now().UTC().Format("2 January 2006"), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(), r.Where)
	fmt.Fprintf(&b, "| %s |\n|%s\n", strings.Join(r.Head, " | "), strings.Repeat(" --- |", len(r.Head)))
	for _, row := range r.Rows {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
	}
	fmt.Print(b.String())
	if file == "-" {
		return nil
	}
	return os.WriteFile(file, []byte(b.String()), 0o644) //nolint:gosec // a document for everyone
}
