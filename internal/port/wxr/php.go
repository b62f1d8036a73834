package wxr

import (
	"strconv"
	"strings"
)

// Unserialize reads PHP's serialized form of scalars and arrays, in which WordPress and its plug-ins
// keep lists: arrays become map[string]any, the others string, int64, float64, bool or nil. Objects
// and whatever is malformed or deeply nested are refused.
func Unserialize(s string) (any, bool) {
	p := phpParser{s: strings.TrimSpace(s)}
	v, ok := p.value(0)
	return v, ok && p.s == ""
}

type phpParser struct{ s string }

func (p *phpParser) value(depth int) (any, bool) {
	if depth > 20 || len(p.s) < 2 {
		return nil, false
	}
	switch p.s[:2] {
	case "N;":
		p.s = p.s[2:]
		return nil, true
	case "b:":
		v, ok := p.until(2, ';')
		return v == "1", ok
	case "i:":
		v, ok := p.until(2, ';')
		n, err := strconv.ParseInt(v, 10, 64)
		return n, ok && err == nil
	case "d:":
		v, ok := p.until(2, ';')
		n, err := strconv.ParseFloat(v, 64)
		return n, ok && err == nil
	case "s:":
		return p.str()
	case "a:":
		return p.array(depth)
	}
	return nil, false
}

// until takes what stands from index from to the next end.
func (p *phpParser) until(from int, end byte) (string, bool) {
	v, rest, ok := strings.Cut(p.s[min(from, len(p.s)):], string(end))
	if ok {
		p.s = rest
	}
	return v, ok
}

func (p *phpParser) str() (string, bool) {
	v, ok := p.until(2, ':')
	n, err := strconv.Atoi(v)
	if !ok || err != nil || n < 0 || len(p.s) < n+3 || p.s[0] != '"' || p.s[n+1:n+3] != `";` {
		return "", false
	}
	v = p.s[1 : n+1]
	p.s = p.s[n+3:]
	return v, true
}

func (p *phpParser) array(depth int) (any, bool) {
	v, ok := p.until(2, ':')
	n, err := strconv.Atoi(v)
	if !ok || err != nil || n < 0 || !strings.HasPrefix(p.s, "{") {
		return nil, false
	}
	p.s = p.s[1:]
	out := map[string]any{}
	for range n {
		key, ok := p.value(depth + 1)
		if !ok {
			return nil, false
		}
		val, ok := p.value(depth + 1)
		if !ok {
			return nil, false
		}
		switch k := key.(type) {
		case string:
			out[k] = val
		case int64:
			out[strconv.FormatInt(k, 10)] = val
		default:
			return nil, false
		}
	}
	if !strings.HasPrefix(p.s, "}") {
		return nil, false
	}
	p.s = p.s[1:]
	return out, true
}
