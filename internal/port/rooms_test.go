package port_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"depesche/internal/clock"
	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/port"
	"depesche/internal/publication"
	"depesche/internal/story"
	"depesche/internal/topic"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// rooms are those that an import without pictures needs.
func rooms(d *db.DB) port.Rooms {
	pub := publication.New(d)
	r := port.Rooms{DB: d, Publication: pub, People: people.New(d, pub), Topics: topic.New(d, pub), Stories: story.New(d), Corrections: correction.New(d)}
	r.Editions = edition.New(d, r.Stories)
	return r
}

// paper returns the rooms of a paper in the languages, the first of which is the main one.
func paper(t testing.TB, d *db.DB, langs ...lang.Tag) port.Rooms {
	t.Helper()
	r := rooms(d)
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		return r.Publication.SetUp(t.Context(), tx, publication.Setup{Name: "Meridian", Languages: langs, MainLang: langs[0], TimeZone: "Europe/Berlin", BaseURL: "https://meridian.example"})
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var steady = clock.Fixed(noon)

// shared returns the folder of test material that isn't in the repository, and skips where it is
// absent.
func shared(t testing.TB, path ...string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		at := filepath.Join(append([]string{dir, "..", "shared", "data"}, path...)...)
		if _, err := os.Stat(at); err == nil {
			return at
		}
	}
	t.Skip("the test material isn't here")
	return ""
}
