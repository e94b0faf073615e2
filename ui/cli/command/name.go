package command

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"certty/config"
	"certty/model"
)

// One is the one target that a command without a NAME works with, or with a new
// one: that called name, or where name is "" the only one of the kind. "" is any
// kind.
func (f *Fleet) One(name string, kind config.TargetKind) (*Target, error) {
	of := f.of(kind)
	if name != "" {
		t, ok := f.Target(name)
		if !ok || !slices.Contains(of, t) {
			return nil, f.noTarget(name, of)
		}
		return t, nil
	}
	switch len(of) {
	case 1:
		return of[0], nil
	case 0:
		return nil, Usage(fmt.Errorf("no target of kind %s is configured or named", kind))
	}
	return nil, Usage(fmt.Errorf("which target: %s; say TARGET/NAME or --target", names(of)))
}

// New is the target in which arg names what is to be made, TARGET/NAME or, where
// there is one of the kind only, NAME.
func (f *Fleet) New(arg string, kind config.TargetKind) (t *Target, name string, err error) {
	target, name := f.Split(arg)
	if before, _, ok := strings.Cut(name, "/"); ok && target == "" {
		return nil, "", f.noTarget(before, f.of(kind))
	}
	t, err = f.One(target, kind)
	return t, name, err
}

// Split takes an argument apart: TARGET/NAME, where TARGET is one of the
// targets, or NAME alone, whose target is "".
func (f *Fleet) Split(arg string) (target, name string) {
	if before, after, ok := strings.Cut(arg, "/"); ok {
		if _, known := f.Target(before); known {
			return before, after
		}
	}
	return "", arg
}

// Means reports whether arg, NAME or TARGET/NAME, names a row: by its key, an order
// also by its common name. A renewal has that of its predecessor, so there may be
// several.
func (f *Fleet) Means(arg string, it *model.Item) bool {
	target, name := f.Split(arg)
	return (target == "" || target == it.Ref.Target) && called(it, name)
}

// called reports whether a row of a target has that name.
func called(it *model.Item, name string) bool {
	return it.Ref.Key == name || (it.Order != nil || it.Record != nil) && strings.EqualFold(it.Name(), name)
}

func (f *Fleet) of(kind config.TargetKind) []*Target {
	var of []*Target
	for i := range f.Targets {
		if t := &f.Targets[i]; kind == "" || t.Info().Kind == string(kind) {
			of = append(of, t)
		}
	}
	return of
}

// named are the targets that arg may mean, and the name to look for.
func (f *Fleet) named(arg string, kind config.TargetKind) ([]*Target, string, error) {
	of := f.of(kind)
	target, name := f.Split(arg)
	switch {
	case name == "":
		return nil, "", Usage(errors.New("a name is needed: NAME or TARGET/NAME"))
	case target != "":
		t, err := f.One(target, kind)
		return []*Target{t}, name, err
	case len(of) == 0:
		_, err := f.One("", kind)
		return nil, "", err
	}
	if before, _, ok := strings.Cut(arg, "/"); ok {
		return nil, "", f.noTarget(before, of)
	}
	return of, name, nil
}

func (f *Fleet) noTarget(name string, of []*Target) error {
	return &Ended{Code: ExitNotFound, Err: fmt.Errorf("there is no target %q here; there are: %s", name, names(of))}
}

func names(targets []*Target) string {
	out := make([]string, len(targets))
	for i, t := range targets {
		out[i] = t.Name()
	}
	return strings.Join(out, ", ")
}
