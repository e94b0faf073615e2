//go:build unix

package ptytest

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// builds are the programs that this test process has built, by package.
var builds struct {
	sync.Mutex
	dir  string // of the binaries; empty outside of Main
	done map[string]func() (string, error)
}

// Main runs a package's tests and removes what they built. A package that calls
// [Build] needs it:
//
//	func TestMain(m *testing.M) { os.Exit(ptytest.Main(m)) }
func Main(m *testing.M) int {
	flag.Parse()
	if err := checkShake(); err != nil {
		fmt.Fprintln(os.Stderr, "ptytest:", err)
		return 2
	}
	// A job in a shell's background ignores these, and so would the programs that
	// it starts: what is ignored is inherited, what is caught is not.
	for _, s := range []os.Signal{syscall.SIGINT, syscall.SIGQUIT, syscall.SIGHUP} {
		if signal.Ignored(s) {
			signal.Notify(make(chan os.Signal, 1), s)
		}
	}
	dir, err := os.MkdirTemp("", "certty-ptytest-")
	if err != nil {
		panic("ptytest: " + err.Error())
	}
	defer func() { _ = os.RemoveAll(dir) }() // the tests' result matters more
	builds.dir, builds.done = dir, make(map[string]func() (string, error))
	return m.Run()
}

// Build builds the main package at the root of the module, once for each test
// process and, unless the program is shaken, without the race detector. It
// returns the path of the program, which is called name.
func Build(tb testing.TB, name string) string {
	tb.Helper()
	root, err := exec.CommandContext(tb.Context(), "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		tb.Fatalf("find the module's root: %v", err)
	}
	return build(tb, name, strings.TrimSpace(string(root)))
}

// BuildPackage is [Build] for the main package in a directory, which gives the
// program its name.
func BuildPackage(tb testing.TB, dir string) string {
	tb.Helper()
	abs, err := filepath.Abs(dir)
	if err != nil {
		tb.Fatalf("find the package %s: %v", dir, err)
	}
	return build(tb, filepath.Base(abs), abs)
}

func build(tb testing.TB, name, dir string) string {
	tb.Helper()
	builds.Lock()
	if builds.dir == "" {
		builds.Unlock()
		tb.Fatal("ptytest: call ptytest.Main in TestMain")
	}
	out := filepath.Join(builds.dir, name)
	once, ok := builds.done[out]
	if !ok {
		once = sync.OnceValues(func() (string, error) {
			// Not the test's context: the program outlives the test that
			// happens to be the first to want it.
			cmd := exec.Command("go", "build", raceFlag(), "-o", out, ".")
			cmd.Dir = dir
			said, err := cmd.CombinedOutput()
			return string(said), err
		})
		builds.done[out] = once
	}
	builds.Unlock()
	if said, err := once(); err != nil {
		tb.Fatalf("build %s: %v\n%s", dir, err, said)
	}
	return out
}
