package translate

import "context"

// Fill does what the job of a drafting does.
func (s *Service) Fill(ctx context.Context, id DraftingID) error { return s.fill(ctx, id) }
