package check

// The points from which an exchange is worth a note, is as likely one as not, and is worth a warning.
const remark, even, suspect = -7, 0, 13

// base is what an exchange starts with: a pair of names, a name of the translation alone, one of the
// original alone.
var base = [...]int{-7, -2, -8}

// nameWeights are the points for what is said of a name: of the one that is lost and of the one that is
// gained, in a pair, and of either alone. They, and those of pairs, are the weights of three logistic
// regressions over the tuned half of docs/checks.md, in quarters.
var nameWeights = []struct {
	says                                 says
	lost, gained, lostAlone, gainedAlone int
}{
	{firm, 3, 2, -4, 4},
	{within, -1, 2, 0, 3},
	{opening, -8, -9, -10, -7},
	{small, -9, -17, -12, -20},
	{known, 9, 5, 6, 6},
	{settled, 3, 0, 2, 0},
	{again, -2, -7, -1, -8},
	{beside, -4, 1, 0, 7},
	{besideUsual, -6, -4, 0, -4},
	{alone, 3, 4, -3, 5},
	{usual, -11, -13, -3, -13},
	{place, 0, 1, -6, 1},
	{inLatin, 8, 10, 3, 8},
	{short, -20, -27, -11, -25},
	{noun, -4, -1, -5, 2},
	{spelled, -9, -6, -16, -7},
	{claimed, -2, -3, -11, -8},
}

// pairWeights are the points for what is said of a pair, and of the segment, by the cases of base.
var pairWeights = []struct {
	says   pairSays
	points [3]int
}{
	{slot, [3]int{15, 0, 0}},
	{leftSame, [3]int{3, 0, 0}},
	{rightSame, [3]int{2, 0, 0}},
	{near, [3]int{3, 0, 0}},
	{bothOpen, [3]int{3, 0, 0}},
	{like42, [3]int{-12, 0, 0}},
	{like55, [3]int{-7, 0, 0}},
	{like70, [3]int{-4, 0, 0}},
	{sameSegments, [3]int{-21, 0, 0}},
	{noneLost, [3]int{-4, -17, -4}},
	{severalLost, [3]int{-3, -2, -1}},
	{noneGained, [3]int{-5, -5, -2}},
	{severalGained, [3]int{-1, -1, -5}},
	{fromGerman, [3]int{-1, 2, -4}},
	{toGerman, [3]int{-1, -2, -2}},
	{bothLatin, [3]int{2, 2, -3}},
}
