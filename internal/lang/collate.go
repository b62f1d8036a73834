package lang

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// collators holds the collators not in use, by language; building one costs more than its use, and
// one can't be used twice at a time.
var collators sync.Map // Tag to *sync.Pool

func (t Tag) withCollator(use func(*collate.Collator)) {
	t = nearest(t) // bounds the map: strangers can't fill it with tags
	pool, ok := collators.Load(t)
	if !ok {
		pool, _ = collators.LoadOrStore(t, &sync.Pool{New: func() any { return collate.New(language.Make(string(t)), collate.Numeric) }})
	}
	c := pool.(*sync.Pool).Get().(*collate.Collator)
	use(c)
	pool.(*sync.Pool).Put(c)
}

// CollateKey returns bytes whose order is that of the language's alphabet, figures by their value.
func (t Tag) CollateKey(s string) []byte {
	var key []byte
	t.withCollator(func(c *collate.Collator) {
		var buf collate.Buffer
		key = slices.Clone(c.KeyFromString(&buf, s))
	})
	return key
}

// Compare orders a and b as the language's alphabet does; only equal texts are equal.
func (t Tag) Compare(a, b string) int {
	var n int
	t.withCollator(func(c *collate.Collator) { n = c.CompareString(a, b) })
	if n == 0 {
		return strings.Compare(a, b)
	}
	return n
}

// Sort sorts names for people.
func (t Tag) Sort(names []string) { SortBy(t, names, func(s string) string { return s }) }

// SortBy sorts items by the names that name gives them, for people; equal ones keep their order.
func SortBy[T any](t Tag, items []T, name func(T) string) {
	t.withCollator(func(c *collate.Collator) {
		slices.SortStableFunc(items, func(a, b T) int {
			x, y := name(a), name(b)
			if n := c.CompareString(x, y); n != 0 {
				return n
			}
			return strings.Compare(x, y)
		})
	})
}
