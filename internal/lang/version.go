package lang

// Version is what a reader is told of where a text comes from.
type Version string

// The versions; their words are the keys reader.v_….
const (
	Original       Version = "original"
	Human          Version = "human"           // translated by N
	HumanChecked   Version = "human_checked"   // translated, checked by N
	MachineChecked Version = "machine_checked" // machine translation, checked by N
	Machine        Version = "machine"         // machine translation, not checked
)

// Version writes the line that tells a reader which version she reads: "Aus dem Ukrainischen
// übersetzt, geprüft von der Redaktion". of is the original's language; translator and checker are
// names as the language puts them, "" where none is told, see [Words.T] of reader.v_editors for an
// editorial team.
func (w *Words) Version(v Version, of Tag, translator, checker string) string {
	key, name := "reader.v_"+string(v), checker
	switch {
	case v == Machine:
		return w.T(key)
	case v == Human && translator == "":
		key += "_unnamed"
	case v == Human:
		name = translator
	case v == HumanChecked && translator != "" && translator != checker:
		key = "reader.v_human_both"
	}
	in, known := w.form("in_lang", of)
	from, _ := w.form("from_lang", of)
	if !known {
		return w.tag.UpperFirst(w.T(key+"_other", "lang", of.NameIn(w.tag), "name", name, "translator", translator))
	}
	return w.tag.UpperFirst(w.T(key, "in", in, "from", from, "name", name, "translator", translator))
}

// InLang says in which language something is, within a sentence: "auf Französisch", "français". A
// language whose form nobody wrote down is named plainly: "Sprache: Esperanto".
func (w *Words) InLang(t Tag) string {
	if s, ok := w.form("in_lang", t); ok {
		return s
	}
	return w.T("reader.in_lang_other", "lang", t.NameIn(w.tag))
}

// FromLang says from which language something was translated: "aus dem Ukrainischen". It reports
// false for a language whose form nobody wrote down.
func (w *Words) FromLang(t Tag) (string, bool) { return w.form("from_lang", t) }

// form finds the words for a language or for what it is a variety of.
func (w *Words) form(which string, t Tag) (string, bool) {
	for ; w != nil; w = w.fallback {
		for _, name := range []string{string(t), string(t.Base()), string(relatives[t.Base()])} {
			if key := "reader." + which + "." + name; name != "" && w.Has(key) {
				return w.T(key), true
			}
		}
		if name := "nb"; t.Base() == "nn" && w.Has("reader."+which+"."+name) {
			return w.T("reader." + which + "." + name), true
		}
	}
	return "", false
}
