package memory

import "depesche/internal/db"

// DBOf is the database of a room, for tests that opened it by the way.
func DBOf(s *Service) *db.DB { return s.db }

// Best is the highest score of text among the sources, by a look at each.
func Best(sources []string) func(text string) int {
	var list []cut
	for _, s := range sources {
		n := Normal(s)
		list = append(list, cut{n, tokens(n)})
	}
	return func(text string) int {
		n := Normal(text)
		mine := tokens(n)
		best := 0
		for _, c := range list {
			switch {
			case c.normal == n:
				return 100
			case mayReach(c.tokens, mine, 75):
				best = max(best, min(99, score(c.tokens, mine)))
			}
		}
		return best
	}
}

// SetBatch makes an import write so many pairs at once.
func SetBatch(s *Service, n int) { s.batch = n }
