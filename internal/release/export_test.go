package release

// Statements that an act runs, for the test that looks at their plans.
const (
	WentQuery       = wentQuery
	SupersededQuery = supersededQuery
)
