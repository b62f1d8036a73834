package check

// Edition returns what is wrong with the edition, the gravest first, then in the order of the text.
func Edition(in Input) []Finding { return nil }

// Passed returns the codes of the groups of checks that were really made and found nothing, for
// the list of what is fine; their words are "check.ok.<code>".
func Passed(in Input, findings []Finding) []string { return nil }
