// Certty is a terminal console for certificate issuance: it watches and
// manages certificates and pending certificate requests in Azure Key Vault, and
// orders in Sectigo Certificate Manager.
//
// This file reads flags and configuration and chooses a face. What stands
// behind the screen is joined in package console; the guide to the code is
// docs/development.md.
package main

import (
	"context"
	"errors"
	"os"
	"runtime/debug"
	"time"

	"golang.org/x/term"

	"certty/config"
	"certty/config/earlyenv"
	"certty/ui/app"
	"certty/ui/cli"
	"certty/ui/cli/command"
	"certty/ui/console"
)

func main() { os.Exit(run(time.Now)) }

// run is the program with its clock; it gives the exit code.
func run(now func() time.Time) int {
	earlyenv.Restore()
	c := cli.App{Screen: screen, Work: console.Work, Env: command.Env{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Lookup: os.LookupEnv, Now: now, Open: open,
		Asks: term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stderr.Fd())),
		Size: size, Codes: console.Codes,
	}}
	return c.Execute(context.Background(), os.Args[1:])
}

// open opens targets for a command. It ends soon and reads a lot at once: to
// collect the garbage of every few megabytes costs a tenth of its time.
func open(ctx context.Context, cfg *config.Config, o command.OpenOptions) (*command.Fleet, error) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	return console.Open(ctx, cfg, o)
}

// size is that of the terminal on standard output; 0 and 0 when there is none.
func size() (columns, lines int) {
	columns, lines, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil {
		return 0, 0
	}
	return columns, lines
}

// screen shows the console on the terminal.
func screen(ctx context.Context, flags config.Flags) error {
	cfg, err := config.Load(config.Options{Flags: flags})
	if err != nil {
		return err
	}
	if !term.IsTerminal(int(os.Stdin.Fd())) || !term.IsTerminal(int(os.Stdout.Fd())) {
		return errors.New("the screen needs a terminal on standard input and output; certty status prints the same rows without one")
	}
	// The screen lives all day and holds thousands of rows: a third of the
	// garbage costs no time that can be measured, and saves half of the memory.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(35)
	}
	err = console.Run(ctx, cfg, console.Terminal{In: os.Stdin, Out: os.Stdout, Lookup: os.LookupEnv})
	if signal, ok := errors.AsType[*app.SignalError](err); ok {
		return &command.Ended{Code: signal.ExitCode(), Err: err}
	}
	return err
}
