package drawing

import "regexp"

func set(names ...string) map[string]bool {
	out := make(map[string]bool, len(names))
	for _, n := range names {
		out[n] = true
	}
	return out
}

// elements are those that may stay. What isn't here is refused, not left out: a drawing without one
// of its parts would be another drawing.
var elements = set(
	"svg", "g", "defs", "symbol", "use", "title", "desc", "style",
	"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan",
	"clipPath", "mask", "linearGradient", "radialGradient", "stop",
)

var holdsText = set("title", "desc", "style", "text", "tspan")

// mayRefer are the elements whose href may name a part of the same drawing.
var mayRefer = set("use", "linearGradient", "radialGradient")

// harmless attributes mean nothing here and are left out.
var harmless = set("version", "baseProfile", "contentScriptType", "contentStyleType", "zoomAndPan", "enable-background", "overflow", "tabindex", "focusable", "type", "media", "space")

// paints are the attributes and properties with a value that could point somewhere.
var paints = set("fill", "stroke", "stop-color", "color", "clip-path", "mask")

const num = `[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?`

// The forms that values may have. Each is a set of characters without one that could open a
// function, an address or an escape, unless it says so.
var (
	formName    = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]{0,100}$`)
	formNames   = regexp.MustCompile(`^[A-Za-z0-9_. -]{0,500}$`)
	formLength  = regexp.MustCompile(`^` + num + `(px|%|em|pt)?$`)
	formLengths = regexp.MustCompile(`^(` + num + `(px|%|em|pt)?[\s,]*)*$`)
	formNumbers = regexp.MustCompile(`^[0-9eE.,+\-\s]*$`)
	formPath    = regexp.MustCompile(`^[MmZzLlHhVvCcSsQqTtAaEe0-9.,+\-\s]*$`)
	formTurn    = regexp.MustCompile(`^((matrix|translate|scale|rotate|skewX|skewY)\s*\([0-9eE.,+\-\s]*\)[\s,]*)*$`)
	formWord    = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9 -]{0,60}$`)
	formPaint   = regexp.MustCompile(`^[#A-Za-z0-9.,%()\s_-]{1,200}$`)
	formDashes  = regexp.MustCompile(`^(none|(` + num + `(px|%)?[\s,]*)*)$`)
	formHref    = regexp.MustCompile(`^#[A-Za-z_][A-Za-z0-9_.-]{0,100}$`)
	formLang    = regexp.MustCompile(`^[A-Za-z0-9-]{2,35}$`)
	formFonts   = regexp.MustCompile(`^[A-Za-z0-9 ,'-]{0,200}$`)
	formAny     = regexp.MustCompile(`(?s)^.*$`) // words, written escaped
	formCSS     = regexp.MustCompile(`(?s)^.*$`) // looked at on its own
)

// formOf says which attributes there are and what they may hold.
var formOf = forms(map[*regexp.Regexp][]string{
	formName:    {"id"},
	formNames:   {"class"},
	formLength:  {"width", "height", "cx", "cy", "r", "rx", "ry", "x1", "y1", "x2", "y2", "fx", "fy", "fr", "offset", "stroke-width", "stroke-miterlimit", "stroke-dashoffset", "opacity", "fill-opacity", "stroke-opacity", "stop-opacity", "font-size", "letter-spacing", "pathLength", "textLength"},
	formLengths: {"x", "y", "dx", "dy"}, // several for text
	formNumbers: {"viewBox", "points", "rotate"},
	formPath:    {"d"},
	formTurn:    {"transform", "gradientTransform"},
	formWord:    {"fill-rule", "clip-rule", "stroke-linecap", "stroke-linejoin", "gradientUnits", "spreadMethod", "clipPathUnits", "maskUnits", "maskContentUnits", "preserveAspectRatio", "display", "visibility", "vector-effect", "shape-rendering", "text-rendering", "paint-order", "text-anchor", "dominant-baseline", "font-weight", "font-style", "lengthAdjust", "role", "aria-hidden", "direction", "mask-type", "color-interpolation"},
	formPaint:   {"fill", "stroke", "stop-color", "color", "clip-path", "mask"},
	formDashes:  {"stroke-dasharray"},
	formHref:    {"href"},
	formLang:    {"lang"},
	formFonts:   {"font-family"},
	formAny:     {"aria-label", "aria-labelledby", "aria-describedby"},
	formCSS:     {"style"},
})

func forms(m map[*regexp.Regexp][]string) map[string]*regexp.Regexp {
	out := map[string]*regexp.Regexp{}
	for form, names := range m {
		for _, n := range names {
			out[n] = form
		}
	}
	return out
}

// properties are what styles may set: the presentation attributes, and nothing that could fetch,
// move or cover anything.
var properties = func() map[string]*regexp.Regexp {
	out := map[string]*regexp.Regexp{}
	for _, n := range []string{
		"fill", "stroke", "stop-color", "color", "clip-path", "mask", "stroke-width", "stroke-miterlimit", "stroke-dashoffset",
		"stroke-dasharray", "opacity", "fill-opacity", "stroke-opacity", "stop-opacity", "fill-rule", "clip-rule",
		"stroke-linecap", "stroke-linejoin", "display", "visibility", "vector-effect", "shape-rendering", "paint-order",
		"text-anchor", "dominant-baseline", "font-weight", "font-style", "font-size", "font-family", "letter-spacing",
		"mask-type", "text-rendering", "direction",
	} {
		out[n] = formOf[n]
	}
	out["isolation"], out["mix-blend-mode"] = formWord, formWord
	return out
}()
