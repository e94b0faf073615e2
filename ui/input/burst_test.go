package input

import (
	"fmt"
	"strings"
	"testing"
)

func TestParserBurst(t *testing.T) {
	const pem = "-----BEGIN CERTIFICATE-----\rMIIBszCCAVmgAwIBAgIUQ\r-----END CERTIFICATE-----\r"
	tests := []struct {
		name  string
		steps []string
		want  string
	}{
		{"certificate", []string{pem, pause, "j"}, fmt.Sprintf(`burst(%q) "j"`, pem)},
		{"certificate in two reads", []string{pem[:70], pem[70:], pause}, fmt.Sprintf(`burst(%q)`, pem)},
		{"two lines, LF", []string{"ab\ncd\n", pause}, `burst("ab\ncd\n")`},
		{"two lines, CR LF", []string{"ab\r\ncd\r\n", pause}, `burst("ab\r\ncd\r\n")`},
		{"a marked paste after it", []string{pem, "x\x1b[200~y\x1b[201~"},
			fmt.Sprintf(`burst(%q) paste("y")`, pem+"x")},
		{"too long", []string{pem, strings.Repeat("a", MaxPaste), pause, "j"}, `burst+long("") "j"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := strings.Join(play(&parser{}, tt.steps...), " ")
			if got != tt.want {
				t.Errorf("got %.300s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestLooksPasted(t *testing.T) {
	typed := map[string]string{
		"a key":                        "j",
		"CR LF":                        "\r\n",
		"a word":                       "shop-example-com",
		"a word and Enter":             "shop-example-com\r",
		"a command and Enter":          ":certs\r",
		"a held key":                   strings.Repeat("j", 300),
		"a held wide key":              strings.Repeat("証", 100),
		"a held Enter":                 strings.Repeat("\r", 50),
		"a held Escape":                strings.Repeat("\x1b", 50),
		"a held arrow":                 strings.Repeat("\x1b[B", 100),
		"two held keys":                strings.Repeat("j", 80) + strings.Repeat("k", 80),
		"two held arrows":              strings.Repeat("\x1b[B", 80) + strings.Repeat("\x1b[A", 80),
		"a held mouse wheel":           strings.Repeat("\x1b[<64;10;20M", 50),
		"a held backspace":             strings.Repeat("\x7f", 100),
		"menu by arrows and Enter":     "\r\x1b[B\x1b[B\r\x1b[B\r",
		"the same key and Enter":       "j\rj\rj\r",
		"a key and a held Enter":       "y\r\r\r\r",
		"a sentence below the limit":   "The quick brown fox jumps over the lazy dog, and then again.",
		"a marked paste is not judged": "ab\rcd\r\x1b[200~x\r\r\x1b[201~",
	}
	for name, chunk := range typed {
		// A marked paste holds escape sequences; the rest is judged whole.
		if looksPasted([]byte(chunk)) {
			t.Errorf("%s: taken for a paste", name)
		}
	}
	pasted := map[string]string{
		"two lines":             "ab\rcd\r",
		"two lines, LF":         "ab\ncd\n",
		"two lines, CR LF":      "ab\r\ncd\r\n",
		"indented lines":        "a:\r\tb: c\r\td: e",
		"a long line":           "MIIBszCCAVmgAwIBAgIUQxXwZs3sD9zv7Ck1t0bJ3cD8e4YwCgYIKoZIzj0EAwIwLzEt",
		"wide text":             strings.Repeat("証明書社内", 10),
		"text with one control": "rm -rf x\rls\x01\ry\r",
	}
	for name, chunk := range pasted {
		if !looksPasted([]byte(chunk)) {
			t.Errorf("%s: taken for typing", name)
		}
	}
}
