package check

// The points from which an exchange is worth a note and a warning.
const remark, suspect = -4, 12

// base is what an exchange starts with: a pair of names, a name of the translation alone, one of the
// original alone.
var base = [...]int{-6, -2, -9}

// nameWeights are the points for what is said of a name: of the one that is lost and of the one that is
// gained, in a pair, and of either alone. They, and those of pairs, are the weights of three logistic
// regressions over the tuned half of docs/checks.md, in quarters.
var nameWeights = []struct {
	says                                 says
	lost, gained, lostAlone, gainedAlone int
}{
	{firm, 3, 3, -3, 4},
	{within, -2, 1, -1, 3},
	{opening, -8, -9, -9, -7},
	{small, -9, -16, -13, -21},
	{known, 8, 5, 4, 6},
	{settled, 3, 0, 4, 0},
	{again, -1, -5, -1, -8},
	{beside, -6, 1, 1, 7},
	{titledBeside, -5, -4, -1, -3},
	{alone, 3, 4, -2, 4},
	{usual, -11, -14, 0, -13},
	{place, 1, 1, -6, 1},
	{latinSaid, 7, 10, 4, 7},
	{short, -26, -29, -11, -28},
	{noun, -5, -2, -5, 1},
	{spelled, -10, -11, -15, -9},
	{claimed, -2, -4, -13, -8},
}

// pairWeights are the points for what is said of a pair, and of the segment, by the cases of base.
var pairWeights = []struct {
	says   pairSays
	points [3]int
}{
	{slot, [3]int{17, 0, 0}},
	{leftSame, [3]int{3, 0, 0}},
	{rightSame, [3]int{2, 0, 0}},
	{near, [3]int{3, 0, 0}},
	{bothOpen, [3]int{4, 0, 0}},
	{like42, [3]int{-9, 0, 0}},
	{like55, [3]int{-10, 0, 0}},
	{like70, [3]int{-3, 0, 0}},
	{together2, [3]int{-9, 0, 0}},
	{noneLost, [3]int{-4, -16, -7}},
	{severalLost, [3]int{-3, -2, -2}},
	{noneGained, [3]int{-4, -4, -1}},
	{severalGained, [3]int{-2, -2, 1}},
	{fromGerman, [3]int{0, 2, -3}},
	{toGerman, [3]int{-1, -2, -2}},
	{oneAlphabet, [3]int{2, 3, -1}},
}
