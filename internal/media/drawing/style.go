package drawing

import (
	"regexp"
	"strings"
)

var (
	comment  = regexp.MustCompile(`(?s)/\*.*?\*/`)
	selector = regexp.MustCompile(`^([.#]?[A-Za-z_][A-Za-z0-9_-]*)+(\s*>?\s*([.#]?[A-Za-z_][A-Za-z0-9_-]*)+)*$`)
	media    = regexp.MustCompile(`^@media\s*(screen\s+and\s*)?\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)$`)
	function = regexp.MustCompile(`([A-Za-z-]*)\(`)
	local    = regexp.MustCompile(`^url\(#[A-Za-z_][A-Za-z0-9_.-]{0,100}\)(\s+none)?$`)
)

// cleanCSS returns a style sheet of rules with plain declarations, some of them for the dark.
func cleanCSS(css string) (string, error) {
	if strings.ContainsAny(css, `\<`) {
		return "", refused("<style> with an escape")
	}
	css = comment.ReplaceAllString(css, " ")
	out, rest, err := rules(css, true)
	if err == nil && strings.TrimSpace(rest) != "" {
		err = refused("<style> " + strings.TrimSpace(rest))
	}
	return out, err
}

// rules reads rules until the end, or the brace that closes the block they are in.
func rules(css string, top bool) (out, rest string, err error) {
	var b strings.Builder
	for {
		css = strings.TrimSpace(css)
		if css == "" || !top && css[0] == '}' {
			return b.String(), css, nil
		}
		head, body, ok := strings.Cut(css, "{")
		head = strings.TrimSpace(head)
		if !ok {
			return "", "", refused("<style> " + css)
		}
		if strings.HasPrefix(head, "@") {
			if !top || !media.MatchString(head) {
				return "", "", refused(head)
			}
			inner, rest, err := rules(body, false)
			if err != nil {
				return "", "", err
			}
			if rest == "" {
				return "", "", refused("<style> without an end")
			}
			scheme := media.FindStringSubmatch(head)[2]
			b.WriteString("@media(prefers-color-scheme:" + scheme + "){" + inner + "}")
			css = rest[1:]
			continue
		}
		declarations, after, ok := strings.Cut(body, "}")
		if !ok {
			return "", "", refused("<style> without an end")
		}
		names, err := selectors(head)
		if err != nil {
			return "", "", err
		}
		if declarations, err = cleanDeclarations(declarations); err != nil {
			return "", "", err
		}
		b.WriteString(names + "{" + declarations + "}")
		css = after
	}
}

func selectors(head string) (string, error) {
	list := strings.Split(head, ",")
	for i, s := range list {
		list[i] = strings.Join(strings.Fields(s), " ")
		if len(s) > 300 || !selector.MatchString(list[i]) {
			return "", refused("selector " + list[i])
		}
	}
	return strings.Join(list, ","), nil
}

// cleanDeclarations returns declarations of known properties with plain values.
func cleanDeclarations(s string) (string, error) {
	if strings.ContainsAny(s, "\\<{}@") {
		return "", refused("style " + s)
	}
	var out []string
	for d := range strings.SplitSeq(comment.ReplaceAllString(s, " "), ";") {
		if d = strings.TrimSpace(d); d == "" {
			continue
		}
		name, value, _ := strings.Cut(d, ":")
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
		if strings.HasPrefix(name, "-inkscape-") {
			continue
		}
		form := properties[name]
		if form == nil || !form.MatchString(value) || !plainValue(value) {
			return "", refused("style " + d)
		}
		out = append(out, name+":"+value)
	}
	return strings.Join(out, ";"), nil
}

// plainValue reports whether all functions in a value are of colour, or lead to a part of the same
// drawing.
func plainValue(v string) bool {
	if strings.Contains(strings.ToLower(v), "url") {
		return local.MatchString(strings.TrimSpace(v))
	}
	for _, f := range function.FindAllStringSubmatch(v, -1) {
		switch strings.ToLower(f[1]) {
		case "rgb", "rgba", "hsl", "hsla":
		default:
			return false
		}
	}
	return true
}
