package correction

// The statements of [Service.List], [Service.OfStory], [Service.OfStories], [Service.Since], [Service.Owed] and
// [Service.OwedBy], for the tests that look at their plans.
const (
	ListQuery    = listQuery
	OfStoryQuery = ofStoryQuery
	SinceQuery   = sinceQuery
)

var (
	OfStoriesQuery = ofStoriesQuery
	OwedQuery      = owedQuery(owedSince)
	OwedByQuery    = owedQuery(owedBy)
)
