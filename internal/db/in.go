package db

import (
	"strconv"
	"strings"
)

// In returns the list for an IN over ids, "($3, $4)" if first is 3, and the arguments for it. No
// ids make "(NULL)", which nothing is in.
func In[T ~string](first int, ids []T) (string, []any) {
	if len(ids) == 0 {
		return "(NULL)", nil
	}
	var b strings.Builder
	args := make([]any, len(ids))
	for i, id := range ids {
		b.WriteString(", $")
		b.WriteString(strconv.Itoa(first + i))
		args[i] = string(id)
	}
	return "(" + b.String()[2:] + ")", args
}
