package config

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
	"unicode"
)

const (
	// commandLimit is how long a command may take. It is no shorter because
	// password managers ask over the network, and no longer because the first
	// call to the vault waits for it.
	commandLimit = 10 * time.Second
	// commandGrace is how long a child of the command may keep the pipes open.
	commandGrace = time.Second
	// maxStderr is how much of what a command complains is kept.
	maxStderr = 4 << 10
)

// errTooLong ends a command that prints more than a secret.
var errTooLong = fmt.Errorf("it printed more than %d bytes", maxSecret)

// runSecretCommand runs a program and gives what it prints.
func runSecretCommand(ctx context.Context, command, hide []string, limit time.Duration) (string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("it took longer than %s", limit))
	defer cancel()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)

	cmd := exec.CommandContext(ctx, command[0], command[1:]...) //nolint:gosec // the person names the command
	detach(cmd)
	cmd.Env = Hide(os.Environ(), hide)
	cmd.WaitDelay = commandGrace
	stdout := &bounded{limit: maxSecret, full: func() { stop(errTooLong) }}
	stderr := &bounded{limit: maxStderr}
	cmd.Stdout, cmd.Stderr = stdout, stderr

	err := cmd.Run()
	switch {
	case stdout.over:
		return "", errTooLong
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case err != nil:
		return "", complaint(err, stderr.buffer.String())
	}
	return stdout.buffer.String(), nil
}

// complaint joins how a command ended with the first line it complained.
func complaint(err error, stderr string) error {
	if failed, ok := errors.AsType[*exec.Error](err); ok {
		return failed.Err
	}
	if _, started := errors.AsType[*exec.ExitError](err); !started {
		return plain(err)
	}
	for line := range strings.Lines(stderr) {
		if line = printable(line); line != "" {
			return fmt.Errorf("%w: %s", err, line)
		}
	}
	return err
}

// printable cuts a line to what can stand in a message.
func printable(line string) string {
	const most = 200
	clean := strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, line))
	if runes := []rune(clean); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return clean
}

// bounded keeps the first bytes that are written to it, and calls full once
// when there are more. The buffer is no embedded field: its ReadFrom would
// pass the limit by.
type bounded struct {
	buffer bytes.Buffer
	limit  int
	over   bool
	full   func()
}

// Write never fails: a command that complains at length would be ended by it.
func (b *bounded) Write(p []byte) (int, error) {
	room := b.limit - b.buffer.Len()
	if len(p) <= room {
		return b.buffer.Write(p)
	}
	b.buffer.Write(p[:room])
	if !b.over && b.full != nil {
		b.full()
	}
	b.over = true
	return len(p), nil
}
