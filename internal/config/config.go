// Package config is the settings of a server: declared once, with default and meaning; read from
// flags, the environment and a file, in that order; passed on as a value.
package config

import (
	"fmt"
	"io"
	"log/slog"
	"net/netip"
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

// Proxies are the networks of [Config.TrustedProxies].
func (c Config) Proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range c.TrustedProxies {
		if p, err := netip.ParsePrefix(s); err == nil {
			out = append(out, p.Masked())
			continue
		}
		a, err := netip.ParseAddr(s)
		if err != nil {
			return nil, fmt.Errorf("trusted proxy %q is neither an address nor a network", s)
		}
		out = append(out, netip.PrefixFrom(a, a.BitLen()))
	}
	return out, nil
}

// ShellLang is the language of the shell that a command was typed in: de_DE for "de_DE.UTF-8".
func ShellLang() string {
	l, _, _ := strings.Cut(os.Getenv("LANG"), ".")
	return strings.ReplaceAll(l, "_", "-")
}

// InEnvironment reports whether one of the variables is set.
func InEnvironment(names []string) bool {
	for _, n := range names {
		if _, ok := os.LookupEnv(n); ok {
			return true
		}
	}
	return false
}

// FileOf is the settings file of the data folder that the arguments or the environment name.
func FileOf(args []string) string {
	data := os.Getenv("DEPESCHE_DATA")
	for i, a := range args {
		if a == "--data" && i+1 < len(args) {
			data = args[i+1]
		} else if v, ok := strings.CutPrefix(a, "--data="); ok {
			data = v
		}
	}
	if data == "" {
		data = "data"
	}
	return filepath.Join(data, "depesche.json")
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
