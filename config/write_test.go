package config

import (
	"errors"
	"os"
	"slices"
	"testing"
)

// TestWriteRefusesAnotherFile: what was shown is what is written, or nothing.
func TestWriteRefusesAnotherFile(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(file string) error
	}{
		{"changed", func(file string) error { return os.WriteFile(file, []byte("theme: mono\n"), 0o600) }},
		{"gone", os.Remove},
	} {
		t.Run(tc.name, func(t *testing.T) {
			file := write(t, "theme: dark\n")
			a, err := AddTarget(file, small)
			if err != nil {
				t.Fatal(err)
			}
			if err := tc.change(file); err != nil {
				t.Fatal(err)
			}
			if err := a.Write(); !errors.Is(err, ErrFileChanged) {
				t.Errorf("written over what somebody else wrote: %v", err)
			}
		})
	}
}

// TestWriteOnce: of two consoles that add at once, one is told to look again.
func TestWriteOnce(t *testing.T) {
	file := write(t, "theme: dark\n")
	one, err := AddTarget(file, small)
	if err != nil {
		t.Fatal(err)
	}
	two, err := AddTarget(file, fresh)
	if err != nil {
		t.Fatal(err)
	}
	errs := make(chan error, 2)
	for _, a := range []*Addition{one, two} {
		go func() { errs <- a.Write() }()
	}
	got := []error{<-errs, <-errs}
	refused := slices.DeleteFunc(got, func(err error) bool { return err == nil })
	if len(refused) != 1 || !errors.Is(refused[0], ErrFileChanged) {
		t.Errorf("refused: %v", refused)
	}
	if cfg, err := Parse(file, []byte(read(t, file))); err != nil || len(cfg.Targets) != 1 {
		t.Errorf("the file holds %v, %v", cfg, err)
	}
}
