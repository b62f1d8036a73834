package lang

import "testing"

func BenchmarkT(b *testing.B) {
	w := loadWords(b).In("uk")
	b.ReportAllocs()
	for b.Loop() {
		w.T("desk.board.stale", "n", 22)
	}
}

func BenchmarkDate(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Tag("uk").Date(october, Moment)
	}
}

func BenchmarkTidy(b *testing.B) {
	const s = `Das berichtet die französische Zeitung "Le Monde" unter Berufung auf eigene Quellen - am 23. Oktober 2024 um 14:20 Uhr, z. B. in Kyjiw, wo 1.077 Bäume im Wert von 12 Millionen Hrywnja gefällt wurden ...`
	b.ReportAllocs()
	for b.Loop() {
		Tag("de").Tidy(s)
	}
}

func BenchmarkSlug(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Tag("uk").Slug("Зеленський сподівається на запрошення до НАТО ще за Байдена", 80)
	}
}

func BenchmarkLoadWords(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := LoadWords(); err != nil {
			b.Fatal(err)
		}
	}
}
