package people

// The statements that a page and an entry ask for an author with, for the test that looks at their plans.
const (
	AuthorOfQuery   = authorOfQuery
	KindsNamedQuery = kindsNamedQuery
)
