package page

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/document"
	"depesche/internal/lang"
)

// embedHosts is a list as a publication keeps it.
var embedHosts = []string{"openstreetmap.org", "paper.example", "vimeo.com", "www.tagesschau.example", "youtu.be", "youtube.com"}

func TestPlayers(t *testing.T) {
	s := sampleSite(testPages(t), "de")
	s.Paper.EmbedHosts = embedHosts
	const tube, vim = "https://www.youtube-nocookie.com/embed/", "https://player.vimeo.com/video/"
	for _, tt := range []struct{ address, want string }{
		{"https://www.youtube.com/watch?v=dQw4w9WgXcQ", tube + "dQw4w9WgXcQ"},
		{"https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=PL12&t=90s", tube + "dQw4w9WgXcQ?start=90"},
		{"https://m.youtube.com/watch?v=dQw4w9WgXcQ&t=1m30s", tube + "dQw4w9WgXcQ?start=90"},
		{"https://youtu.be/dQw4w9WgXcQ?t=7&si=x", tube + "dQw4w9WgXcQ?start=7"},
		{"https://www.youtube.com/shorts/dQw4w9WgXcQ", tube + "dQw4w9WgXcQ"},
		{"https://www.youtube.com/live/dQw4w9WgXcQ?feature=share", tube + "dQw4w9WgXcQ"},
		{"https://www.youtube.com/embed/dQw4w9WgXcQ?autoplay=1&start=-4", tube + "dQw4w9WgXcQ"},
		{"https://www.youtube.com/playlist?list=PLx0sYbCqOb8TBPRdmBHs5Iftvv9TPboYG", tube + "videoseries?list=PLx0sYbCqOb8TBPRdmBHs5Iftvv9TPboYG"},
		{"https://www.youtube.com/@meridian", ""},
		{"https://www.youtube.com/watch?v=..%2F..%2Fx", ""},
		{"https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ", ""}, // isn't on the list itself

		{"https://vimeo.com/76979871", vim + "76979871?dnt=1"},
		{"https://vimeo.com/76979871/abcdef0123", vim + "76979871?dnt=1&h=abcdef0123"},
		{"https://vimeo.com/channels/staffpicks/76979871/", vim + "76979871?dnt=1"},
		{"https://player.vimeo.com/video/76979871?h=abcdef0123&autoplay=1", vim + "76979871?dnt=1&h=abcdef0123"},
		{"https://vimeo.com/about", ""},

		{"https://www.openstreetmap.org/#map=13/46.9970/8.3800", osm("8.33193,46.97856,8.42807,47.01544", "")},
		{"https://www.openstreetmap.org/?mlat=50.45&mlon=30.52#map=16/50.4500/30.5200&layers=N", osm("30.51399,50.44785,30.52601,50.45215", "50.45000,30.52000")},
		{"https://openstreetmap.org/?mlat=50.45&mlon=30.52", osm("30.50798,50.44570,30.53202,50.45430", "50.45000,30.52000")},
		{"https://www.openstreetmap.org/#map=0/0/0", osm("-180.00000,-85.00000,180.00000,85.00000", "")},
		{"https://www.openstreetmap.org/export/embed.html?bbox=8,46,9,47&layer=mapnik", "https://www.openstreetmap.org/export/embed.html?bbox=8%2C46%2C9%2C47&layer=mapnik"},
		{"https://www.openstreetmap.org/node/240109189", ""},
		{"https://www.openstreetmap.org/#map=NaN/46/8", ""},
		{"https://www.openstreetmap.org/#map=13/91/8", ""},

		{"https://www.tagesschau.example/video/1?a=b#c", "https://www.tagesschau.example/video/1?a=b#c"},
		{"https://WWW.Tagesschau.example/video/1", "https://www.tagesschau.example/video/1"},
		{"https://live.www.tagesschau.example/1", "https://live.www.tagesschau.example/1"},

		{"https://tagesschau.example/video/1", ""},
		{"https://evilvimeo.com/76979871", ""},
		{"https://vimeo.com.evil.example/76979871", ""},
		{"http://vimeo.com/76979871", ""},
		{"https://user@vimeo.com/76979871", ""},
		{"https://vimeo.com:8443/76979871", ""},
		{"https://paper.example/de/12/x", ""}, // our own, even if somebody lists it
		{"https://a;script-src.vimeo.com/76979871", ""},
		{"https://a,b.www.tagesschau.example/", ""},
		{"https://ü.www.tagesschau.example/", ""},
		{"javascript:alert(1)", ""},
		{"%", ""},
	} {
		got := ""
		if u, ok := s.player(tt.address); ok {
			got = u.String()
		}
		if got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.address, got, tt.want)
		}
	}
}

func osm(bbox, pin string) string {
	q := url.Values{"bbox": {bbox}, "layer": {"mapnik"}}
	if pin != "" {
		q.Set("marker", pin)
	}
	return "https://www.openstreetmap.org/export/embed.html?" + q.Encode()
}

