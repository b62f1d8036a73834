package lang

import "strings"

// List joins items as a sentence does: "a, b und c". One item is itself, none is "".
func (t Tag) List(items []string) string {
	p := dataOf(t).Lists
	return join(items, p["two"], p["start"], p["middle"], p["end"])
}

// Or joins alternatives: "a, b oder c".
func (t Tag) Or(items []string) string {
	p := dataOf(t).Lists
	return join(items, p["orTwo"], p["start"], p["middle"], p["orEnd"])
}

func join(items []string, two, start, middle, end string) string {
	put := func(pattern, a, b string) string {
		before, rest, _ := strings.Cut(pattern, "{0}")
		between, after, _ := strings.Cut(rest, "{1}")
		return before + a + between + b + after
	}
	n := len(items)
	switch n {
	case 0:
		return ""
	case 1:
		return items[0]
	case 2:
		return put(two, items[0], items[1])
	}
	out := put(end, items[n-2], items[n-1])
	for i := n - 3; i >= 1; i-- {
		out = put(middle, items[i], out)
	}
	return put(start, items[0], out)
}
