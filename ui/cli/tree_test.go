package cli

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"certty/ui/cli/command"
	"certty/ui/cli/manual"
)

var update = flag.Bool("update", false, "write docs/commands.md")

func tree() *cobra.Command {
	a := &App{Env: command.Env{Program: command.Program{Version: "devel"}}}
	return a.root()
}

// TestEveryCommandExplainsItself walks the tree: who types --help gets what it
// does, how it ends and an example.
func TestEveryCommandExplainsItself(t *testing.T) {
	root := tree()
	for _, cmd := range manual.Commands(root) {
		path := cmd.CommandPath()
		switch {
		case strings.HasPrefix(path, "certty completion"):
			continue // cobra's own
		case cmd.Short == "" || strings.HasSuffix(cmd.Short, ".") || len(cmd.Short) > 76:
			t.Errorf("%s: short text %q", path, cmd.Short)
		case cmd.Long == "" || cmd.Long == cmd.Short:
			t.Errorf("%s has no long text", path)
		case cmd.Example == "" && !cmd.HasSubCommands():
			t.Errorf("%s has no example", path)
		case cmd.Example != "" && !strings.Contains(cmd.Example, path):
			t.Errorf("%s: the example is of another command:\n%s", path, cmd.Example)
		case cmd.Args == nil && cmd.Runnable():
			t.Errorf("%s does not say which arguments it takes", path)
		}
		for line := range strings.SplitSeq(cmd.Long, "\n") {
			if len(line) > 110 {
				t.Errorf("%s: a line of %d characters: %s", path, len(line), line)
			}
		}
		for line := range strings.SplitSeq(cmd.Example, "\n") {
			if line != "" && !strings.HasPrefix(line, "  ") {
				t.Errorf("%s: the example is not indented: %q", path, line)
			}
		}
	}
}

// TestExamplesParse: what the examples show can be typed.
func TestExamplesParse(t *testing.T) {
	for _, cmd := range manual.Commands(tree()) {
		for line := range strings.SplitSeq(cmd.Example, "\n") {
			args, ok := typed(line)
			if !ok {
				continue
			}
			found, rest, err := tree().Find(args)
			if err != nil || found.CommandPath() == "certty" && len(args) > 0 && !strings.HasPrefix(args[0], "-") {
				t.Errorf("%s: no command: %s", cmd.CommandPath(), line)
				continue
			}
			if err := found.ParseFlags(rest); err != nil {
				t.Errorf("%s: %v in %s", cmd.CommandPath(), err, line)
				continue
			}
			if found.Args != nil {
				if err := found.ValidateArgs(found.Flags().Args()); err != nil {
					t.Errorf("%s: %v in %s", cmd.CommandPath(), err, line)
				}
			}
		}
	}
}

// typed are the arguments of a simple line that calls certty; ok is false for
// every other line.
func typed(line string) (args []string, ok bool) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(line), "certty")
	if !ok || rest != "" && rest[0] != ' ' || strings.ContainsAny(rest, `"'\$`) {
		return nil, false
	}
	if i := strings.IndexAny(rest, "|<>&#"); i >= 0 {
		rest = rest[:i]
	}
	return strings.Fields(rest), true
}

// TestDocs: docs/commands.md says what the commands say.
func TestDocs(t *testing.T) {
	var page bytes.Buffer
	if err := manual.Page(&page, tree()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("..", "..", "docs", "commands.md")
	if *update {
		if err := os.WriteFile(path, page.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, page.Bytes()) {
		t.Error("docs/commands.md is stale: go test ./ui/cli -run TestDocs -update")
	}
}
