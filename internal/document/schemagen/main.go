// Command schemagen writes the description of documents that the editor in the browser checks itself
// against. It is run by go generate in internal/document.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"

	"depesche/internal/document"
)

func main() {
	out := flag.String("o", "schema.json", "the file to write")
	flag.Parse()
	data, err := json.MarshalIndent(document.TheSchema(), "", "\t")
	if err == nil {
		err = os.WriteFile(*out, append(data, '\n'), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "schemagen:", err)
		os.Exit(1)
	}
}