// withEmbeds puts a video with a picture, a map in a fact box, and a page into the story.
func withEmbeds(f *facts) {
	embed := func(id, url, title, picture string) document.Block {
		return document.Block{ID: document.ID(id), Kind: document.Embed, Embed: &document.EmbedRef{URL: url, Title: title, Media: picture}}
	}
	f.Doc.Blocks = []document.Block{
		embed("e1", "https://www.youtube.com/watch?v=dQw4w9WgXcQ", `Rede "ganz" <live>`, "m1"),
		{ID: "f1", Kind: document.FactBox, Title: "Ort", Blocks: []document.Block{embed("e2", "https://www.openstreetmap.org/#map=13/46.9970/8.3800", "Karte", "")}},
		embed("e3", "https://www.youtube.com/shorts/dQw4w9WgXcQ", "Noch einmal", ""),
		embed("e4", "https://social.example/1", "Beitrag", ""),
	}
}

var frames = regexp.MustCompile(`frame-src ([^;]*)`)

func TestEmbedsWaitForAClick(t *testing.T) {
	p := testPages(t)
	for _, tt := range []struct {
		name    string
		hosts   []string
		golden  string
		players string
	}{
		{"all allowed", []string{"social.example", "www.openstreetmap.org", "youtube.com"}, "embeds-allowed.html",
			"https://social.example https://www.openstreetmap.org https://www.youtube-nocookie.com"},
		{"one is", []string{"www.openstreetmap.org"}, "", "https://www.openstreetmap.org"},
		{"none any longer", nil, "embeds-links.html", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := sampleFacts("de")
			withEmbeds(&f)
			s := sampleSite(p, "de")
			s.Paper.EmbedHosts = tt.hosts
			v := s.article(f, nil)
			if tt.golden != "" {
				golden(t, tt.golden, []byte(v.Body))
			}
			got := ""
			if m := frames.FindStringSubmatch(v.CSP()); m != nil {
				got = m[1]
			}
			if diff := cmp.Diff(tt.players, got); diff != "" {
				t.Errorf("policy %s: %s", v.CSP(), diff)
			}
			if strings.Contains(string(v.Body), "<iframe") {
				t.Error("a frame before the click")
			}
		})
	}
}

func TestPagesWithoutEmbedsAllowNoFrames(t *testing.T) {
	s := sampleSite(testPages(t), "de")
	s.Paper.EmbedHosts = embedHosts
	if csp := s.article(sampleFacts("de"), nil).CSP(); strings.Contains(csp, "frame-src") {
		t.Error(csp)
	}
}

// The words of an embed are the page's, whatever the title's language.
func TestEmbedSpeaksThePagesLanguage(t *testing.T) {
	p := testPages(t)
	for l, want := range map[lang.Tag]string{"de": "Von youtube.com laden", "uk": "Завантажити з youtube.com", "en": "Load from youtube.com"} {
		f := sampleFacts(l)
		withEmbeds(&f)
		s := sampleSite(p, l)
		s.Paper.EmbedHosts = embedHosts
		if body, _ := s.text(f.Doc, s.options(f.body)); !strings.Contains(string(body), `data-load="`+want+`"`) {
			t.Errorf("%s: %s", l, body)
		}
	}
}

func TestFeedsLinkToEmbeds(t *testing.T) {
	f := sampleFacts("de")
	withEmbeds(&f)
	f.Doc.Picture, f.Doc.Lead = nil, nil
	s := sampleSite(testPages(t), "de")
	s.Paper.EmbedHosts = embedHosts
	want := `<p><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ">Rede &#34;ganz&#34; &lt;live&gt;</a></p>
<aside><h2>Ort</h2><p><a href="https://www.openstreetmap.org/#map=13/46.9970/8.3800">Karte</a></p>
</aside>
<p><a href="https://www.youtube.com/shorts/dQw4w9WgXcQ">Noch einmal</a></p>
<p><a href="https://social.example/1">Beitrag</a></p>
`
	if diff := cmp.Diff(want, string(s.feedBody(f.Doc, f.body, "https://paper.example/de/12/x"))); diff != "" {
		t.Error(diff)
	}
}

// A preview has the script only if there is something to load: it shares nothing, and nothing of it is kept.
func TestScriptComesWithEmbeds(t *testing.T) {
	p := testPages(t)
	for _, hosts := range [][]string{nil, embedHosts} {
		f := sampleFacts("de")
		withEmbeds(&f)
		s := sampleSite(p, "de")
		s.Paper.EmbedHosts = hosts
		v := s.article(f, nil)
		v.Share, v.Preview = Share{}, "Vorschau"
		var b strings.Builder
		if err := p.RenderArticle(&b, v); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(b.String(), "/assets/reader."); got != (hosts != nil) {
			t.Errorf("%v: script %v", hosts, got)
		}
	}
}
