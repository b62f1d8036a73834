package translate

import "context"

// Fill does what the job of a drafting does.
func (s *Service) Fill(ctx context.Context, id DraftingID) error { return s.fill(ctx, id) }

// The statements of [Service.Queue], for the test that looks at their plans.
const (
	QueueQuery = queueQuery
	MineQuery  = mineQuery
)
