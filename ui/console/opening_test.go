package console

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/config"
	"certty/model"
)

// bad is a target that can't be opened. The configuration lets none through; it
// stands for whatever a backend refuses beyond that.
var bad = config.Target{Name: "bad", Kind: config.KindVault, URL: "https://bad.managedhsm.azure.net"}

// opened assembles a console whose folders lie in dir.
func opened(t *testing.T, dir string, targets ...config.Target) (*console, []string) {
	t.Helper()
	c := newConsole(&config.Config{
		StateDir: filepath.Join(dir, "state"), CacheDir: filepath.Join(dir, "cache"), Targets: targets,
		Refresh: config.Refresh{Every: time.Hour, Marked: time.Hour, Rest: time.Hour, Deleted: time.Hour},
	})
	t.Cleanup(func() {
		if err := c.close(); err != nil {
			t.Error(err)
		}
	})
	c.open()
	parts, err := c.wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(parts.Targets) != len(targets) || len(parts.Boxes) != len(targets) {
		t.Fatalf("%d targets of %d are there", len(parts.Targets), len(targets))
	}
	return c, parts.Notes
}

// TestTargetThatCantBeOpened stands among the others and says why.
func TestTargetThatCantBeOpened(t *testing.T) {
	c, notes := opened(t, t.TempDir(), bad)
	if len(notes) != 0 {
		t.Errorf("notes: %q", notes)
	}
	target := c.parts.Targets[0]
	if target.Info.Name != "bad" || target.Info.Address != bad.URL || target.Capabilities.Merge != nil {
		t.Errorf("the target is %+v", target)
	}
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Minute)
	defer stop()
	for {
		state, err := c.parts.Boxes[0].Wait(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if state.Err == nil {
			continue
		}
		if state.Latched || backend.KindOf(state.Err) != backend.KindLocal || !strings.Contains(state.Err.Error(), "Managed HSM") {
			t.Errorf("latched %v because of %v", state.Latched, state.Err)
		}
		return
	}
}

// TestUnopenedHasReasons: a capability that is not there says why.
func TestUnopenedHasReasons(t *testing.T) {
	u := unopened{info: backend.Info{Name: "bad"}, why: errors.New("no such thing")}
	c := reflect.ValueOf(u.Capabilities())
	for i := range c.NumField() {
		f := c.Type().Field(i)
		if f.Type.Kind() == reflect.Interface && c.Field(i).IsNil() && c.FieldByName(f.Name+"Why").String() == "" {
			t.Errorf("%s is missing without a reason", f.Name)
		}
	}
	_, err := u.Read(t.Context(), model.Ref{Target: "bad"})
	if backend.KindOf(err) != backend.KindLocal || !strings.Contains(err.Error(), "start certty again") {
		t.Errorf("Read = %v", err)
	}
}

// TestNoLogFile: the log view has what no file takes.
func TestNoLogFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "state", "certty.log"), 0o700); err != nil {
		t.Fatal(err)
	}
	c, notes := opened(t, dir, bad)
	if len(notes) != 1 || !strings.Contains(notes[0], "There is no log file") || !strings.Contains(notes[0], dir) {
		t.Errorf("notes: %q", notes)
	}
	if c.log == nil || c.logFile != "" {
		t.Errorf("log %v in %q", c.log, c.logFile)
	}
}

func TestReadRootCAs(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ca.pem")
	if _, err := readRootCAs(file); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), file) {
		t.Errorf("a missing file: %v", err)
	}
	if err := os.WriteFile(file, []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readRootCAs(file); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("a broken file: %v", err)
	}
}
