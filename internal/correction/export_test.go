package correction

// ListQuery is the statement of [Service.List], for the test that looks at its plan.
const ListQuery = listQuery
