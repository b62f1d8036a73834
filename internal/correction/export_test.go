package correction

// The statements of [Service.List], [Service.OfStory] and [Service.OfStories], for the tests that look at their plans.
const (
	ListQuery    = listQuery
	OfStoryQuery = ofStoryQuery
)

var OfStoriesQuery = ofStoriesQuery
