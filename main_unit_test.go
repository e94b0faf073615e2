package main

import (
	"strings"
	"testing"
)

// TestUnits: systemd has nothing against the units of docs/monitoring.md, and
// rates what the service may do as little (below 4 of 10).
func TestUnits(t *testing.T) {
	t.Parallel()
	analyze := tool(t, "systemd-analyze")
	b := &bench{dir: t.TempDir()}
	b.program = b.path("certty")
	b.run(t, "install", "-m", "755", "/dev/null", b.program)
	b.write(t, "certty-metrics.service", b.localized(sample(t, "monitoring.md", "Type=oneshot")))
	b.write(t, "certty-metrics.timer", sample(t, "monitoring.md", "OnUnitActiveSec=5min"))
	if said := b.run(t, analyze, "verify", "./certty-metrics.service", "./certty-metrics.timer"); strings.Contains(said, "certty") {
		t.Error(said)
	}
	b.run(t, analyze, "security", "--offline=true", "--threshold=40", "./certty-metrics.service")
}
