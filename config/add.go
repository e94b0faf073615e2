package config

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
)

// Addition is a target that is about to be written into a configuration file.
// Nothing is written before [Addition.Write].
type Addition struct {
	// File is the file; where it is a symbolic link, what the link leads to.
	File string
	// Diff shows what changes, a line each, with " ", "-" and "+" before it.
	Diff string
	// Twin is the name of a target of the file at the same address; "" where there
	// is none. Two are no mistake: they may differ in who certty is.
	Twin string

	existed bool
	before  []byte
	after   []byte
}

// ErrFileChanged says that the file is not what it was when the addition was
// prepared, so nothing was written.
var ErrFileChanged = errors.New("the file was changed meanwhile")

// AddTarget prepares to add a target to a configuration file, which is made
// where there is none. Comments, order and formatting stay as they are: the
// target's lines are put in, and nothing else moves. What comes out is read
// strictly, and must say what the file said before and the target.
//
// The target holds no secret, and a file that has a problem already is not
// touched; both are [Problems] then. A file that is written in a way in which
// nothing can be added safely is an error that shows the lines to add by hand.
func AddTarget(file string, t Target) (*Addition, error) {
	a := &Addition{File: file}
	if real, err := filepath.EvalSymlinks(file); err == nil {
		a.File = real
	}
	switch _, err := os.Stat(a.File); {
	case err == nil:
		data, problem := readFile(a.File)
		if problem != nil {
			return nil, Problems{*problem}
		}
		a.existed, a.before = true, data
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("look at %s: %w", a.File, plain(err))
	}
	// Relative paths start at the name a person knows, as in Load.
	before, err := Parse(file, a.before)
	if err != nil {
		return nil, err
	}
	want, err := Complete(before, file, t)
	if err != nil {
		return nil, err
	}
	if a.after, err = insertTarget(a.before, t); err != nil {
		return nil, byHand(file, t, err)
	}
	if err := sameButFor(file, before, want, a.after); err != nil {
		return nil, byHand(file, t, err)
	}
	a.Diff, a.Twin = diff(a.before, a.after), twin(before.Targets, want)
	return a, nil
}

// Complete checks a target as if it stood in the file beside the targets of
// cfg, and gives it with its paths and its cloud filled in. What is wrong with
// it comes as [Problems], whose paths are those of the target alone, such as
// credential.tenant.
func Complete(cfg *Config, file string, t Target) (Target, error) {
	alone := *cfg
	alone.File, alone.Targets = file, append(slices.Clone(cfg.Targets), t)
	v := &validator{cfg: &alone, paths: DefaultPaths(), at: map[string]Position{}, bad: map[string]bool{}}
	v.validate()
	var problems Problems
	prefix := fmt.Sprintf("targets[%d].", len(cfg.Targets))
	for _, p := range v.problems {
		if rest, ok := strings.CutPrefix(p.Path, prefix); ok {
			problems = append(problems, Problem{Position: Position{Source: rest}, Path: rest, Text: p.Text})
		}
	}
	if len(problems) > 0 {
		return t, problems
	}
	return alone.Targets[len(cfg.Targets)], nil
}

// twin is the name of the target that leads where t does, as both are once they
// were checked; "" where none does.
func twin(targets []Target, t Target) string {
	same := func(other Target) bool {
		return other.Kind == t.Kind && strings.EqualFold(other.URL, t.URL) && other.CustomerURI == t.CustomerURI
	}
	if i := slices.IndexFunc(targets, same); i >= 0 {
		return targets[i].Name
	}
	return ""
}

// sameButFor holds what comes out to what went in.
func sameButFor(file string, before *Config, t Target, after []byte) error {
	now, err := Parse(file, after)
	if err != nil {
		return err
	}
	want := *before
	want.Targets = append(slices.Clone(before.Targets), t)
	if !reflect.DeepEqual(now, &want) {
		return errors.New("the lines would change what stands there already")
	}
	return nil
}

// byHand is the way out where the file is written too unusually.
func byHand(file string, t Target, why error) error {
	return fmt.Errorf("nothing can be added to %s safely (%w); add these lines yourself:\n%s", file, why,
		strings.Join(blockLines(t, "  "), "\n"))
}

// Write replaces the file by what [AddTarget] prepared, in one step; a new one
// is for its owner alone. Nothing is written, and the error is ErrFileChanged,
// where the file is not any more what was shown.
func (a *Addition) Write() error {
	write := a.replace
	if !a.existed {
		write = a.create
	}
	if err := write(); err != nil {
		return fmt.Errorf("write %s: %w", a.File, plain(err))
	}
	return nil
}

func (a *Addition) create() error {
	if err := os.MkdirAll(filepath.Dir(a.File), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(a.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return ErrFileChanged
	}
	if err != nil {
		return err
	}
	_, err = file.Write(a.after)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		// Half a configuration is worse than none; the first error is the one to tell.
		_ = os.Remove(a.File)
	}
	return err
}

func (a *Addition) replace() error {
	held, err := os.Open(a.File)
	if errors.Is(err, fs.ErrNotExist) {
		return ErrFileChanged
	}
	if err != nil {
		return err
	}
	defer held.Close() //nolint:errcheck // it was only read
	// Held until it is closed: of two consoles that add at once the second one
	// finds the file changed.
	if err := hold(held); err != nil {
		return err
	}
	now, err := os.ReadFile(a.File)
	if err != nil {
		return err
	}
	if !bytes.Equal(now, a.before) {
		return ErrFileChanged
	}
	info, err := os.Stat(a.File)
	if err != nil {
		return err
	}
	return a.swap(info)
}

// swap puts a new file in the place of the old one, with its owner and mode.
func (a *Addition) swap(like fs.FileInfo) error {
	tidy(filepath.Dir(a.File))
	tmp, err := os.OpenFile(filepath.Join(filepath.Dir(a.File), stagedPrefix+rand.Text()), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = tmp.Write(a.after)
	if err == nil {
		err = resemble(tmp, like)
	}
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), a.File)
	}
	if err != nil {
		_ = os.Remove(tmp.Name()) // the first error is the one to tell
	}
	return err
}

// diff shows the lines that differ, with three lines around them. Both texts
// differ in one place only.
func diff(before, after []byte) string {
	const around = 3
	a, b := splitLines(before), splitLines(after)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var out []string
	show := func(sign string, lines []string) {
		for _, line := range lines {
			out = append(out, sign+strings.TrimRight(line, "\r\n"))
		}
	}
	show(" ", a[max(0, head-around):head])
	show("-", a[head:len(a)-tail])
	show("+", b[head:len(b)-tail])
	show(" ", a[len(a)-tail:min(len(a), len(a)-tail+around)])
	return strings.Join(out, "\n")
}

// splitLines gives the lines of a text with their ends.
func splitLines(data []byte) []string {
	var lines []string
	for line := range strings.Lines(string(data)) {
		lines = append(lines, line)
	}
	return lines
}
