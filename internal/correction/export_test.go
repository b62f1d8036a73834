package correction

// ListQuery and OfStoryQuery are the statements of [Service.List] and [Service.OfStory], for the tests that look at
// their plans.
const (
	ListQuery    = listQuery
	OfStoryQuery = ofStoryQuery
)
