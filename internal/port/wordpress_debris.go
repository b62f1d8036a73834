package port

import (
	"regexp"
	"strings"

	"depesche/internal/document"
	"depesche/internal/port/wptext"
)

// spots are what a theme writes where advertising would be.
var spots = regexp.MustCompile(`[ \x{a0}]*(?:(?:spot_img|td-a-rec|\[adsense\]|\[ad\])[ \x{a0}]*)+`)

// mayHoldSpot is a quick look before the slow one.
func mayHoldSpot(s string) bool {
	return strings.Contains(s, "spot_") || strings.Contains(s, "td-a-") || strings.Contains(s, "[ad")
}

// longestLabel is more bytes than two labels and what may stand around them have.
const longestLabel = 200

// labels are words of a theme that stand alone in a paragraph, in front of nothing: whoever copied
// a page copied them too.
var labels = setOf(`beliebt|teile diesen beitrag|mehr wie das|ähnliche beiträge|auch interessant|weiterlesen|anzeige|werbung
	|popular|share this post|share this article|share this|more like this|related posts|related articles|read more
	|advertisement|advertisment|sponsored|you might also like|you may also like
	|популярне|поділитися|поділитись|поділіться цією публікацією|схожі новини|схожі статті|читайте також|реклама|більше схожого
	|популярное|поделиться|похожие статьи|читайте также|похожие записи
	|populaire|partager cet article|articles similaires|publicité|plus comme ça
	|popularne|udostępnij|podobne artykuły|podobne wpisy|reklama`)

func setOf(list string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.SplitSeq(list, "|") {
		out[strings.TrimSpace(w)] = true
	}
	return out
}

// follows are labels that mean something only behind another.
var follows = setOf("hier|here|тут|здесь|ici|tutaj")

// undebris takes out what a theme left in the text: names of empty spots, labels of lists that
// aren't there. Each is in the remarks with its words.
func (r *reading) undebris(blocks []document.Block) []document.Block {
	var out []document.Block
	after := false // a label stands before
	for _, b := range blocks {
		if b.Kind != document.Paragraph && b.Kind != document.Heading {
			out, after = append(out, b), false
			continue
		}
		text := b.Text.Plain()
		if mayHoldSpot(text) && spots.MatchString(text) {
			r.e.remark(wptext.RemarkDebris, text)
			for i := range b.Text {
				b.Text[i].Text = spots.ReplaceAllString(b.Text[i].Text, " ")
			}
			b.Text[0].Text = strings.TrimLeft(b.Text[0].Text, " ")
			end := &b.Text[len(b.Text)-1]
			end.Text = strings.TrimRight(end.Text, " ")
			b.Text = b.Text.Normal()
			if text = b.Text.Plain(); strings.TrimSpace(text) == "" {
				continue
			}
		}
		if len(text) > longestLabel {
			out, after = append(out, b), false
			continue
		}
		label := strings.ToLower(strings.Trim(text, " :.…!»«\u00a0\n"))
		if labels[label] || after && follows[label] {
			r.e.remark(wptext.RemarkDebris, text)
			after = true
			continue
		}
		// Two labels in one paragraph, a line each.
		if lines := strings.Split(text, "\n"); len(lines) == 2 && labels[strings.ToLower(strings.Trim(lines[0], " :"))] && follows[strings.ToLower(strings.Trim(lines[1], " :"))] {
			r.e.remark(wptext.RemarkDebris, text)
			continue
		}
		out, after = append(out, b), false
	}
	return out
}
