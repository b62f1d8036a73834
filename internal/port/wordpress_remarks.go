package port

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Remarks writes items with remarks to a file, each at once: what an import said before it was
// stopped is there. The file's ending chooses the form: .csv has a line a remark, for spreadsheets;
// .jsonl an item, for programs; .txt is to be read.
type Remarks struct {
	file *os.File
	form func(ItemReport) ([]byte, error)
}

// errForm says how a report's file may end.
var errForm = errors.New("the file's name must end in .csv (for spreadsheets), .jsonl (for programs) or .txt")

// CheckRemarks refuses a name that [OpenRemarks] would refuse.
func CheckRemarks(name string) error {
	if forms[strings.ToLower(filepath.Ext(name))] == nil {
		return fmt.Errorf("%s: %w", name, errForm)
	}
	return nil
}

var forms = map[string]func(ItemReport) ([]byte, error){".csv": csvRows, ".jsonl": jsonLine, ".txt": textOf}

// OpenRemarks begins the file, or goes on with one that is there: an import that is resumed says
// only what is new. Close it.
func OpenRemarks(name string) (*Remarks, error) {
	if err := CheckRemarks(name); err != nil {
		return nil, err
	}
	ext := strings.ToLower(filepath.Ext(name))
	f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	r := &Remarks{file: f, form: forms[ext]}
	st, err := f.Stat()
	if err == nil && st.Size() == 0 && ext == ".csv" {
		// Without the mark, spreadsheets take every alphabet but their own for another.
		_, err = f.WriteString("\ufeff" + strings.Join(csvColumns, ",") + "\r\n")
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return r, nil
}

// Add writes an item.
func (r *Remarks) Add(it ItemReport) error {
	b, err := r.form(it)
	if err == nil {
		_, err = r.file.Write(b)
	}
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// Close ends the file; then it is on the disk.
func (r *Remarks) Close() error { return errors.Join(r.file.Sync(), r.file.Close()) }

func jsonLine(it ItemReport) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(it)
	return b.Bytes(), err
}

func textOf(it ItemReport) ([]byte, error) {
	var b bytes.Buffer
	err := it.WriteText(&b)
	b.WriteByte('\n')
	return b.Bytes(), err
}

var csvColumns = []string{"file", "line", "type", "id", "title", "address", "story", "remark", "detail", "key"}

func csvRows(it ItemReport) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	story := ""
	if it.Story > 0 {
		story = strconv.FormatInt(it.Story, 10)
	}
	for _, m := range it.Remarks {
		row := []string{it.File, strconv.FormatInt(it.Line, 10), it.Type, it.ID, it.Title, it.Address, story, words(m.Key), m.Text, m.Key}
		for i := range row {
			row[i] = harmless(row[i])
		}
		if err := w.Write(row); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// harmless keeps a spreadsheet from taking a stranger's headline for a formula.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
