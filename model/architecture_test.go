package model_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// rooms are the packages of certty and what each may import of the others:
// main -> ui -> backend -> model, config apart, no adapter beside another one.
// The longest path that fits counts. "..." stands for everything below. It is
// the same order that .golangci.yml has; a linter can be silenced by a comment,
// this can't.
var rooms = []struct {
	path string
	may  []string
	// tests may import these as well.
	tests []string
}{
	{path: "certty", may: []string{"certty/..."}},
	{path: "certty/config", may: []string{"certty/config/..."}},
	{path: "certty/config/earlyenv"},
	{path: "certty/model", may: []string{"certty/model/..."}},
	{path: "certty/backend", may: []string{"certty/model", "certty/backend/text"}},
	{path: "certty/backend/text"},
	{path: "certty/backend/backendtest", may: append(capabilities, "certty/backend/backendtest")},
	// It is what the adapters that talk HTTP share, and knows none of them.
	{path: "certty/backend/wire", may: capabilities},
	{path: "certty/backend/vault", may: append(capabilities, "certty/backend/wire", "certty/backend/vault/..."), tests: services},
	{path: "certty/backend/scm", may: append(capabilities, "certty/backend/wire", "certty/backend/scm/..."), tests: services},
	{path: "certty/backend/sandbox", may: append(capabilities, "certty/backend/sandbox/..."), tests: services},
	{path: "certty/backend/poll", may: append(capabilities, "certty/backend/poll/..."), tests: services},
	{path: "certty/backend/guard", may: append(capabilities, "certty/backend/guard/..."), tests: services},
	{path: "certty/backend/store", may: append(capabilities, "certty/backend/store/..."), tests: services},
	{path: "certty/backend/keystore", may: []string{"certty/backend/keystore"}},
	// It is written against the capabilities, like what joins two backends.
	{path: "certty/backend/repository", may: append(capabilities, "certty/backend/keystore", "certty/backend/repository/..."), tests: services},
	{path: "certty/backend/staging"},
	// It takes what the repository delivers.
	{path: "certty/backend/deploy", may: append(capabilities, "certty/backend/repository", "certty/backend/staging", "certty/backend/deploy"), tests: services},
	// It keeps what it learns as the poller does.
	{path: "certty/backend/pass", may: append(capabilities, "certty/backend/poll", "certty/backend/pass"), tests: services},
	{path: "certty/backend/doctor", may: append(capabilities, "certty/backend/wire", "certty/backend/doctor"), tests: services},
	// The screens subscribe to the poller and work with the repository; main gives
	// them everything else.
	{path: "certty/ui", may: append(capabilities, "certty/backend/poll", "certty/backend/repository", "certty/backend/keystore", "certty/backend/staging", "certty/ui/..."), tests: services},
	// main's joining room: it brings adapters, pollers and screens together, so
	// that main itself stays flags, configuration and face. Only main may
	// import it, see TestDirections.
	{path: joiningRoom, may: []string{"certty/..."}},
	{path: "certty/ui/widget", may: []string{"certty/backend/text", "certty/ui/widget/...", "certty/ui/theme", "certty/ui/keys", "certty/ui/input"}},
	{path: "certty/ui/theme", may: []string{"certty/ui/theme"}},
	// The commands without a screen include `certty sandbox`.
	{path: "certty/ui/cli", may: append(capabilities, "certty/backend/sandbox/...", "certty/backend/store", "certty/backend/pass", "certty/backend/repository",
		"certty/backend/keystore", "certty/backend/staging", "certty/backend/guard", "certty/backend/doctor", "certty/config", "certty/ui/cli/..."), tests: services},
}

// joiningRoom is the one package beside main that meets every adapter.
const joiningRoom = "certty/ui/console"

var (
	// capabilities are what every adapter and screen is written against.
	capabilities = []string{"certty/model/...", "certty/backend", "certty/backend/text"}
	// services are what a test may stand on: the real neighbours.
	services = []string{"certty/backend/...", "certty/config/..."}
)

