package main

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"depesche/internal/config"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

// advice is what an operator can do. The catalogue's words for the same are for people at the desk.
var advice = map[string]string{
	"problem.database_away":      "the database can't be reached: is its server running, and is --database right?",
	"problem.database_busy":      "another program holds the database: wait for it or end it, then run this again",
	"problem.database_read_only": "the database can only be read: look at the rights of its file, or whether the server is a stand-by",
	"problem.disk_full":          "the disk is full: make room and run this again; what was acknowledged is there",
	"problem.disk_fault":         "a file can't be read or written: look at the rights of the data folder and at the disk",
}

// explain says what is wrong in words: what a person typed a line a field, in the shell's language;
// else what an operator can do, and the cause.
func explain(err error) string {
	if errors.Is(err, context.Canceled) {
		return "interrupted"
	}
	var p *problem.Error
	if !errors.As(err, &p) || p.Key == "" && len(p.Fields) == 0 {
		if errors.Is(err, fs.ErrPermission) {
			return "no right to do that: run this as the user who owns the data folder\n  " + err.Error()
		}
		return err.Error()
	}
	if a := advice[p.Key]; a != "" {
		return a + "\n  " + strings.Replace(err.Error(), p.Kind.String()+" ("+p.Key+"): ", "", 1)
	}
	words, werr := lang.LoadWords()
	if werr != nil {
		return err.Error()
	}
	w := words.In(lang.Match(config.ShellLang(), words.Languages(), "en"))
	var lines []string
	for _, f := range p.Fields {
		lines = append(lines, f.Name+": "+w.T(f.Key, f.Args...))
	}
	if len(lines) == 0 {
		lines = append(lines, w.T(p.Key, p.Args...), "  "+err.Error())
	}
	return strings.Join(lines, "\n")
}
