package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"certty/backend/sandbox"
	"certty/backend/sandbox/keypool"
)

// clockAhead, in the environment, makes the test program certty, with a clock that
// is so far ahead.
const clockAhead = "CERTTY_TEST_CLOCK_AHEAD"

// workshop is the folder of what all tests share; it goes with the last one.
var workshop string

func TestMain(m *testing.M) {
	if by, err := time.ParseDuration(os.Getenv(clockAhead)); err == nil {
		os.Exit(run(func() time.Time { return time.Now().Add(by) }))
	}
	isolate()
	code, err := inWorkshop(m)
	if err != nil {
		panic(err)
	}
	os.Exit(code)
}

// isolate keeps what a person, or a runner of tests, has set for certty and for
// the libraries in it from every program that the tests start.
func isolate() {
	for _, set := range os.Environ() {
		name, _, _ := strings.Cut(set, "=")
		switch upper := strings.ToUpper(name); {
		case strings.HasPrefix(upper, "CERTTY_"), strings.HasPrefix(upper, "AZURE_"), strings.HasPrefix(upper, "SSL_CERT_"),
			strings.HasSuffix(upper, "_PROXY"), upper == "VAULT_URL", upper == "NO_COLOR":
			_ = os.Unsetenv(name) // the name is one that is set
		}
	}
}

func inWorkshop(m *testing.M) (code int, err error) {
	if workshop, err = os.MkdirTemp("", "certty-test-"); err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(workshop)) }()
	return m.Run(), nil
}

// built is a folder with the program in it, without the race detector: a script
// starts it dozens of times. What runs beside each other in commands is run in
// one process by the tests of its package.
func built(t *testing.T) string {
	t.Helper()
	dir, err := program()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

var program = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(workshop, "bin")
	build := exec.CommandContext(context.Background(), "go", "build", "-o", filepath.Join(dir, "certty"), ".")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return dir, nil
})

// seeded is the state of a sandbox that is full of things, to be copied.
var seeded = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(workshop, "seeded")
	box, err := sandbox.Start(context.Background(), sandbox.Options{Dir: dir, RSAKeys: keypool.Lend()})
	if err != nil {
		return "", err
	}
	return dir, errors.Join(box.Seed(context.Background()), box.Close())
})

// seed copies that state into a folder.
func seed(dir string) error {
	from, err := seeded()
	if err != nil {
		return err
	}
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		return err
	}
	return os.Chmod(dir, 0o700)
}
