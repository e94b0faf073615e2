package walk

import (
	"path/filepath"
	"strings"
	"testing"

	"certty/ui/ptytest"
)

// TestTypo: a configuration with typos is told line by line, on the terminal as
// it was, and nothing is started or made.
func TestTypo(t *testing.T) {
	h := newHome(t)
	path := h.write("config/certty/config.yaml", `targets:
  - name: prod
    kind: vault
    url: https://contoso.vault.azure.net
    ca_fle: proxy.pem
    credential: {kind: client-secrt}
theme: drak
`)
	term := h.startWith(ptytest.Options{Path: ptytest.Build(t, "certty"), Cols: 250, Rows: 24})
	if code := term.Wait(); code != 2 {
		t.Errorf("exit code %d, want 2", code)
	}
	said := string(term.Output())
	for _, text := range []string{
		path + ":5:5: targets[0].ca_fle: unknown setting", "did you mean ca_file?",
		path + `:6:24: targets[0].credential.kind: "client-secrt" is not known`, "did you mean client-secret?",
		path + `:7:8: theme: "drak" is not known`, "did you mean dark?",
	} {
		if !strings.Contains(said, text) {
			t.Errorf("%q is not said:\n%s", text, said)
		}
	}
	if strings.Contains(said, "\x1b") {
		t.Errorf("the screen was taken: %q", said)
	}
	if left, err := filepath.Glob(filepath.Join(h.dir, "state", "*")); err != nil || len(left) != 0 {
		t.Errorf("made: %v, %v", left, err)
	}
}
