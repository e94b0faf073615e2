package earlyenv

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func TestRestore(t *testing.T) {
	// The test binary links this package: TERM is "dumb" until Restore.
	if got := os.Getenv("TERM"); got != quietTerm {
		t.Fatalf("TERM during initialisation is %q, want %q", got, quietTerm)
	}
	t.Cleanup(func() { set(quietTerm, true) })
	for range 2 {
		Restore()
		if got, ok := os.LookupEnv("TERM"); got != saved || ok != wasSet {
			t.Fatalf("after Restore TERM is %q (set: %t), want %q (set: %t)", got, ok, saved, wasSet)
		}
	}
}

// TestImports holds the package to os: one more import, and the packages that
// query the terminal could be initialised first.
func TestImports(t *testing.T) {
	of := dependencies(t, "os")
	for _, path := range dependencies(t, "certty/config/earlyenv") {
		if path != "certty/config/earlyenv" && !slices.Contains(of, path) {
			t.Errorf("earlyenv depends on %s, which os does not need", path)
		}
	}
}

func dependencies(t *testing.T, path string) []string {
	t.Helper()
	out, err := goCommand(t, "list", "-deps", path).Output()
	if err != nil {
		t.Fatalf("go list -deps %s: %v", path, err)
	}
	return strings.Fields(string(out))
}

// goCommand runs the go command; the test is skipped where there is none.
func goCommand(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("skipped: no go command to build and list with")
	}
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Stderr = os.Stderr
	return cmd
}
