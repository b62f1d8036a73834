package figures

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestQuantile(t *testing.T) {
	var list []time.Duration
	for i := 100; i > 0; i-- {
		list = append(list, time.Duration(i))
	}
	if Median(list) != 51 || P95(list) != 96 || Quantile(list, 1) != 100 || Quantile(nil, 0.5) != 0 || list[0] != 100 {
		t.Error(Median(list), P95(list), Quantile(list, 1), list[0])
	}
}

func TestReport(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.md")
	err := Report{Title: "T", Command: "make x", Method: " M.", Where: " W.", Head: Row{"what", "got"}, Rows: []Row{{"a", ""}, {"b", Ms(1500 * time.Microsecond)}}}.Write(file)
	raw, _ := os.ReadFile(file)
	lines := strings.Split(string(raw), "\n")
	if err != nil || len(lines) != 11 || lines[2] != "Made by `make x`; every figure here was printed by that command. M." || !strings.HasSuffix(lines[4], ". W.") ||
		strings.Join(lines[6:], "\n") != "| what | got |\n| --- | --- |\n| a |  |\n| b | 1.5 ms |"+"\n" {
		t.Errorf("%v\n%s", err, raw)
	}
}
