// Package config is the settings of a server: declared once, with default and meaning; read from
// flags, the environment and a file, in that order; passed on as a value.
package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
)

// Config is what an operator may set. Each field's environment variable is DEPESCHE_ and its name.
type Config struct {
	Store
	Addr           string   `help:"Address to listen on." default:"127.0.0.1:8080" env:"DEPESCHE_ADDR"`
	TrustedProxies []string `help:"Addresses or networks of servers in front, whose X-Forwarded-For counts." env:"DEPESCHE_TRUSTED_PROXIES" placeholder:"NET"`
	TLSAddr        string   `help:"Address to listen on for HTTPS, as :443; without it, servers in front speak TLS." env:"DEPESCHE_TLS_ADDR" placeholder:"ADDR"`
	TLSCert        string   `help:"File of the certificate and its chain, for HTTPS." env:"DEPESCHE_TLS_CERT" type:"path" placeholder:"FILE"`
	TLSKey         string   `help:"File of its key." env:"DEPESCHE_TLS_KEY" type:"path" placeholder:"FILE"`
	ACMEHosts      []string `help:"Names to obtain certificates for, instead of files." env:"DEPESCHE_ACME_HOSTS" placeholder:"NAME"`
	ACMEEmail      string   `help:"Where the authority may write to." env:"DEPESCHE_ACME_EMAIL" placeholder:"ADDRESS"`
	ACMEDirectory  string   `help:"The authority that certificates are obtained from; empty: Let's Encrypt." env:"DEPESCHE_ACME_DIRECTORY" placeholder:"URL"`
	KeepNothing    bool     `help:"Leave nothing on readers' devices for reading without a connection, and remove what was left there." env:"DEPESCHE_KEEP_NOTHING"`
	Front          string   `help:"What stands in front and keeps pages: varnish, fastly, cloudflare, hook; empty: it asks each time." env:"DEPESCHE_FRONT" placeholder:"KIND"`
	FrontURL       []string `help:"Where it is told what to forget." env:"DEPESCHE_FRONT_URL" placeholder:"URL"`
	FrontToken     string   `help:"What it knows us by." env:"DEPESCHE_FRONT_TOKEN" placeholder:"TOKEN" secret:"whole"`
	PageCache      int64    `help:"Megabytes of readers' pages kept in memory." default:"48" env:"DEPESCHE_PAGE_CACHE"`
	LiveTotal      int      `help:"Open pages of running stories that this node tells what happens, at most." default:"20000" env:"DEPESCHE_LIVE_TOTAL"`
	LiveEach       int      `help:"The same of one address; many readers share one behind a telephone company." default:"1000" env:"DEPESCHE_LIVE_EACH"`
	MaxUpload      int64    `help:"Largest picture file taken, in megabytes, up to 40." default:"40" env:"DEPESCHE_MAX_UPLOAD"`
}

// Store is the part of it that says where the paper is: what every command needs.
type Store struct {
	Data      string `help:"Folder of the database (SQLite) and of all files." default:"data" env:"DEPESCHE_DATA" type:"path"`
	Database  string `help:"postgres://… for PostgreSQL; empty: SQLite in the data folder." env:"DEPESCHE_DATABASE" placeholder:"URL" secret:"password"`
	SecretKey string `help:"Secret that the keys of translation engines are sealed with, 32 characters or more; empty: a file in the data folder." env:"DEPESCHE_SECRET_KEY" placeholder:"SECRET" secret:"whole"`
	LogLevel  string `help:"debug, info, warn or error." default:"info" enum:"debug,info,warn,error" env:"DEPESCHE_LOG_LEVEL"`
	LogFormat string `help:"text or json." default:"text" enum:"text,json" env:"DEPESCHE_LOG_FORMAT"`
}

// Validate refuses what can't be held: the library takes no larger files, and TLS needs a certificate.
func (c Config) Validate() error {
	return errors.Join(CheckMaxUpload(c.MaxUpload), c.checkCache(), c.checkTLS())
}

