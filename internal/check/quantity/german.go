package quantity

import "strings"

var germanUnits = []string{"", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf",
	"dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn"}

var germanTens = []string{"", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"}

// german writes a number below a thousand.
func german(n int) string {
	switch {
	case n >= 100 && n < 200 && n%100 == 0:
		return "hundert"
	case n >= 100:
		return germanUnits[n/100] + "hundert" + german(n%100)
	case n < 20:
		return germanUnits[n]
	case n%10 == 0:
		return germanTens[n/10]
	}
	return germanUnits[n%10] + "und" + germanTens[n/10]
}

// addGerman adds the words that German writes in one: numbers, ordinals, and the numbers that
// compounds begin with.
func (t *tables) addGerman() {
	for n := 2; n < 1000; n++ {
		w := german(n)
		t.set(w, counts, Whole(int64(n)))
		t.spelt[int64(n)] = w
		ending := "te"
		if n%100 >= 20 || n%100 == 0 {
			ending = "ste"
		}
		if n == 3 || n == 7 || n > 100 && n%100 != 0 {
			continue
		}
		stem := w + ending
		if w == "acht" {
			stem = "achte"
		}
		for _, e := range []string{"", "n", "r", "s", "m", "ns"} {
			if t.words[stem+e] == nil {
				t.set(stem+e, counts|ordinal, Whole(int64(n)))
			}
		}
		if n <= 100 {
			t.prefix(w, Whole(int64(n)))
		}
	}
	t.set("hundert", times, Whole(100))
	t.set("einhundert", counts, Whole(100))
	for _, p := range []string{"zweier", "dreier", "vierer", "sechser", "sechstel", "siebtel", "achtel", "zehntel"} {
		delete(t.words, p)
	}
	t.prefix("drei", Whole(3))
	t.prefix("sieben", Whole(7))
	t.prefix("ein", Whole(1))
}

func (t *tables) set(form string, r role, v Value) {
	t.add([]string{form}, func(w *word) { w.roles, w.value = w.roles|r, v })
}

// germanCompound reads "zweitausenddreihundert" and "fünfjährige".
func (t *tables) germanCompound(low string) *word {
	if before, behind, ok := strings.Cut(low, "tausend"); ok {
		a, b := Whole(1), Whole(0)
		if w := t.words[before]; before != "" && before != "ein" {
			if !w.is(counts) && !w.is(times) || w.is(ordinal) {
				return nil
			}
			a = w.value
		}
		if w := t.words[strings.TrimPrefix(behind, "und")]; behind != "" {
			if !w.is(counts) && !w.is(times) {
				return nil
			}
			b = w.value
		}
		return &word{roles: counts, value: a.shift(3).plus(b)}
	}
	for _, p := range t.prefixesOf(low) {
		if rest, ok := strings.CutPrefix(low, p.text); ok && t.tail(rest) {
			w := &word{roles: counts, value: p.value}
			if p.text == "ein" {
				w.roles |= weak
			}
			return w
		}
	}
	return nil
}
