package cli

import (
	"strings"
	"testing"

	"certty/ui/cli/command"
)

// TestEveryCommandIsInAGroup: the help lists each with its like.
func TestEveryCommandIsInAGroup(t *testing.T) {
	for _, cmd := range tree().Commands() {
		if cmd.GroupID == "" && cmd.IsAvailableCommand() {
			t.Errorf("%s is in no group: name it in groups.go", cmd.Name())
		}
	}
	if usage := tree().UsageString(); strings.Contains(usage, "Additional Commands") || !strings.Contains(usage, "Explain:") {
		t.Errorf("the groups are not shown:\n%s", usage)
	}
}

// TestNearCommands: a slip names what it may have been meant for.
func TestNearCommands(t *testing.T) {
	for typed, want := range map[string]string{"statsu": "status", "chek": "check", "metric": "metrics", "xyzzy": ""} {
		root := tree()
		root.SetArgs([]string{typed})
		err := root.Execute()
		if command.ExitCode(err) != command.ExitUsage || strings.Contains(err.Error(), "near are") != (want != "") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", typed, err)
		}
	}
}