// checkTLS wants certificates from one place, or from nowhere.
func (c Config) checkTLS() error {
	files, acme := c.TLSCert != "" || c.TLSKey != "", len(c.ACMEHosts) > 0
	switch {
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return errors.New("--tls-cert and --tls-key: a certificate needs its key, and a key its certificate")
	case files && acme:
		return errors.New("--acme-hosts: with --tls-cert there is a certificate already; give one of both")
	case c.TLSAddr != "" && !c.TLS():
		return errors.New("--tls-addr: HTTPS needs a certificate; give --acme-hosts, or --tls-cert and --tls-key")
	}
	return nil
}

// TLS reports whether there are certificates to speak HTTPS with.
func (c Config) TLS() bool { return c.TLSCert != "" || len(c.ACMEHosts) > 0 }

// Certificates is the folder of those that are obtained, and their keys.
func (c Config) Certificates() string { return filepath.Join(c.Data, "certificates") }

// checkCache wants room for some pages at least.
func (c Config) checkCache() error {
	if c.PageCache < 1 || c.PageCache > 1<<20 {
		return fmt.Errorf("--page-cache: from 1 megabyte on, not %d", c.PageCache)
	}
	return nil
}

// CheckMaxUpload says whether pictures of so many megabytes can be taken.
func CheckMaxUpload(mb int64) error {
	if mb < 1 || mb > 40 {
		return fmt.Errorf("--max-upload: from 1 to 40 megabytes, not %d", mb)
	}
	return nil
}

// Config is the configuration of one who sets nothing but the store.
func (s Store) Config() Config {
	c := Default(s.Data)
	c.Store = s
	return c
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

// CheckFile refuses a settings file that isn't JSON or has a setting that there isn't: one that is
// mistyped would be silently without effect.
func CheckFile(b []byte) error {
	var values map[string]json.RawMessage
	if err := json.Unmarshal(b, &values); err != nil {
		return fmt.Errorf("it isn't JSON as in {\"addr\": \"127.0.0.1:8090\"}: %w", err)
	}
	var known []string
	for _, f := range fields() {
		known = append(known, strings.TrimPrefix(strings.ToLower(f.Tag.Get("env")), "depesche_"))
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !slices.Contains(known, name) {
			return fmt.Errorf("there is no setting %q; there are %s", name, strings.Join(known, ", "))
		}
	}
	return nil
}

// fields are all settings.
func fields() []reflect.StructField {
	return slices.DeleteFunc(reflect.VisibleFields(reflect.TypeFor[Config]()), func(f reflect.StructField) bool { return f.Anonymous })
}

// Default is the configuration of one who sets nothing but the data folder.
func Default(data string) Config {
	return Config{Store: Store{Data: data, LogLevel: "info", LogFormat: "text"}, Addr: "127.0.0.1:8080", PageCache: 48, MaxUpload: 40}
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

// Fonts is the folder of fonts that the operator adds, for scripts that the binary has none of. It
// needn't be there.
func (c Config) Fonts() string { return filepath.Join(c.Data, "fonts") }

// Print writes what is in force, a line each, with secrets hidden. from tells where the value of a
// field comes from, or "".
func (c Config) Print(w io.Writer, from func(field string) string) error {
	v := reflect.ValueOf(c)
	for _, f := range fields() {
		value := fmt.Sprint(v.FieldByIndex(f.Index).Interface())
		switch f.Tag.Get("secret") {
		case "password":
			value = withoutPassword(value)
		case "whole":
			if value != "" {
				value = "(set)"
			}
		}
		if where := from(f.Name); where != "" {
			value += "  (from " + where + ")"
		}
		if _, err := fmt.Fprintf(w, "%-16s %s\n%16s %s\n", f.Name, value, "", f.Tag.Get("help")); err != nil {
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
