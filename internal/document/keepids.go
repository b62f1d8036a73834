package document

import (
	"encoding/json"
	"slices"
)

// KeepIDs gives blocks that were typed anew, in a form that knows no IDs, those of the blocks they were
// typed over: readers' links and translations point there. What reads the same keeps its ID first;
// between those, what reads alike and is of one kind. It does so for blocks, and within each for items,
// rows, cells, pictures and boxed blocks. A block that is really new keeps the ID it has.
func KeepIDs(old, typed []Block) []Block {
	out := cloneAll(typed, Block.Clone)
	if out == nil {
		out = []Block{}
	}
	keepBlocks(old, out)
	d := Doc{Blocks: out}
	unduplicate(&d)
	return d.Blocks
}

func keepBlocks(old, now []Block) {
	pairs(old, now, blockKey, func(a, b Block) float64 {
		if a.Kind != b.Kind {
			return 0
		}
		return 0.2 + likeness(a.Plain(), b.Plain())
	}, func(a Block, b *Block) {
		b.ID = a.ID
		if a.Kind == b.Kind {
			keepParts(a, b)
		}
	})
}

func keepParts(a Block, b *Block) {
	pairs(a.Items, b.Items, func(x Item) string { return keyOf(x.Text) },
		func(x, y Item) float64 { return 0.2 + likeness(x.Text.Plain(), y.Text.Plain()) },
		func(x Item, y *Item) { y.ID = x.ID })
	pairs(a.Pictures, b.Pictures, func(x Picture) string { x.ID = ""; return keyOf(x) },
		func(x, y Picture) float64 {
			if x.Media != y.Media {
				return 0
			}
			return 1
		}, func(x Picture, y *Picture) { y.ID = x.ID })
	pairs(a.Rows, b.Rows, rowKey,
		func(x, y Row) float64 { return 0.2 + likeness(rowText(x), rowText(y)) },
		func(x Row, y *Row) {
			y.ID = x.ID
			pairs(x.Cells, y.Cells, func(c Cell) string { return keyOf(c.Text) },
				func(c, d Cell) float64 { return 0.2 + likeness(c.Text.Plain(), d.Text.Plain()) },
				func(c Cell, d *Cell) { d.ID = c.ID })
		})
	keepBlocks(a.Blocks, b.Blocks)
}

// keyOf is the same for what reads the same.
func keyOf(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // the types hold nothing that JSON can't
	}
	return string(data)
}

func blockKey(b Block) string {
	blocks := []Block{b.Clone()}
	EachID(blocks, func(id *ID) { *id = "" })
	return keyOf(blocks[0])
}

func rowKey(r Row) string { return blockKey(Block{Rows: []Row{r}}) }

func rowText(r Row) string { return Block{Rows: []Row{r}}.Plain() }

// pairs calls keep for what belongs together in two lists, in their order.
func pairs[E any](old, now []E, key func(E) string, alike func(a, b E) float64, keep func(a E, b *E)) {
	oldKeys, newKeys := keysOf(old, key), keysOf(now, key)
	// Most of a text stays as it is: the ends need no comparing.
	for len(old) > 0 && len(now) > 0 && oldKeys[0] == newKeys[0] {
		keep(old[0], &now[0])
		old, now, oldKeys, newKeys = old[1:], now[1:], oldKeys[1:], newKeys[1:]
	}
	for len(old) > 0 && len(now) > 0 && oldKeys[len(old)-1] == newKeys[len(now)-1] {
		keep(old[len(old)-1], &now[len(now)-1])
		old, now = old[:len(old)-1], now[:len(now)-1]
	}
	same := func(i, j int) float64 {
		if oldKeys[i] == newKeys[j] {
			return 1
		}
		return 0
	}
	i, j := 0, 0
	for _, p := range append(bestPairs(len(old), len(now), 1_000_000, same), [2]int{len(old), len(now)}) {
		// Likeness costs more than sameness, so there may be less of it.
		for _, q := range bestPairs(p[0]-i, p[1]-j, 10_000, func(x, y int) float64 { return alike(old[i+x], now[j+y]) }) {
			keep(old[i+q[0]], &now[j+q[1]])
		}
		if p[0] < len(old) {
			keep(old[p[0]], &now[p[1]])
		}
		i, j = p[0]+1, p[1]+1
	}
}

func keysOf[E any](in []E, key func(E) string) []string {
	out := make([]string, len(in))
	for i, e := range in {
		out[i] = key(e)
	}
	return out
}

// bestPairs finds the pairs, rising on both sides, whose scores make the greatest sum. Lists with
// more than grid pairs to choose from are paired place by place.
func bestPairs(n, m, grid int, score func(i, j int) float64) [][2]int {
	var out [][2]int
	if n == 0 || m == 0 {
		return nil
	}
	if n*m > grid {
		for i := range min(n, m) {
			if score(i, i) > 0 {
				out = append(out, [2]int{i, i})
			}
		}
		return out
	}
	w := m + 1
	sum := make([]float32, (n+1)*w)
	scores := make([]float32, n*m)
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			s := float32(score(i, j))
			scores[i*m+j] = s
			best := max(sum[(i+1)*w+j], sum[i*w+j+1])
			if s > 0 {
				best = max(best, s+sum[(i+1)*w+j+1])
			}
			sum[i*w+j] = best
		}
	}
	for i, j := 0, 0; i < n && j < m; {
		switch here := sum[i*w+j]; {
		case scores[i*m+j] > 0 && here == scores[i*m+j]+sum[(i+1)*w+j+1]:
			out = append(out, [2]int{i, j})
			i, j = i+1, j+1
		case here == sum[(i+1)*w+j]:
			i++
		default:
			j++
		}
	}
	return out
}

// likeness is the share of words that two texts have in common, from 0 to 1.
func likeness(a, b string) float64 {
	x, y := wordTokens(firstRunes(a, 2000)), wordTokens(firstRunes(b, 2000))
	x, y = slices.DeleteFunc(x, isSpace), slices.DeleteFunc(y, isSpace)
	if len(x) == 0 && len(y) == 0 {
		return 1
	}
	count := map[string]int{}
	for _, w := range x {
		count[w]++
	}
	common := 0
	for _, w := range y {
		if count[w] > 0 {
			count[w]--
			common++
		}
	}
	return 2 * float64(common) / float64(len(x)+len(y))
}
