package main

import (
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// tagging switches the setting operation_tag on for the vault "prod".
func tagging(ts *testscript.TestScript, _ bool, _ []string) {
	file := ts.Getenv("CONFIG")
	const kind = "  - name: prod\n    kind: vault\n"
	before, after, found := strings.Cut(ts.ReadFile(file), kind)
	if !found {
		ts.Fatalf("the vault is not configured")
	}
	ts.Check(os.WriteFile(file, []byte(before+kind+"    operation_tag: true\n"+after), 0o600))
}
