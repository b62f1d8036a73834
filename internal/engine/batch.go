package engine

import (
	"encoding/json"
	"unicode/utf8"
)

// Bounds of one request beside the engine's own, so that an editor sees a draft grow and a broken
// connection costs little.
const (
	mostTexts      = 25
	mostCharacters = 8000
	frameBytes     = 4096 // of a request beside its texts: names, languages, prompts
)

// batches parts the texts into requests within the limits, in order, and names those that no request
// can hold. around is the context and the terms, that go with each.
func batches(l Limits, texts []string, around int) (list [][]int, tooLong []int) {
	texts1, chars := within(l.Texts, mostTexts), within(l.Characters, mostCharacters)
	var now []int
	n, bytes := 0, 0
	room := 0
	if l.Bytes > 0 {
		room = max(l.Bytes-frameBytes-around, 1)
	}
	for i, t := range texts {
		c, b := utf8.RuneCountInString(t), asSent(t)
		if l.Characters > 0 && c > l.Characters || room > 0 && b > room {
			tooLong = append(tooLong, i)
			continue
		}
		if len(now) > 0 && (len(now) == texts1 || n+c > chars || room > 0 && bytes+b > room) {
			list, now, n, bytes = append(list, now), nil, 0, 0
		}
		now, n, bytes = append(now, i), n+c, bytes+b
	}
	if len(now) > 0 {
		list = append(list, now)
	}
	return list, tooLong
}

func within(limit, ours int) int {
	if limit > 0 {
		return min(limit, ours)
	}
	return ours
}

// asSent is how many bytes a text takes in a request: as JSON or in a form, whichever is longer.
func asSent(s string) int {
	b, err := json.Marshal(s)
	if err != nil {
		return 6 * len(s)
	}
	form := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		form++
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			form += 2
		}
	}
	return max(len(b)+1, form)
}

// fitting is as much of a story's beginning as goes with a request without taking half its room.
func fitting(l Limits, context string) string {
	if l.Bytes == 0 {
		return context
	}
	for asSent(context) > l.Bytes/3 {
		r := []rune(context)
		context = string(r[:len(r)*2/3])
	}
	return context
}
