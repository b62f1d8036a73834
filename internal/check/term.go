package check

// Term is an entry of the register as the checks need it: for one pair of languages, original and
// edition.
type Term struct {
	ID string
	// Source are the forms it may have in the original, Target those that are right in the edition,
	// inflected forms included; the first of each is the one in the dictionary.
	Source, Target []string
	// Forbidden are forms that are wrong in the edition, wherever they stand.
	Forbidden []string
	// Keep says that it isn't translated: what stands in the original stands in the edition.
	Keep bool
	// Name says that it names a person, a place or a body.
	Name bool
}
