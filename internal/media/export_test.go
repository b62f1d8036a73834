package media

import "testing"

// Sweep and SweepOrphans do what the jobs of these names do.
func Sweep(s *Service, t *testing.T, id ID) {
	t.Helper()
	if err := s.sweep(t.Context(), id); err != nil {
		t.Fatal(err)
	}
}

func SweepOrphans(s *Service, t *testing.T) {
	t.Helper()
	if err := s.sweepOrphans(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// MakeAVIF does what the job does.
func MakeAVIF(s *Service, t *testing.T, p Picture) {
	t.Helper()
	if err := s.makeAVIF(t.Context(), p.ID, p.Generation); err != nil {
		t.Fatal(err)
	}
}

// FinishedLate is the end of a job that took the picture up as p and is through only now.
func FinishedLate(s *Service, t *testing.T, p Picture) {
	t.Helper()
	if err := s.rendered(t.Context(), p, []string{jpg, webpEx}, Ready); err != nil {
		t.Fatal(err)
	}
}
