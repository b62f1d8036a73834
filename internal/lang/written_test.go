package lang

import "testing"

func TestClosed(t *testing.T) {
	for _, c := range []struct {
		tag      Tag
		in, want string
	}{
		{"de", "Die Zeitung beruft sich auf eigene Quellen", "Die Zeitung beruft sich auf eigene Quellen."},
		{"de", " Das steht fest. ", "Das steht fest."},
		{"de", "Er sagte: „Das steht fest.“", "Er sagte: „Das steht fest.“"},
		{"en", "Amtlicher Text (gekürzt)", "Amtlicher Text (gekürzt)."},
		{"uk", "Що далі?", "Що далі?"},
		{"ja", "公式文書", "公式文書。"},
		{"ja", "公式文書。", "公式文書。"},
		{"hi", "आधिकारिक पाठ", "आधिकारिक पाठ।"},
		{"ar", "لماذا؟", "لماذا؟"},
		{"uk", "Скорочено…", "Скорочено…"},
		{"th", "ข้อความ", "ข้อความ"},
		{"en", "", ""},
	} {
		if got := c.tag.Closed(c.in); got != c.want {
			t.Errorf("%s: Closed(%q) = %q, want %q", c.tag, c.in, got, c.want)
		}
	}
}

func TestISODate(t *testing.T) {
	for iso, want := range map[string]string{
		"2024-10-23": "23.\u00a0Oktober 2024", "2024-10": "Oktober 2024", "2024": "2024", "": "", "gestern": "", "2024-13": "",
	} {
		if got := Tag("de").ISODate(iso); got != want {
			t.Errorf("ISODate(%q) = %q, want %q", iso, got, want)
		}
	}
}
