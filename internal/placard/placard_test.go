package placard

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	_ "image/jpeg"
	_ "image/png"
	"log/slog"
	"os"
	"strings"
	"testing"

	"depesche/internal/lang"
)

func fonts(t testing.TB) *Fonts {
	t.Helper()
	return NewFonts("", t.TempDir(), slog.New(slog.DiscardHandler))
}

func drawn(t *testing.T, f *Fonts, s Spec, photo image.Image) image.Image {
	t.Helper()
	data, err := f.Draw(s, photo)
	if err != nil {
		t.Fatal(err)
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if img.Bounds() != image.Rect(0, 0, Width, Height) {
		t.Errorf("%v", img.Bounds())
	}
	return img
}

// headlines are of the languages whose placards were looked at.
var headlines = map[lang.Tag]string{
	"de": "Der Rat vertagt sich: Wie 32 Stühle um einen runden Tisch zum Verfassungsproblem wurden",
	"uk": "Рада відклала засідання: як 32 стільці навколо столу стали конституційною проблемою",
	"fr": "Le Conseil s’ajourne : comment 32 chaises sont devenues un problème",
	"pl": "Żółta łódź na Wiśle: rzeka niesie mniej wody niż kiedykolwiek od początku pomiarów",
	"el": "Το Συμβούλιο αναβάλλεται: πώς 32 καρέκλες έγιναν συνταγματικό πρόβλημα",
	"vi": "Hội đồng hoãn họp: 32 chiếc ghế quanh chiếc bàn tròn đã trở thành vấn đề hiến pháp",
	"ar": "المجلس يؤجل جلسته: كيف أصبح 32 كرسيًا حول طاولة مستديرة مشكلة دستورية",
	"he": "המועצה נדחית: איך 32 כיסאות סביב שולחן עגול הפכו לבעיה חוקתית של EU",
	"hi": "परिषद स्थगित: कैसे गोल मेज़ के चारों ओर 32 कुर्सियाँ संवैधानिक समस्या बन गईं",
	"th": "สภาเลื่อนการประชุมเก้าอี้สามสิบสองตัวรอบโต๊ะกลมกลายเป็นปัญหารัฐธรรมนูญได้อย่างไร",
	"ka": "საბჭო გადაიდო: როგორ იქცა 32 სკამი კონსტიტუციურ პრობლემად",
	"hy": "Խորհուրդը հետաձգվել է. ինչպես 32 աթոռը դարձավ սահմանադրական խնդիր",
}

// Whatever language a paper is published in, its name is written in its letters; those of the east,
// which the binary hasn't got, are left out and never boxes.
func TestAllLanguagesOffered(t *testing.T) {
	f := fonts(t)
	for _, l := range lang.Known() {
		_, err := f.image(Spec{Lang: l, Paper: "Meridian", Headline: l.OwnName() + " 32: «Meridian»"}, nil)
		switch {
		case errors.Is(err, ErrLetters) && variety(l) != "":
		case err != nil:
			t.Errorf("%s (%s): %v", l, l.OwnName(), err)
		}
	}
}

func TestSamePlacardIsTheSameFile(t *testing.T) {
	s := Spec{Lang: "de", Paper: "Meridian", Section: "Europa", Headline: headlines["de"]}
	a, err := fonts(t).Draw(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := fonts(t).Draw(s, nil)
	if err != nil || !bytes.Equal(a, b) {
		t.Errorf("drawn twice, two files: %v", err)
	}
}

// A name changes with everything that is drawn, and only with it.
func TestHash(t *testing.T) {
	base := Spec{Lang: "de", Paper: "P", Section: "S", Headline: "H", About: "A", Accent: "#000000", Wash: "#ffffff", Picture: "p", FocusX: 1, FocusY: 2, Fonts: "f"}
	seen := map[string]int{base.Hash(): -1}
	for i, change := range []func(*Spec){
		func(s *Spec) { s.Lang = "en" }, func(s *Spec) { s.Paper = "Q" }, func(s *Spec) { s.Section = "" },
		func(s *Spec) { s.Headline = "h" }, func(s *Spec) { s.About = "" }, func(s *Spec) { s.Accent = "" },
		func(s *Spec) { s.Wash = "" }, func(s *Spec) { s.Picture = "" }, func(s *Spec) { s.FocusX = 2 },
		func(s *Spec) { s.FocusY = 1 }, func(s *Spec) { s.Fonts = "" },
	} {
		s := base
		change(&s)
		if other, ok := seen[s.Hash()]; ok {
			t.Errorf("changes %d and %d have the same name", i, other)
		}
		seen[s.Hash()] = i
	}
	if again := base; again.Hash() != base.Hash() || len(base.Hash()) != hashLen {
		t.Error(base.Hash())
	}
}

// Words stay in their column, on the side where reading starts; the picture stands on the other.
func TestLayout(t *testing.T) {
	f := fonts(t)
	red := image.NewRGBA(image.Rect(0, 0, 300, 200))
	for i := range red.Pix {
		red.Pix[i] = []uint8{200, 0, 0, 255}[i%4]
	}
	red.Set(150, 100, color.Black) // no matter
	for l, headline := range headlines {
		s := Spec{Lang: l, Paper: "Meridian", Section: l.OwnName(), Headline: headline, Picture: "red"}
		img := drawn(t, f, s, red)
		isRed := func(x, y int) bool { r, g, b, _ := img.At(x, y).RGBA(); return r > 0xa000 && g < 0x3000 && b < 0x3000 }
		isWhite := func(x, y int) bool { r, g, b, _ := img.At(x, y).RGBA(); return r > 0xf000 && g > 0xf000 && b > 0xf000 }
		start := func(x int) int { return x }
		if l.Dir() == "rtl" {
			start = func(x int) int { return Width - 1 - x }
		}
		dark := 0
		for y := range Height {
			if !isRed(start(Width-1), y) || !isRed(start(Width-int(picWide)+12), y) {
				t.Fatalf("%s: no picture at its place, row %d", l, y)
			}
			for x := range int(margin) - 12 {
				if !isWhite(start(x), y) {
					t.Fatalf("%s: ink in the margin at %d,%d", l, x, y)
				}
			}
			for x := int(margin); x < int(Width-picWide-gap); x += 3 {
				if y > int(roof) && !isWhite(start(x), y) {
					dark++
				}
			}
			if y > Height-24 && !isWhite(start(int(margin)+40), y) {
				t.Fatalf("%s: ink below the column", l)
			}
		}
		if dark < 2000 {
			t.Errorf("%s: hardly a headline: %d", l, dark)
		}
	}
}

// What has no form in any font leaves the headline out and nothing else.
func TestLettersThatNobodyHas(t *testing.T) {
	f := fonts(t)
	s := Spec{Lang: "de", Paper: "Meridian", Headline: "Ein Zeichen aus Ägypten: \U00013080 im Titel"}
	lacking, err := f.Draw(s, nil)
	if !errors.Is(err, ErrLetters) {
		t.Fatalf("%v", err)
	}
	s.Headline = " "
	without, err := f.Draw(s, nil)
	if err != nil || !bytes.Equal(lacking, without) {
		t.Errorf("something else is missing too, or a box is there: %v", err)
	}
}

func TestColours(t *testing.T) {
	for in, want := range map[string]color.RGBA{"#102030": {0x10, 0x20, 0x30, 255}, "": verdi, "red": verdi, "#12345g": verdi, "#1234567": verdi} {
		if got := colour(in, verdi); got != want {
			t.Errorf("%q: %v", in, got)
		}
	}
}

// The fonts are those that origin.json accounts for.
func TestFontsAreAccountedFor(t *testing.T) {
	raw, err := os.ReadFile("fonts/origin.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []struct{ File, Origin, Licence, SHA256 string }
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, x := range list {
		data, err := embedded.ReadFile("fonts/" + x.File)
		sum := sha256.Sum256(data)
		if err != nil || hex.EncodeToString(sum[:]) != x.SHA256 || x.Licence != "OFL-1.1" || x.Origin == "" {
			t.Errorf("%s: %v", x.File, err)
		}
		known[x.File] = true
	}
	files, err := embedded.ReadDir("fonts")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !known[file.Name()] {
			t.Errorf("%s comes from nowhere", file.Name())
		}
		if _, err := unpack(strings.TrimSuffix(file.Name(), ".ttf.br")); err != nil {
			t.Error(err)
		}
	}
	for _, name := range byScript {
		if !known[name+".ttf.br"] {
			t.Errorf("no font %s", name)
		}
	}
}
