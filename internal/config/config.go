// Package config is the settings of a server: declared once, with default and meaning; read from
// flags, the environment and a file, in that order; passed on as a value.
package config

import (
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
)

// Config is what an operator may set. Each field's environment variable is DEPESCHE_ and its name.
type Config struct {
	Data           string   `help:"Folder of the database (SQLite) and of all files." default:"data" env:"DEPESCHE_DATA" type:"path"`
	Addr           string   `help:"Address to listen on." default:"127.0.0.1:8080" env:"DEPESCHE_ADDR"`
	Database       string   `help:"postgres://… for PostgreSQL; empty: SQLite in the data folder." env:"DEPESCHE_DATABASE" secret:"password"`
	TrustedProxies []string `help:"Addresses or networks of servers in front, whose X-Forwarded-For counts." env:"DEPESCHE_TRUSTED_PROXIES" placeholder:"NET"`
	MaxUpload      int64    `help:"Largest picture file taken, in megabytes." default:"40" env:"DEPESCHE_MAX_UPLOAD"`
	LogLevel       string   `help:"debug, info, warn or error." default:"info" enum:"debug,info,warn,error" env:"DEPESCHE_LOG_LEVEL"`
	LogFormat      string   `help:"text or json." default:"text" enum:"text,json" env:"DEPESCHE_LOG_FORMAT"`
}

// Default is the configuration of one who sets nothing but the data folder.
func Default(data string) Config {
	return Config{Data: data, Addr: "127.0.0.1:8080", MaxUpload: 40, LogLevel: "info", LogFormat: "text"}
}

// Logger returns the log that the configuration asks for, on w.
func (c Config) Logger(w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		level = slog.LevelInfo
	}
	o := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// Files is the folder of pictures and other files.
func (c Config) Files() string { return filepath.Join(c.Data, "files") }

// Cache is the folder of what can be made again.
func (c Config) Cache() string { return filepath.Join(c.Data, "cache") }

// Print writes what is in force, a line each, with secrets hidden.
func (c Config) Print(w io.Writer) error {
	v := reflect.ValueOf(c)
	for i := range v.NumField() {
		f := v.Type().Field(i)
		value := fmt.Sprint(v.Field(i).Interface())
		if f.Tag.Get("secret") != "" {
			value = withoutPassword(value)
		}
		from := ""
		if env := f.Tag.Get("env"); env != "" && os.Getenv(env) != "" {
			from = "  (from " + env + ")"
		}
		if _, err := fmt.Fprintf(w, "%-16s %s%s\n%16s %s\n", f.Name, value, from, "", f.Tag.Get("help")); err != nil {
			return err
		}
	}
	return nil
}

// withoutPassword hides the password of an address.
func withoutPassword(s string) string {
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme == "" {
		return "(set)"
	}
	q := u.Query()
	for k := range q {
		if strings.Contains(strings.ToLower(k), "password") {
			q.Set(k, "xxxxx")
		}
	}
	u.RawQuery = q.Encode()
	return u.Redacted()
}
