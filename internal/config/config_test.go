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
