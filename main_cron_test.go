package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// crontab are the commands of a crontab of /etc/cron.d, and what is set for them
// (crontab(5)).
func crontab(t *testing.T, text string) (commands, env []string) {
	t.Helper()
	line := regexp.MustCompile(`^(?:[0-9*/,-]+ ){5}[a-z]+ (.*)$`)
	setting := regexp.MustCompile(`^[A-Z]+=\S*$`)
	for l := range strings.Lines(text) {
		l = strings.TrimSuffix(l, "\n")
		if m := line.FindStringSubmatch(l); m != nil && !strings.Contains(l, "%") {
			commands = append(commands, m[1])
			continue
		}
		if !setting.MatchString(l) {
			t.Errorf("cron does not take %q", l)
		}
		env = append(env, l)
	}
	return commands, env
}

// TestCron: what docs/work.md has for cron runs with what cron sets and nothing
// else. Passes at the same time do each thing once, one with nothing to do is
// silent, and no umask opens what is private.
func TestCron(t *testing.T) {
	t.Parallel()
	b := ordered(t, "www.example.com", "none", "    on_issued: [sh, -c, echo once >>../issued]\n")
	if err := os.Mkdir(b.path("textfile"), 0o700); err != nil {
		t.Fatal(err)
	}
	metrics := b.path("textfile/certty.prom")
	text := strings.ReplaceAll(b.localized(sample(t, "work.md", "MAILTO")), "/var/lib/node_exporter/textfile/certty.prom", metrics)
	commands, env := crontab(t, text)
	if len(commands) != 2 {
		t.Fatalf("commands: %q", commands)
	}
	start := func(command string) (*exec.Cmd, *strings.Builder) {
		t.Helper()
		cmd, said := exec.CommandContext(t.Context(), "/bin/sh", "-c", "umask 0; "+command), &strings.Builder{}
		cmd.Dir, cmd.Stdout, cmd.Stderr = b.dir, said, said
		cmd.Env = append([]string{"HOME=" + b.dir, "LOGNAME=certty", "SHELL=/bin/sh"}, env...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd, said
	}
	var passes [2]*exec.Cmd
	var said [2]*strings.Builder
	for i := range passes {
		passes[i], said[i] = start(commands[0])
	}
	for i, pass := range passes {
		if err := pass.Wait(); err != nil {
			t.Errorf("%v: %s", err, said[i])
		}
	}
	if got := read(t, b.path("issued")); got != "once\n" {
		t.Errorf("on_issued ran: %q", got)
	}
	for _, command := range commands {
		cmd, said := start(command)
		if err := cmd.Wait(); err != nil || said.Len() > 0 {
			t.Errorf("with nothing to do: %v: %s", err, said)
		}
	}
	if info, err := os.Stat(metrics); err != nil {
		t.Error(err)
	} else if info.Mode().Perm() != 0o644 {
		t.Errorf("the metrics: %v", info.Mode())
	}
	for _, private := range []string{"state", "cache"} {
		err := filepath.WalkDir(b.path(private), func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			if err == nil && info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s is open to others: %v", path, info.Mode())
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}
