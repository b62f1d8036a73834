package desk

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestMoment(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		date, clock, want string
		err               error
	}{
		{"2026-11-23", "18:30", "2026-11-23T17:30:00Z", nil},
		{"2026-11-23", "18:30:07", "2026-11-23T17:30:07Z", nil},
		{"2027-03-28", "02:30", "", errNoSuchTime},
		{"2027-03-28", "03:30", "2027-03-28T01:30:00Z", nil},
		{"2027-10-31", "02:30", "", errTwice},
		{"2027-10-31", "01:59", "2027-10-30T23:59:00Z", nil},
		{"2027-10-31", "03:00", "2027-10-31T02:00:00Z", nil},
	} {
		got, err := moment(c.date, c.clock, berlin)
		if !errors.Is(err, c.err) {
			t.Errorf("%s %s: %v, want %v", c.date, c.clock, err, c.err)
		} else if err == nil && iso(*got) != c.want {
			t.Errorf("%s %s: %s, want %s", c.date, c.clock, iso(*got), c.want)
		}
	}
	howe, err := time.LoadLocation("Australia/Lord_Howe") // sets its clocks by half an hour
	if err != nil {
		t.Fatal(err)
	}
	if got, err := moment("2027-04-04", "01:45", howe); !errors.Is(err, errTwice) {
		t.Errorf("half an hour that is there twice became %v, %v", got, err)
	}
	if got, err := moment("", "", berlin); got != nil || err != nil {
		t.Errorf("nothing became %v, %v", got, err)
	}
	if _, err := moment("2026-11-23", "", berlin); err == nil {
		t.Error("half a time was taken")
	}
}

func TestTypedIn(t *testing.T) {
	r := plainRequest(url.Values{
		"headline": {"Eine lange Überschrift"}, "act": {"save"}, "password": {"a long enough phrase"}, "was.x/text": {"what it was before it was typed"},
		"doc": {`{"headline":"Titel des Dokuments","blocks":[{"id":"a","kind":"paragraph","text":[{"text":"Ein Absatz, der lang genug ist."}]}]}`},
	})
	got := typedIn(r)
	if len(got) != 2 || got[1].Text != "Eine lange Überschrift" || !strings.Contains(got[0].Text, "Ein Absatz, der lang genug ist.") || !strings.Contains(got[0].Text, "Titel des Dokuments") {
		t.Errorf("got %+v", got)
	}
}

func TestErrorsNameTheirFields(t *testing.T) {
	errs := []fieldError{{Name: "name.uk", Text: "missing"}, {Name: "kind", Text: "wrong"}, {Name: "kind", Text: "very wrong"}, {Name: "other", Text: "?"}}
	name := textField("name.uk", "Name", "").with(errs)
	kind := textField("kind", "Kind", "").with(errs)
	if name.Error != "missing" || kind.Error != "wrong" {
		t.Errorf("beside the fields: %q, %q", name.Error, kind.Error)
	}
	var got []string
	for _, e := range errs {
		got = append(got, e.Label)
	}
	if want := []string{"Name, Українська", "Kind", "Kind", ""}; !slices.Equal(got, want) {
		t.Errorf("the list names %q, want %q", got, want)
	}
}