// homes say where a library may be imported. The first of its homes that fits
// counts; an "!" in front closes it.
var homes = []struct {
	library string
	homes   []string
	// reach is true where the library must not be reached through others either.
	reach bool
}{
	{library: "github.com/charmbracelet/bubbletea", homes: []string{"!certty/ui/cli/...", "certty/ui/..."}},
	{library: "github.com/charmbracelet/bubbles/...", homes: []string{"!certty/ui/cli/...", "certty/ui/..."}},
	{library: "github.com/charmbracelet/lipgloss", homes: []string{"!certty/ui/cli/...", "certty/ui/..."}},
	{library: "github.com/charmbracelet/lipgloss", homes: []string{"!certty/ui/cli/...", "certty/ui/...", "certty"}, reach: true},
	{library: "github.com/Azure/...", homes: []string{"certty/backend/vault/..."}},
	{library: "modernc.org/sqlite/...", homes: []string{"certty/backend/store/..."}},
	{library: "database/sql", homes: []string{"certty/backend/store/..."}},
	{library: "github.com/youmark/pkcs8", homes: []string{"certty/backend/keystore/..."}},
	{library: "github.com/pavlo-v-chernykh/keystore-go/v4", homes: []string{"certty/backend/keystore/..."}},
	{library: "github.com/adrg/xdg", homes: []string{"certty/config/..."}},
	{library: "github.com/itchyny/gojq", homes: []string{"certty/ui/cli/output/..."}},
	{library: "github.com/spf13/cobra", homes: []string{"certty", "certty/ui/cli/..."}},
	{library: "net/http", homes: []string{"!certty/model/...", "!certty/ui/view/...", "!certty/ui/widget/...", "certty/..."}},
	// A model without clocks and files is a model that can be trusted in tests.
	{library: "os/exec", homes: []string{"!certty/model/...", "certty/..."}, reach: true},
	{library: "math/rand", homes: nil},
	{library: "github.com/charmbracelet/log", homes: nil, reach: true},
	// Its linter reads what certty writes, in a test.
	{library: "github.com/prometheus/...", homes: nil, reach: true},
}

// listed is what go list tells of a package.
type listed struct {
	ImportPath, Dir, Doc      string
	GoFiles                   []string
	Imports, Deps             []string
	TestImports, XTestImports []string
}

// packages lists the module's packages.
func packages(t *testing.T) []listed {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("skipped: no go command to list the packages with")
	}
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json", "certty/...")
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, complaint.String())
	}
	var all []listed
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("reading go list: %v", err)
		}
		all = append(all, p)
	}
	if len(all) < 5 {
		t.Fatalf("go list names %d packages only", len(all))
	}
	return all
}

// within reports whether a package is what a pattern names.
func within(path, pattern string) bool {
	base, below := strings.CutSuffix(pattern, "/...")
	return path == base || below && strings.HasPrefix(path, base+"/")
}

func anyWithin(path string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return within(path, pattern) })
}

func TestDirections(t *testing.T) {
	for _, p := range packages(t) {
		best := -1
		for i, room := range rooms {
			if within(p.ImportPath, room.path+"/...") && (best < 0 || len(room.path) > len(rooms[best].path)) {
				best = i
			}
		}
		room := rooms[best]
		if room.path == "certty" && p.ImportPath != "certty" {
			t.Errorf("%s is in no room: give it one in the table above", p.ImportPath)
			continue
		}
		for _, path := range p.Imports {
			if within(path, "certty/...") && !anyWithin(path, room.may) {
				t.Errorf("%s imports %s, it may import %v", p.ImportPath, path, room.may)
			}
			if path == joiningRoom && p.ImportPath != "certty" {
				t.Errorf("%s imports %s, which is main's: through it a screen would meet the adapters", p.ImportPath, path)
			}
		}
		for _, path := range slices.Concat(p.TestImports, p.XTestImports) {
			own := within(path, p.ImportPath+"/...")
			if within(path, "certty/...") && !own && !anyWithin(path, room.may) && !anyWithin(path, room.tests) {
				t.Errorf("a test of %s imports %s, it may import %v and %v", p.ImportPath, path, room.may, room.tests)
			}
		}
	}
}

func TestLibrariesStayHome(t *testing.T) {
	for _, p := range packages(t) {
		for _, rule := range homes {
			if at := slices.IndexFunc(rule.homes, func(home string) bool {
				return within(p.ImportPath, strings.TrimPrefix(home, "!"))
			}); at >= 0 && !strings.HasPrefix(rule.homes[at], "!") {
				continue
			}
			imports, verb := p.Imports, "imports"
			if rule.reach {
				imports, verb = p.Deps, "reaches"
			}
			for _, path := range imports {
				if within(path, rule.library) {
					t.Errorf("%s %s %s, which is at home in %v", p.ImportPath, verb, path, rule.homes)
				}
			}
		}
	}
}

// TestPackages holds every package to a name that says what it is, to a comment
// that a newcomer can start from, and to files that can be read in one go.
func TestPackages(t *testing.T) {
	const longest = 400
	for _, p := range packages(t) {
		name := p.ImportPath[strings.LastIndexByte(p.ImportPath, '/')+1:]
		if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "types", "misc", "shared", "base"}, name) {
			t.Errorf("%s: the name says nothing", p.ImportPath)
		}
		if p.Doc == "" {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
		for _, file := range p.GoFiles {
			data, err := os.ReadFile(filepath.Join(p.Dir, file))
			if err != nil {
				t.Errorf("%v", err)
				continue
			}
			if lines := strings.Count(string(data), "\n"); lines > longest {
				t.Errorf("%s/%s has %d lines, at most %d", p.ImportPath, file, lines, longest)
			}
		}
	}
}
