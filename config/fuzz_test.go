package config

import (
	"strings"
	"testing"
)

func FuzzParse(f *testing.F) {
	f.Add([]byte(parsed))
	f.Add(Example())
	f.Add([]byte("targets: &a [{name: x, credential: &b {secret: *b}}, *a]\n<<: *a\n"))
	f.Add([]byte("? a\n: |\n  b\n---\n!!binary x"))
	f.Fuzz(func(t *testing.T, data []byte) {
		cfg, err := Parse("/c.yaml", data)
		if err == nil {
			for _, target := range cfg.Targets {
				if !namePattern.MatchString(target.Name) || !strings.HasPrefix(target.URL, "https://") {
					t.Errorf("an invalid target was taken: %+v", target)
				}
			}
			return
		}
		for line := range strings.Lines(err.Error()) {
			if !strings.HasPrefix(line, "/c.yaml:") && !strings.HasPrefix(line, "configuration:") {
				t.Errorf("a problem without a place: %q", line)
			}
		}
	})
}

func FuzzVaultURL(f *testing.F) {
	for _, seed := range []string{"https://contoso.vault.azure.net", "contoso", "https://[::1]:1/", "https://u:p@h?q#f"} {
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, raw string, authority bool) {
		v, problem := parseVaultURL(raw, authority)
		if problem != "" {
			return
		}
		again, problem := parseVaultURL(v.address, authority)
		if problem != "" || again != v {
			t.Errorf("%q gives %+v, which gives %+v and %q", raw, v, again, problem)
		}
	})
}
