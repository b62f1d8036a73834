package memory

import "depesche/internal/db"

// DBOf is the database of a room, for tests that opened it by the way.
func DBOf(s *Service) *db.DB { return s.db }
