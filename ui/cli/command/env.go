package command

import (
	"context"
	"fmt"
	"io"
	"time"

	"certty/backend"
	"certty/backend/doctor"
	"certty/backend/guard"
	"certty/backend/repository"
	"certty/backend/store"
	"certty/config"
	"certty/model"
)

// Env is what a command gets from the program.
type Env struct {
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	// Lookup reads the environment.
	Lookup func(string) (string, bool)
	// Now is the clock.
	Now func() time.Time
	// Asks is true when a person can be asked: standard input and standard
	// error are terminals.
	Asks bool
	// Size is how many columns and lines the terminal on standard output has;
	// nil where there is none.
	Size func() (columns, lines int)
	// Open opens the targets of a configuration. It calls no service.
	Open func(ctx context.Context, cfg *config.Config, o OpenOptions) (*Fleet, error)
	// Codes is the catalogue of codes that are explained, of every adapter.
	Codes func() []backend.Code
	// Program describes the build.
	Program Program
}

// Program is which program this is.
type Program struct {
	// Version is a tag, or the commit it was made from.
	Version string `json:"version"`
	// Commit is the revision of the sources; empty where the build did not record
	// it.
	Commit string `json:"commit"`
	// CommitTime is when that was made, in the form of RFC 3339; empty where the
	// build did not record it.
	CommitTime string `json:"commit_time"`
	// Modified is true where sources were changed since the commit.
	Modified bool `json:"modified"`
	// Go is the version of the compiler.
	Go string `json:"go"`
	// OS is the system, in Go's words.
	OS string `json:"os"`
	// Arch is the processor, in Go's words.
	Arch string `json:"arch"`
	// Modules are the libraries that are built in.
	Modules []Module `json:"modules"`
}

// Module is a library that is built in.
type Module struct {
	// Path is that of the module.
	Path string `json:"path"`
	// Version is the module's.
	Version string `json:"version"`
}

// Say tells the person a line. Where nobody can be told, the exit code still
// says it.
func (e *Env) Say(line string) { _, _ = fmt.Fprintln(e.Stderr, line) }

// Width is the width of standard output in cells; 0 when that is no terminal.
func (e *Env) Width() int {
	if e.Size == nil {
		return 0
	}
	columns, _ := e.Size()
	return columns
}

// Height is the height of standard output in lines; 0 when that is no terminal.
func (e *Env) Height() int {
	if e.Size == nil {
		return 0
	}
	_, lines := e.Size()
	return lines
}

// OpenOptions say how targets are opened.
type OpenOptions struct {
	// Only names the targets to open; all when it is empty.
	Only []string
	// Dry gets every changing call instead of the network, when it is set, and
	// nothing is journaled.
	Dry *guard.Rehearsal
	// Now is the clock of what is held here; nil means time.Now.
	Now func() time.Time
	// Say tells the person a line: a device code, a journal that can't be
	// written.
	Say func(line string)
}

// Target is one opened target.
type Target struct {
	backend.Backend
	// Config is its configuration, complete; of the sandbox's targets it holds
	// name and kind.
	Config config.Target
	// Repository is what is managed here of a CA account; nil for a vault, and in
	// a rehearsal, which writes nothing down.
	Repository *repository.Manager
	// News takes what the repository published since it was last asked; nil where
	// there is none.
	News func() []model.Page
	// Files says where the files of its certificates go by default.
	Files model.Deployment
	// Endpoints are the hosts that have to be reached for it.
	Endpoints []doctor.Endpoint
}

// Name is the configured name.
func (t *Target) Name() string { return t.Info().Name }

// Fleet is every target that a command works with, and the local state.
type Fleet struct {
	Targets []Target
	Store   *store.Store
	// Journal lists the newest entries of the journal, oldest first, all of them
	// where the limit is 0: as far as the store proves by now how they ended.
	Journal func(ctx context.Context, limit int) ([]backend.Entry, error)
	// Dir is the folder of the local state.
	Dir string
	// Sandbox is true when the targets are the embedded ones.
	Sandbox bool
	// Exact has names be looked for at every target that they may mean, whatever is
	// stored: of something that is changed no other row of that name may be
	// overlooked.
	Exact bool
	// Release gives everything back that was opened.
	Release func() error
}

// Target finds a target by its name.
func (f *Fleet) Target(name string) (*Target, bool) {
	for i := range f.Targets {
		if f.Targets[i].Name() == name {
			return &f.Targets[i], true
		}
	}
	return nil, false
}
