package check

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/document"
	"depesche/internal/lang"
)

// numbered are the findings of a German paragraph and its translation, those that numbers make.
func numbered(source string, to lang.Tag, target string) []Finding {
	original, doc := paragraph(source), paragraph(target)
	original.Headline, doc.Headline = "Eins", "Перше"
	var out []Finding
	for _, f := range Edition(Input{Lang: to, Doc: doc, Original: &original, OriginalLang: "de", Story: complete}) {
		if f.Address == "p/text" && (len(f.SourceSpot) > 0 || len(f.Spot) > 0) {
			out = append(out, f)
		}
	}
	return out
}

// TestNumberFindings holds weight, places and repair of what comparing numbers finds.
func TestNumberFindings(t *testing.T) {
	for _, tc := range []struct{ source, target, want string }{
		{"Es sind 1.077 Bäume.", "Це 1770 дерев.", "stop number_differs 1.077|1770|Це 1077 дерев."},
		{"Es sind 1.077 Bäume.", "Це дерева.", "warn number_missing 1.077||"},
		{"Es sind sieben Bäume.", "Це 8 дерев.", "warn number_differs sieben|8|Це 7 дерев."},
		{"Es sind vier Männer.", "Це три чоловіки.", "warn number_differs vier|три|Це чотири чоловіки."},
		{"Es sind 9,5 Mio. Euro.", "Це 9,5 млрд євро.", "stop number_differs 9,5 Mio. Euro|9,5 млрд євро|"},
		{"Es kostet 100 Euro.", "Це коштує 100 гривень.", "stop currency_differs 100 Euro|100 гривень|"},
		{"Es sind 30 Kilometer.", "Це 30 миль.", "stop unit_differs 30 Kilometer|30 миль|"},
		{"Es sind 30 Meilen.", "Це 48 кілометрів.", "note unit_converted 30 Meilen|48 кілометрів|"},
		{"Es stieg um 5 Prozentpunkte.", "Зросло на 5 відсотків.", "warn percent_points 5 Prozentpunkte|5 відсотків|"},
		{"Am 23. Oktober kam er.", "Він прийшов 24 жовтня.", "stop date_differs 23|24|Він прийшов 23 жовтня."},
		{"Er kam am Montag.", "Він прийшов у вівторок.", "warn date_differs Montag|вівторок|"},
		{"Er kam um 15 Uhr.", "Він прийшов о 16:00.", "stop clock_differs 15 Uhr|16:00|Він прийшов о 15:00."},
		{"Er kam.", "Він прийшов у 2018 році.", "note number_added |2018 році|"},
	} {
		var got []string
		for _, f := range numbered(tc.source, "uk", tc.target) {
			got = append(got, f.Severity.String()+" "+f.Code+" "+f.SourceSpot+"|"+f.Spot+"|"+f.Fix)
			if !strings.Contains(tc.source, f.SourceSpot) || !strings.Contains(tc.target, f.Spot) {
				t.Errorf("%q: %+v isn’t there", tc.target, f)
			}
		}
		if diff := cmp.Diff([]string{tc.want}, got); diff != "" {
			t.Errorf("%q: %s", tc.target, diff)
		}
	}
}

// TestSaid holds that what a finding says is whole in each language.
func TestNumberWords(t *testing.T) {
	all, err := lang.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	f := numbered("Es sind 1.077 Bäume.", "uk", "Це 1770 дерев.")[0]
	for _, l := range []lang.Tag{"de", "uk", "en", "fr", "pl", "ru"} {
		if said := all.In(l).T(f.Word(), f.Args...); !strings.Contains(said, "1.077") || !strings.Contains(said, "1770") || strings.Contains(said, "{") {
			t.Errorf("%s: %s", l, said)
		}
	}
}

func TestTwoFaultsHaveNoSingleRepair(t *testing.T) {
	for _, f := range numbered("Von 15 auf 30 Schweine.", "uk", "З 16 до 40 свиней.") {
		if f.Fix != "" || f.Code != "number_differs" {
			t.Errorf("%+v", f)
		}
	}
}

func TestNumberSpans(t *testing.T) {
	text := "Am 5. Mai zahlte einer 2,8 Milliarden Euro."
	var got []string
	for _, s := range Numbers("de", text) {
		got = append(got, text[s.From:s.To]+"="+s.Value)
	}
	if diff := cmp.Diff([]string{"5=5", "Mai=5", "2,8 Milliarden Euro=2800000000"}, got); diff != "" {
		t.Error(diff)
	}
	a, b := ComparedNumbers("en", "15 pigs and 7 cows", "de", "16 Schweine und sieben Kühe")
	if len(a) != 2 || len(b) != 2 || !a[0].Differs || a[1].Differs || !b[0].Differs || b[1].Differs {
		t.Errorf("%+v, %+v", a, b)
	}
}

// What differs on purpose is left alone.
func TestAdaptedNumbers(t *testing.T) {
	original, doc := paragraph("Es sind 1.077 Bäume."), paragraph("Це понад тисяча дерев.")
	in := Input{Lang: "uk", Doc: doc, Original: &original, OriginalLang: "de", Story: complete, Answers: map[document.Address]Answer{"p/text": Adapted}}
	for _, f := range Edition(in) {
		if f.Code == "number_missing" {
			t.Errorf("%+v", f)
		}
	}
}
