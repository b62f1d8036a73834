package register

import (
	"bufio"
	"bytes"
	"io"
)

// WriteFile and ReadFile are the formats without a database.
func WriteFile(f Format, list []Entry) ([]byte, error) {
	var b bytes.Buffer
	write := writeCSV
	if f == TBX {
		write = writeTBX
	}
	err := write(bufio.NewWriter(&b), list)
	return b.Bytes(), err
}

// ReadFile reads what WriteFile wrote, or what a stranger did; what can't be stored is left out.
func ReadFile(r io.Reader) (list []Entry, rem []Remark, err error) {
	var x remarks
	err = read(r, &x, func(e Entry, _ int) error {
		if e, err := tidy(e); err == nil {
			list = append(list, e)
		}
		return nil
	})
	return list, x.list, err
}

// Tidy is how an entry is stored.
func Tidy(e Entry) (Entry, error) { return tidy(e) }

// SetLayers makes the layers of what is kept compiled small, and few.
func SetLayers(s *Service, perLayer, most int) { s.kept.limit = limits{perLayer, most} }

// Layers is how many there are.
func Layers(s *Service) int { return len(s.kept.now.layers) }
