package config

import (
	"bytes"
	"strings"
	"testing"
)

func TestPrintHidesSecrets(t *testing.T) {
	c := Default("/srv/paper")
	c.SecretKey = "vault://Geheim1-0123456789-0123456789-0123"
	for _, dsn := range []string{"postgres://depesche:Geheim1@localhost/paper", "postgres://localhost/paper?user=x&password=Geheim1", "host=x password=Geheim1"} {
		c.Database = dsn
		var b bytes.Buffer
		if err := c.Print(&b, func(string) string { return "" }); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "Geheim1") {
			t.Errorf("%s shows its password:\n%s", dsn, &b)
		}
		if !strings.Contains(b.String(), "/srv/paper") {
			t.Error("the data folder is missing")
		}
	}
}

func TestCertificatesComeFromOnePlace(t *testing.T) {
	hosts := []string{"paper.example"}
	for name, c := range map[string]struct {
		set func(*Config)
		ok  bool
	}{
		"none":           {func(*Config) {}, true},
		"files":          {func(c *Config) { c.TLSAddr, c.TLSCert, c.TLSKey = ":443", "a.pem", "a.key" }, true},
		"obtained":       {func(c *Config) { c.TLSAddr, c.ACMEHosts = ":443", hosts }, true},
		"no address":     {func(c *Config) { c.ACMEHosts = hosts }, true}, // of a socket that systemd holds
		"no certificate": {func(c *Config) { c.TLSAddr = ":443" }, false},
		"no key":         {func(c *Config) { c.TLSAddr, c.TLSCert = ":443", "a.pem" }, false},
		"key alone":      {func(c *Config) { c.TLSAddr, c.TLSKey = ":443", "a.key" }, false},
		"both":           {func(c *Config) { c.TLSAddr, c.TLSCert, c.TLSKey, c.ACMEHosts = ":443", "a.pem", "a.key", hosts }, false},
	} {
		cfg := Default(t.TempDir())
		c.set(&cfg)
		if err := cfg.Validate(); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
