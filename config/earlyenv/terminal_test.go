//go:build unix

package earlyenv

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
)

// TestSilentTerminal starts a program that links Bubble Tea on a terminal that
// never answers, and counts the bytes it writes there.
func TestSilentTerminal(t *testing.T) {
	probe := build(t, "probe")
	for _, tc := range []struct {
		name, report string
		env          []string
	}{
		{"xterm", "before=dumb after=xterm-256color set=true", []string{"TERM=xterm-256color"}},
		{"linux console", "before=dumb after=linux set=true", []string{"TERM=linux"}},
		{"no TERM", "before=dumb after= set=false", nil},
		{"empty TERM", "before=dumb after= set=true", []string{"TERM="}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			session := start(t, probe, tc.env)
			written, err := io.ReadAll(session.terminal)
			if err != nil && !errors.Is(err, syscall.EIO) {
				t.Fatalf("reading the terminal: %v", err)
			}
			if len(written) != 0 {
				t.Errorf("the program wrote %q to the terminal before main", written)
			}
			report, err := io.ReadAll(session.report)
			if err != nil {
				t.Fatalf("reading the report: %v", err)
			}
			if err := session.cmd.Wait(); err != nil {
				t.Fatalf("the probe failed: %v", err)
			}
			if !strings.HasPrefix(string(report), tc.report+" tea.QuitMsg") {
				t.Errorf("the probe saw %q, want %q", report, tc.report)
			}
		})
	}
}

// TestUnguardedTerminal shows that the harness sees the query of a program
// without earlyenv; else zero bytes would prove nothing.
func TestUnguardedTerminal(t *testing.T) {
	session := start(t, build(t, "unguarded"), []string{"TERM=xterm-256color"})
	first := make([]byte, 16)
	n, err := session.terminal.Read(first)
	if err != nil {
		t.Fatalf("no query came (%v): if Bubble Tea stopped asking, earlyenv is not needed any more", err)
	}
	if !bytes.HasPrefix(first[:n], []byte("\x1b]11;?")) {
		t.Errorf("the query is %q, want OSC 11", first[:n])
	}
	// It waits five seconds for an answer that never comes.
	if err := session.cmd.Process.Kill(); err != nil {
		t.Fatalf("ending the unguarded program: %v", err)
	}
	if err := session.cmd.Wait(); err == nil {
		t.Error("the unguarded program ended by itself")
	}
}

// TestInitOrder reads the runtime's own account of the initialisation.
func TestInitOrder(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), build(t, "probe"))
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	cmd.ExtraFiles = []*os.File{null}
	var trace bytes.Buffer
	cmd.Stderr = &trace
	if err := cmd.Run(); err != nil {
		t.Fatalf("probe: %v\n%s", err, &trace)
	}
	var order []string
	for line := range strings.Lines(trace.String()) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "init" {
			order = append(order, fields[1])
		}
	}
	early := slices.Index(order, "certty/config/earlyenv")
	if early < 0 {
		t.Fatalf("earlyenv is missing in %v", order)
	}
	for _, path := range []string{"github.com/charmbracelet/lipgloss", "github.com/charmbracelet/bubbletea"} {
		if slices.Index(order, path) < early {
			t.Errorf("%s is missing or initialised before earlyenv: %v", path, order)
		}
	}
	// What comes first can't ask a terminal anything: it doesn't know of os.
	out, err := goCommand(t, append([]string{"list", "-f", `{{.ImportPath}} {{join .Deps " "}}`}, order[:early]...)...).Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	system := dependencies(t, "os")
	for line := range strings.Lines(string(out)) {
		deps := strings.Fields(line)
		if slices.Contains(deps[1:], "os") && !slices.Contains(system, deps[0]) {
			t.Errorf("%s, which imports os, is initialised before earlyenv", deps[0])
		}
	}
}

// session is a running program, its terminal's other end, and its report.
type session struct {
	cmd              *exec.Cmd
	terminal, report *os.File
}

func start(t *testing.T, program string, env []string) session {
	t.Helper()
	report, end, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer end.Close()
	t.Cleanup(func() { _ = report.Close() })
	cmd := exec.CommandContext(t.Context(), program)
	// termenv asks nothing in CI, under tmux or inside an editor's terminal: the
	// program gets no more of the environment than the case names.
	cmd.Env = append([]string{"HOME=" + t.TempDir()}, env...)
	cmd.ExtraFiles = []*os.File{end}
	terminal, err := pty.Start(cmd)
	if err != nil {
		t.Fatalf("starting %s on a pty: %v", program, err)
	}
	t.Cleanup(func() { _ = terminal.Close() })
	return session{cmd: cmd, terminal: terminal, report: report}
}

func build(t *testing.T, name string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), name)
	if out, err := goCommand(t, "build", "-o", binary, "./testdata/"+name).Output(); err != nil {
		t.Fatalf("go build %s: %v\n%s", name, err, out)
	}
	return binary
}
