package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Flags are what a person gave on the command line. What is nil was not given.
type Flags struct {
	// Config is the file to read (--config). That it is missing is an error.
	Config *string
	// Targets are the names to narrow the targets to (--target).
	Targets []string
	// ReadOnly sets Config.ReadOnly (--read-only).
	ReadOnly *bool
	// Sandbox asks for the sandbox, whatever is configured (--sandbox).
	Sandbox bool
}

// Options are what Load works from.
type Options struct {
	// Flags are the command line.
	Flags Flags
	// Environ looks up an environment variable; nil stands for os.LookupEnv.
	Environ func(name string) (value string, set bool)
	// Paths are the places to use where nobody names others; nil stands for
	// DefaultPaths.
	Paths *Paths
}

// Load gives the configuration: the defaults, over them the file, over that the
// environment, over that the flags. Where something is wrong the error is a
// [Problems] with all of it.
//
// A configuration without targets is no error. It is for the caller to start
// the sandbox then, or to refuse.
func Load(o Options) (*Config, error) {
	paths := DefaultPaths()
	if o.Paths != nil {
		paths = *o.Paths
	}
	env := environment{lookup: o.Environ}
	if env.lookup == nil {
		env.lookup = os.LookupEnv
	}

	cfg := defaults(paths)
	file, problem := chooseFile(o.Flags, env, paths)
	if problem != nil {
		return nil, Problems{*problem}
	}
	d := newDecoder(file)
	if file != "" {
		data, problem := readFile(file)
		if problem != nil {
			return nil, Problems{*problem}
		}
		cfg.File = file
		d.decode(data, cfg)
	}

	env.apply(cfg, d)
	if o.Flags.ReadOnly != nil {
		cfg.ReadOnly = *o.Flags.ReadOnly
		d.at["read_only"] = Position{Source: "--read-only"}
	}
	v := &validator{cfg: cfg, paths: paths, at: d.at, bad: d.bad}
	v.validate()
	problems := append(d.problems, v.problems...)
	all := slices.Clone(cfg.Targets)
	if !d.doubtful("targets") {
		problems = append(problems, narrow(cfg, o.Flags, env)...)
	}
	if len(problems) > 0 {
		return nil, problems.sorted()
	}
	for i := range all {
		cfg.leftOut = append(cfg.leftOut, all[i].secretVariables()...)
	}
	cfg.origins = origins(d.at, all, cfg.Targets)
	return cfg, nil
}

// chooseFile says which file to read, empty for none.
func chooseFile(flags Flags, env environment, paths Paths) (string, *Problem) {
	if flags.Config != nil {
		return explicitFile("--config", *flags.Config)
	}
	if file, _ := env.lookup(envConfig); file != "" {
		return explicitFile(envConfig, file)
	}
	file, err := paths.find()
	if err != nil {
		return "", &Problem{Position: Position{Source: "configuration"}, Text: err.Error()}
	}
	return file, nil
}

// explicitFile is the file that somebody named.
func explicitFile(source, file string) (string, *Problem) {
	problem := func(text string) (string, *Problem) {
		return "", &Problem{Position: Position{Source: source}, Text: text}
	}
	if file == "" {
		return problem("no file is named")
	}
	absolute, err := filepath.Abs(file)
	if err != nil {
		return problem(fmt.Sprintf("the folder of %s is not known: %v", quote(file), err))
	}
	if _, err := os.Stat(absolute); errors.Is(err, fs.ErrNotExist) {
		return problem(fmt.Sprintf("there is no file %s", absolute))
	}
	return absolute, nil
}

func readFile(name string) (_ []byte, problem *Problem) {
	fail := func(text string) ([]byte, *Problem) {
		return nil, &Problem{Position: Position{Source: name}, Text: text}
	}
	info, err := os.Stat(name)
	if err != nil {
		return fail("it can't be read: " + plain(err).Error())
	}
	if info.IsDir() {
		return fail("it is a folder, name the file in it")
	}
	if info.Mode().IsRegular() && writableByAll(info) {
		return fail("anybody can change it, and it may name commands to run: say chmod o-w")
	}
	file, err := os.Open(name)
	if err != nil {
		return fail("it can't be read: " + plain(err).Error())
	}
	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err = errors.Join(err, file.Close()); err != nil {
		return fail("it can't be read: " + plain(err).Error())
	}
	return data, nil
}

// Parse reads a configuration from the bytes of a file alone, without
// environment and flags. The name stands in the problems, and relative paths
// start at its folder.
func Parse(name string, data []byte) (*Config, error) {
	paths := DefaultPaths()
	cfg := defaults(paths)
	cfg.File = name
	d := newDecoder(name)
	d.decode(data, cfg)
	v := &validator{cfg: cfg, paths: paths, at: d.at, bad: d.bad}
	v.validate()
	if problems := append(d.problems, v.problems...); len(problems) > 0 {
		return nil, problems.sorted()
	}
	return cfg, nil
}
