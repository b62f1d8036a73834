package check

// story looks at the edition and its original as one.
func story(r *run) {
	headline(r)
	spellings(r)
}
