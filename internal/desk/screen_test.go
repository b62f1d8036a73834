package desk

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/jba/templatecheck"

	"depesche/internal/assets"
	"depesche/internal/lang"
)

// views are what each screen is shown with.
var views = map[string]any{
	"audit":          auditView{},
	"authors":        namesView{},
	"both":           bothView{},
	"clash":          clashView{},
	"compare":        compareView{},
	"coverages":      coveragesView{},
	"credit":         creditView{},
	"edition":        editionView{},
	"engine":         engineView{},
	"engines":        enginesView{},
	"error":          errorView{},
	"evidence":       evidenceView{},
	"file":           fileView{},
	"me":             meView{},
	"memory":         memoryView{},
	"menu":           menuView{},
	"merge":          mergeView{},
	"named":          namedView{},
	"pages":          pagesView{},
	"picture":        pictureView{},
	"pictures":       picturesView{},
	"redirects":      redirectsView{},
	"register":       registerView{},
	"register_entry": registerEntryView{},
	"release":        releaseView{},
	"remove":         removeView{},
	"reports":        reportsView{},
	"restore":        restoreView{},
	"revision":       revisionView{},
	"revisions":      revisionsView{},
	"running":        runningView{},
	"sections":       namesView{},
	"settings":       settingsView{},
	"setup":          setupView{},
	"setup_closed":   setupView{},
	"sign_in":        signInView{},
	"source":         sourceView{},
	"staff":          staffView{},
	"staff_one":      staffOneView{},
	"stories":        storiesView{},
	"story":          storyView{},
	"story_new":      newStoryView{},
	"today":          todayView{},
	"topics":         namesView{},
	"translate":      translateView{},
	"translations":   translationsView{},
}

func testScreens(t *testing.T) *screens {
	t.Helper()
	words, err := lang.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	dist, err := Dist()
	if err != nil {
		t.Fatal(err)
	}
	set, err := assets.Load(dist, "/desk/assets/")
	if err != nil {
		t.Fatal(err)
	}
	s, err := loadScreens(words, set)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestScreensFitTheirViews proves that every field that a screen names is in its view.
func TestScreensFitTheirViews(t *testing.T) {
	s := testScreens(t)
	for name := range s.files {
		screen, err := s.screen("en", name)
		if err != nil {
			t.Fatal(err)
		}
		view, ok := views[name]
		if !ok {
			t.Errorf("%s: no view is known for it", name)
			continue
		}
		if err := templatecheck.CheckHTML(screen.Lookup("layout"), view); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name := range views {
		if s.files[name] == "" {
			t.Errorf("%s: no such screen", name)
		}
	}
}

func TestScreensParseInEveryLanguage(t *testing.T) {
	s := testScreens(t)
	for _, l := range s.words.Languages() {
		for name := range s.files {
			if _, err := s.screen(l, name); err != nil {
				t.Errorf("%s: %v", l, err)
			}
		}
	}
}

var (
	wordInScreen = regexp.MustCompile(`\bt "([a-z_.]+)"`)
	wordInCode   = regexp.MustCompile(`"((?:desk|problem)\.[a-z0-9_.]*[a-z0-9])"`)
)

// TestWordsAreThere finds words that a screen says and the catalogue doesn't have.
func TestWordsAreThere(t *testing.T) {
	words := testScreens(t).words.In("en")
	for _, dir := range []string{".", "screens"} {
		list, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range list {
			re := wordInScreen
			switch {
			case strings.HasSuffix(f.Name(), "_test.go") || f.IsDir():
				continue
			case strings.HasSuffix(f.Name(), ".go"):
				re = wordInCode
			}
			raw, err := os.ReadFile(dir + "/" + f.Name())
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range re.FindAllStringSubmatch(string(raw), -1) {
				if !words.Has(m[1]) {
					t.Errorf("%s says %s, which no catalogue has", f.Name(), m[1])
				}
			}
		}
	}
}

// TestNoInlineStyleOrScript: the content security policy would drop them.
func TestNoInlineStyleOrScript(t *testing.T) {
	bad := regexp.MustCompile(`(?i)\sstyle=|<style|\son[a-z]+=|<script(?:\s[^>]*)?>\s*[^{<\s]|javascript:`)
	list, err := os.ReadDir("screens")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		raw, err := os.ReadFile("screens/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		if m := bad.FindString(string(raw)); m != "" {
			t.Errorf("%s: %q", f.Name(), m)
		}
	}
}

func TestOwnPath(t *testing.T) {
	for in, want := range map[string]string{
		"/desk/stories?q=a": "/desk/stories?q=a", "": "/desk/", "https://evil.example/desk/": "/desk/", "//evil.example/desk/": "/desk/",
		"/desk/../../x": "/desk/../../x", "/desk/sign-out": "/desk/", `/desk/\evil.example`: "/desk/", "/de/": "/desk/", "javascript:alert(1)": "/desk/",
	} {
		if got := ownPath(in); got != want {
			t.Errorf("%q leads to %q, want %q", in, got, want)
		}
	}
}

func TestInitials(t *testing.T) {
	for in, want := range map[string]string{"": "", "Технік": "Т", "Mara von der Aue": "MV", "  a  b ": "AB", "\u202e x": "\u202eX"} {
		if got := initials(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
