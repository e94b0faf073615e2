package cli

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"certty/ui/cli/command"
	"certty/ui/cli/manual"
)

// pages writes the manual into a folder.
func pages(t *testing.T, root *cobra.Command) []string {
	t.Helper()
	dir := t.TempDir()
	root.SetArgs([]string{"man", dir})
	root.SetOut(io.Discard)
	if err := root.ExecuteContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.1"))
	if err != nil || len(files) != 1+len(manual.Commands(root)) {
		t.Fatalf("%d pages for %d commands, %v", len(files), 1+len(manual.Commands(root)), err)
	}
	return files
}

// TestPagesAreWellFormed: in the source of a page are only the requests that are
// meant, and nothing of the machine or the day that it was made on.
func TestPagesAreWellFormed(t *testing.T) {
	request := regexp.MustCompile(`^\.(TH|SH|TP|PP|nf|fi)( |$)`)
	home, _ := os.UserHomeDir() // none is no reason to fail
	for _, file := range pages(t, tree()) {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(string(source), "\n") {
			switch {
			case strings.HasPrefix(line, ".") && !request.MatchString(line), strings.HasPrefix(line, "'"):
				t.Errorf("%s: a request nobody meant: %s", filepath.Base(file), line)
			case home != "" && home != "/" && strings.Contains(line, home):
				t.Errorf("%s: a path of this machine: %s", filepath.Base(file), line)
			}
		}
	}
}

// TestPagesAreRendered: man shows each word, flag and example as it was written,
// so that it can be copied, and finds nothing to complain of.
func TestPagesAreRendered(t *testing.T) {
	groff, err := exec.LookPath("groff")
	if err != nil {
		t.Skip(err)
	}
	root := tree()
	files := pages(t, root)
	render := exec.CommandContext(t.Context(), groff, append([]string{"-man", "-ww", "-Tutf8", "-P-c", "-rLL=500n", "-rIN=7n"}, files...)...)
	var said strings.Builder
	render.Stderr = &said
	out, err := render.Output()
	if err != nil || said.Len() > 0 {
		t.Fatalf("groff: %v\n%s", err, said.String())
	}
	shown := words(regexp.MustCompile(".\b").ReplaceAllString(string(out), ""))
	for _, cmd := range append([]*cobra.Command{root}, manual.Commands(root)...) {
		texts := append(strings.Split(cmd.Long, "\n"), strings.Split(cmd.Example, "\n")...)
		for _, text := range append(texts, cmd.Short, cmd.UseLine()) {
			if !strings.Contains(shown, words(text)) {
				t.Errorf("%s: not shown as it stands: %s", cmd.CommandPath(), text)
			}
		}
	}
}

// words are those of a text with one blank between them: lines are filled.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }

// TestPagesPassMandoc: mandoc, which shows the pages of BSD, macOS and Alpine,
// warns of nothing and shows each flag.
func TestPagesPassMandoc(t *testing.T) {
	mandoc, err := exec.LookPath("mandoc")
	if err != nil {
		t.Skip(err)
	}
	app := &App{Env: command.Env{Program: command.Program{Version: "v1.2.3", CommitTime: "2026-02-03T04:05:06Z"}}}
	root := app.root()
	files := pages(t, root)
	if out, err := exec.CommandContext(t.Context(), mandoc, append([]string{"-Tlint", "-Wwarning"}, files...)...).CombinedOutput(); err != nil {
		t.Errorf("mandoc: %v\n%s", err, out)
	}
	out, err := exec.CommandContext(t.Context(), mandoc, append([]string{"-Tutf8", "-Owidth=500"}, files...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	shown := words(regexp.MustCompile(".\b").ReplaceAllString(string(out), ""))
	for _, cmd := range manual.Commands(root) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if name := "--" + f.Name; !f.Hidden && f.Name != "help" && !strings.Contains(shown, name) {
				t.Errorf("%s: %s is not shown", cmd.CommandPath(), name)
			}
		})
	}
	if !strings.Contains(shown, "February 3, 2026") && !strings.Contains(shown, "2026-02-03") {
		t.Error("the pages have no date")
	}
}
