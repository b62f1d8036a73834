package main

import (
	"bufio"
	"encoding/json"
	"html"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"depesche/internal/engine/bergamot/bergamottest"
	"depesche/internal/engine/bergamot/gemm"
	"depesche/tools/figures"
)

// news are the English texts of the test material's parallel news, as HTML.
func news() (out []string, err error) {
	dir, err := bergamottest.SharedDir("parallel-news")
	if err != nil {
		return nil, err
	}
	f, err := os.Open(filepath.Join(dir, "ntrex-news.jsonl"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		var v struct {
			En string `json:"en"`
		}
		if err := json.Unmarshal(sc.Bytes(), &v); err != nil {
			return nil, err
		}
		out = append(out, html.EscapeString(v.En))
	}
	return out, sc.Err()
}

// processor is the processor time that this process has used.
func processor() time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func (b *bench) report() error {
	return figures.Report{
		Title: "The embedded engine, measured", Command: "make bench-engine",
		Method: " Weights are random and made by `internal/engine/bergamot/marian`\n" +
			"(real ones can't be had where this is built), so the output is nonsense, and held to the length of the input, since random weights never end a sentence.\n" +
			"Speed is counted by the processor time used, of the fastest kernel in the best of seven rounds, since others may be at work on the machine;\neach segment is translated by itself.",
		Where: " Fastest kernel: " + gemm.Best().Name + ".",
		Head:  figures.Row{"what", "to reach", "measured"}, Rows: b.rows,
	}.Write(*out)
}
