package db

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"time"
)

// layout is how times stand in the database: UTC, milliseconds and a fixed width, so that text
// sorts as time does.
const layout = "2006-01-02T15:04:05.000Z"

func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// Time stores and scans a moment. It loses what is below a millisecond.
type Time struct{ time.Time }

// Value stores t.
func (t Time) Value() (driver.Value, error) {
	u := stamp(t.Time)
	if y := u.Year(); y < 0 || y > 9999 {
		return nil, fmt.Errorf("time %v can't be stored: its year has not four digits", u)
	}
	return u.Format(layout), nil
}

// Scan reads a stored moment.
func (t *Time) Scan(src any) error {
	s, err := text(src)
	if err != nil {
		return fmt.Errorf("scan time: %w", err)
	}
	t.Time, err = time.Parse(layout, s)
	return err
}

// NullTime is a moment that may be missing: NULL in the database.
type NullTime struct {
	Time  time.Time
	Valid bool
}

// NullOf returns the moment that p points at, or none for nil.
func NullOf(p *time.Time) NullTime {
	if p == nil {
		return NullTime{}
	}
	return NullTime{*p, true}
}

// Ptr returns nil if there is no moment.
func (t NullTime) Ptr() *time.Time {
	if !t.Valid {
		return nil
	}
	return &t.Time
}

// Value stores t.
func (t NullTime) Value() (driver.Value, error) {
	if !t.Valid {
		return nil, nil
	}
	return Time{t.Time}.Value()
}

// Scan reads a stored moment or NULL.
func (t *NullTime) Scan(src any) error {
	if src == nil {
		*t = NullTime{}
		return nil
	}
	var x Time
	if err := x.Scan(src); err != nil {
		return err
	}
	*t = NullTime{x.Time, true}
	return nil
}

// JSON stores and scans V as JSON text: db.JSON[[]string]{V: langs}. An empty column scans as the
// zero value.
type JSON[T any] struct{ V T }

// AsJSON is JSON with its type found by itself.
func AsJSON[T any](v T) JSON[T] { return JSON[T]{v} }

// Value stores V. A nil slice becomes [], a nil map {}: the columns say NOT NULL.
func (j JSON[T]) Value() (driver.Value, error) {
	b, err := json.Marshal(j.V)
	if err != nil {
		return nil, err
	}
	if string(b) == "null" {
		return empty(reflect.TypeFor[T]()), nil
	}
	return string(b), nil
}

func empty(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Slice:
		return "[]"
	case reflect.Map:
		return "{}"
	}
	return "null"
}

// Scan reads stored JSON.
func (j *JSON[T]) Scan(src any) error {
	var zero T
	j.V = zero
	if src == nil {
		return nil
	}
	s, err := text(src)
	if err != nil {
		return fmt.Errorf("scan JSON: %w", err)
	}
	if s == "" {
		return nil
	}
	return json.Unmarshal([]byte(s), &j.V)
}

func text(src any) (string, error) {
	switch v := src.(type) {
	case string:
		return v, nil
	case []byte:
		return string(v), nil
	}
	return "", fmt.Errorf("%T is not text", src)
}

// Collect reads all rows of a query and closes them:
//
//	rows, err := q.QueryContext(ctx, `SELECT …`)
//	list, err := db.Collect(rows, err, scanName)
//
// No row is an empty list, not an error.
func Collect[T any](rows *sql.Rows, err error, scan func(*sql.Rows) (T, error)) ([]T, error) {
	if err != nil {
		return nil, fault(err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, fault(err)
		}
		out = append(out, v)
	}
	return out, fault(rows.Err())
}
