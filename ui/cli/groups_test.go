package cli

import (
	"strings"
	"testing"
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
