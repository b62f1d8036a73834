package placard

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/fontscan"

	"depesche/internal/lang"
)

// system looks for the fonts of scripts that are too large to be embedded.
type system struct {
	dir, cache string
	log        *slog.Logger

	mu    sync.Mutex
	marks map[string]string // by variety: what is there
	open  *systemFonts      // of the variety that was drawn last
	drop  *time.Timer
}

// systemFonts finds letters among the fonts of the operator's folder and of the system.
type systemFonts struct {
	variety string
	find    *fontscan.FontMap
}

// systemFor is how long the fonts are kept that were read last: they are large, and stories come one
// at a time.
const systemFor = 5 * time.Minute

// variety is the form of the signs that a language is written with: the same sign is drawn otherwise
// in Japan than in China. "" is for languages whose letters are embedded.
func variety(l lang.Tag) string {
	switch l.Script() {
	case "Jpan", "Hira", "Kana":
		return "JP"
	case "Kore", "Hang":
		return "KR"
	case "Hant":
		return "TC"
	case "Hans", "Hani":
		return "SC"
	}
	return ""
}

// families are the fonts that are asked for, the best first.
func families(variety string) []string {
	out := []string{"Noto Serif CJK " + variety, "Noto Serif " + variety, "Source Han Serif " + variety}
	switch variety {
	case "JP":
		out = append(out, "Source Han Serif", "Hiragino Mincho ProN", "Yu Mincho", "IPAexMincho", "IPAMincho", "Noto Sans CJK JP", "Noto Sans JP", "IPAexGothic")
	case "KR":
		out = append(out, "Source Han Serif K", "AppleMyungjo", "Batang", "Nanum Myeongjo", "Noto Sans CJK KR", "Noto Sans KR", "Nanum Gothic")
	case "TC":
		out = append(out, "Source Han Serif TC", "Songti TC", "PMingLiU", "AR PL UMing TW", "Noto Sans CJK TC", "Noto Sans TC")
	default:
		out = append(out, "Source Han Serif SC", "Songti SC", "SimSun", "AR PL UMing CN", "Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Zen Hei")
	}
	return out
}

// Mark is a part of a spec: it is another one when other fonts are installed, so that placards without
// headlines don't stay. It is "" for languages whose letters are embedded.
func (f *Fonts) Mark(l lang.Tag) string {
	v := variety(l)
	if v == "" {
		return ""
	}
	s := &f.system
	s.mu.Lock()
	defer s.mu.Unlock()
	if m, ok := s.marks[v]; ok {
		return m
	}
	if s.marks == nil {
		s.marks = map[string]string{}
	}
	s.marks[v] = s.mark(v)
	return s.marks[v]
}

// mark says which fonts there are.
func (s *system) mark(v string) string {
	var there []string
	for _, file := range s.own() {
		if st, err := os.Stat(file); err == nil {
			there = append(there, filepath.Base(file)+st.ModTime().UTC().Format(time.RFC3339))
		}
	}
	fm := s.fontMap(v, false)
	for _, family := range families(v) {
		if at, ok := fm.FindSystemFont(family); ok {
			there = append(there, at.File)
			break
		}
	}
	if len(there) == 0 {
		s.log.Info("placards have no headline: no font has the letters", "signs", v, "folder", s.dir)
	}
	sum := sha256.Sum256([]byte(strings.Join(there, "\n")))
	return hex.EncodeToString(sum[:4])
}

// own are the files of the operator's folder.
func (s *system) own() []string {
	if s.dir == "" {
		return nil
	}
	list, err := os.ReadDir(s.dir)
	if err != nil {
		return nil // there needn't be one
	}
	var out []string
	for _, e := range list {
		switch strings.ToLower(filepath.Ext(e.Name())) {
		case ".ttf", ".otf", ".ttc", ".otc":
			out = append(out, filepath.Join(s.dir, e.Name()))
		}
	}
	slices.Sort(out)
	return out
}

// fontMap is the list of fonts, with those of the folder read if they are wanted.
func (s *system) fontMap(v string, read bool) *fontscan.FontMap {
	fm := fontscan.NewFontMap(silent{})
	if err := fm.UseSystemFonts(s.cache); err != nil {
		s.log.Debug("fonts of the system", "err", err)
	}
	if read {
		for _, file := range s.own() {
			data, err := os.ReadFile(file)
			if err == nil {
				err = fm.AddFont(bytes.NewReader(data), file, "")
			}
			if err != nil {
				s.log.Warn("a font can't be read", "file", file, "err", err)
			}
		}
	}
	fm.SetQuery(fontscan.Query{Families: families(v), Aspect: font.Aspect{Weight: font.WeightBold}})
	return fm
}

// of returns the fonts for a language, or nil for those whose letters are embedded.
func (s *system) of(l lang.Tag) *systemFonts {
	v := variety(l)
	if v == "" {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil || s.open.variety != v {
		s.open = &systemFonts{variety: v, find: s.fontMap(v, true)}
	}
	if s.drop != nil {
		s.drop.Stop()
	}
	s.drop = time.AfterFunc(systemFor, s.close)
	return s.open
}

func (s *system) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = nil
}

// silent is for a library that tells of every letter it looks for.
type silent struct{}

func (silent) Printf(string, ...any) {}
