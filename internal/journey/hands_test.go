//go:build browser

package journey

import (
	"context"
	"fmt"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// keys presses keys as a keyboard does: a key that the page has taken types nothing. (chromedp's own
// KeyEvent sends the character by itself, which arrives all the same.)
func (p *tab) keys(keys string, modifiers ...chromedp.Modifier) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for _, r := range keys {
			if err := press(ctx, target, r, modifiers); err != nil {
				return err
			}
		}
		return nil
	}))
}

func press(ctx context.Context, target *chromedp.Target, r rune, modifiers []chromedp.Modifier) error {
	if _, known := kb.Keys[r]; !known { // as an input method types it
		_, err := cdp.Call(ctx, target, input.InsertText, input.InsertTextParams{Text: string(r)})
		return err
	}
	for _, k := range kb.Encode(r) {
		if k.Type == kb.KeyChar {
			continue
		}
		for _, m := range modifiers {
			k.Modifiers |= int64(m)
		}
		if k.Type != kb.KeyUp {
			k.Type = kb.KeyDown
			if k.Modifiers&^int64(chromedp.ModifierShift) != 0 {
				k.Text, k.UnmodifiedText = "", ""
			} else if k.Text == "" && (r == '\r' || r >= ' ' && r < 0x7f) {
				k.Text = string(r)
			}
		}
		if _, err := cdp.Call(ctx, target, input.DispatchKeyEvent, *k); err != nil {
			return err
		}
	}
	return nil
}

// insert types a longer text at once, as an input method or dictation does.
func (p *tab) insert(text string) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, input.InsertText, input.InsertTextParams{Text: text})
		return err
	}))
}

// fill puts a text into a field in the place of what was there.
func (p *tab) fill(name, text string) {
	p.t.Helper()
	field := fmt.Sprintf(`[name=%q]:not([type=hidden])`, name)
	p.until(exists(field))
	p.run(fmt.Sprintf(`const f = %s; f.scrollIntoView({block: "center"}); f.focus(); f.select ? f.select() : 0`, exists(field)))
	if text == "" {
		p.keys(kb.Delete)
		return
	}
	p.insert(text)
}

// choose picks an entry of a list, or sets a date or time.
func (p *tab) choose(name, value string) {
	p.t.Helper()
	field := fmt.Sprintf(`[name=%q]`, name)
	p.until(exists(field))
	p.run(fmt.Sprintf(`const f = %s; f.value = %q; f.dispatchEvent(new Event("input", {bubbles: true})); f.dispatchEvent(new Event("change", {bubbles: true}))`, exists(field), value))
	p.equal(exists(field)+".value", value)
}

// chooseWord picks the entry with this word.
func (p *tab) chooseWord(name, word string) {
	p.t.Helper()
	p.choose(name, p.js(fmt.Sprintf(`[...%s.options].find(o => o.textContent === %q)?.value`, exists(fmt.Sprintf(`[name=%q]`, name)), word)))
}

// tick makes a box or a round button be on.
func (p *tab) tick(name, value string) {
	p.t.Helper()
	box := fmt.Sprintf(`[name=%q][value=%q]`, name, value)
	p.until(exists(box))
	if p.js(exists(box)+".checked") != "true" {
		p.do(chromedp.Click(chromedp.CSS(box)))
	}
	p.equal(exists(box)+".checked", "true")
}

// tickWord makes the box with this word be on.
func (p *tab) tickWord(name, word string) {
	p.t.Helper()
	p.tick(name, p.js(fmt.Sprintf(`[...document.querySelectorAll('[name=%q]')].find(b => b.closest("label").querySelector("span").textContent === %q)?.value`, name, word)))
}

// send presses the button of the form that the page is about.
func (p *tab) send() int {
	p.t.Helper()
	return p.follow(`main form .form-end .primary, main form .form-end .danger`)
}

// mark finds an element by its word and makes it easy to find.
func (p *tab) mark(selector, word string) {
	p.t.Helper()
	p.until(fmt.Sprintf(`[...document.querySelectorAll(%q)].some(b => b.innerText.trim() === %q && b.offsetParent)`, selector, word))
	p.run(fmt.Sprintf(`document.querySelectorAll("[data-test-mark]").forEach(x => x.removeAttribute("data-test-mark"));
		[...document.querySelectorAll(%q)].find(b => b.innerText.trim() === %q && b.offsetParent).setAttribute("data-test-mark", "")`, selector, word))
}
