package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"depesche/tools/figures"
)

// measured is what wrk and the system said of a round.
type measured struct {
	perSecond float64
	cpu       time.Duration // of the server, for one request
	p50, p99  time.Duration
}

// alternate asks each server in turn, in -rounds rounds of -seconds after one that counts for nothing.
func alternate(ctx context.Context, path string, servers []*server) ([][]measured, error) {
	out := make([][]measured, len(servers))
	for round := range *rounds + 1 {
		for i, s := range servers {
			m, err := s.asked(ctx, path)
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(os.Stderr, "%s: %.0f requests/s, %s of CPU each, p50 %s, p99 %s\n", s.name, m.perSecond, m.cpu, m.p50, m.p99)
			if round > 0 {
				out[i] = append(out[i], m)
			}
		}
	}
	return out, nil
}

var (
	wrkRate     = regexp.MustCompile(`Requests/sec:\s+([0-9.]+)`)
	wrkRequests = regexp.MustCompile(`(\d+) requests in`)
	// Behind a unit of one letter wrk writes a space.
	wrkLatency = regexp.MustCompile(`(?m)^\s+(50|99)%\s+([0-9.]+(?:us|ms|s|m)) *$`)
	// Who waited long on a busy machine stands in p99.
	wrkTrouble = regexp.MustCompile(`Socket errors: connect \d+, read \d+, write [1-9].*|Socket errors: connect \d+, read [1-9].*|Socket errors: connect [1-9].*|Non-2xx.*`)
)

func (s *server) asked(ctx context.Context, path string) (measured, error) {
	scheme := "http"
	if s.tls {
		scheme = "https"
	}
	before, err := cpuOf(s.cmd.Process.Pid)
	if err != nil {
		return measured{}, err
	}
	text, err := exec.CommandContext(ctx, "wrk", "-t", strconv.Itoa(threads), "-c", strconv.Itoa(connections), "-d", strconv.Itoa(*seconds)+"s", "--latency", //nolint:gosec // our own server
		"-H", "Accept-Encoding: gzip", scheme+"://"+s.addr+path).CombinedOutput()
	if err != nil {
		return measured{}, fmt.Errorf("wrk: %w\n%s", err, text)
	}
	if bad := wrkTrouble.Find(text); bad != nil {
		return measured{}, fmt.Errorf("%s: %s", s.name, bad)
	}
	after, err := cpuOf(s.cmd.Process.Pid)
	if err != nil {
		return measured{}, err
	}
	rate, requests := wrkRate.FindSubmatch(text), wrkRequests.FindSubmatch(text)
	if rate == nil || requests == nil {
		return measured{}, fmt.Errorf("wrk said\n%s", text)
	}
	var m measured
	n, err := strconv.ParseInt(string(requests[1]), 10, 64)
	if err != nil {
		return m, err
	}
	if m.perSecond, err = strconv.ParseFloat(string(rate[1]), 64); err != nil {
		return m, err
	}
	m.cpu = (after - before) / time.Duration(max(n, 1))
	for _, l := range wrkLatency.FindAllSubmatch(text, -1) {
		d, err := time.ParseDuration(string(l[2]))
		if err != nil {
			return m, err
		}
		if string(l[1]) == "50" {
			m.p50 = d
		} else {
			m.p99 = d
		}
	}
	return m, nil
}

// cpuOf is what a process and its children have used so far.
func cpuOf(pid int) (time.Duration, error) {
	sum := time.Duration(0)
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return 0, err
	}
	for _, p := range append(strings.Fields(string(children)), strconv.Itoa(pid)) {
		threads, err := filepath.Glob("/proc/" + p + "/task/*/schedstat")
		if err != nil {
			return 0, err
		}
		for _, t := range threads {
			raw, err := os.ReadFile(t) // nanoseconds
			if err != nil {
				continue // a thread that ended meanwhile
			}
			ns, err := strconv.ParseInt(strings.Fields(string(raw))[0], 10, 64)
			if err != nil {
				return 0, err
			}
			sum += time.Duration(ns)
		}
	}
	return sum, nil
}

// middle is the median of what f says of the rounds.
func middle(list []measured, f func(measured) float64) float64 {
	var all []float64
	for _, m := range list {
		all = append(all, f(m))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// ratio is the median of ours to theirs, round by round: what else the machine does changes from round to
// round, and meets both.
func ratio(ours, theirs []measured, f func(measured) float64) float64 {
	var all []float64
	for i := range ours {
		all = append(all, f(ours[i])/f(theirs[i]))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

func perSecond(m measured) float64 { return m.perSecond }
func cpu(m measured) float64       { return float64(m.cpu) / 1000 }
func p50(m measured) float64       { return float64(m.p50) / 1000 }
func p99(m measured) float64       { return float64(m.p99) / 1000 }

func compared(what string, off, cached, us []measured) []figures.Row {
	theirs, which := cached, "on"
	if middle(off, perSecond) > middle(cached, perSecond) {
		theirs, which = off, "off"
	}
	line := func(list []measured) string {
		return fmt.Sprintf("%.0f requests/s, %.1f µs of CPU each, median %.0f µs, p99 %.0f µs", middle(list, perSecond), middle(list, cpu), middle(list, p50), middle(list, p99))
	}
	rounds := fmt.Sprintf(", median of %d rounds of %d s", len(us), *seconds)
	return []figures.Row{
		{what + ": nginx, gzip_static, open_file_cache off" + rounds, "", line(off)},
		{"the same, open_file_cache on", "", line(cached)},
		{"the same by `depesche serve`", "", line(us)},
		{"ours to the faster nginx (open_file_cache " + which + "): requests per second", "at least 1.1 ×", fmt.Sprintf("%.2f ×", ratio(us, theirs, perSecond))},
		{"CPU per request", "at most 0.9 ×", fmt.Sprintf("%.2f ×", ratio(us, theirs, cpu))},
		{"p99", "at most 1.5 ×", fmt.Sprintf("%.2f ×", ratio(us, theirs, p99))},
	}
}

func comparedTLS(theirs, us []measured) []figures.Row {
	return []figures.Row{
		{"the article over TLS and HTTP/1.1: nginx", "", fmt.Sprintf("%.0f requests/s, %.1f µs of CPU each", middle(theirs, perSecond), middle(theirs, cpu))},
		{"the same by `depesche serve`, which is net/http there", "", fmt.Sprintf("%.0f requests/s, %.1f µs of CPU each", middle(us, perSecond), middle(us, cpu))},
	}
}
