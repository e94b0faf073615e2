package deploy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"certty/backend/repository"
	"certty/backend/text"
	"certty/model"
)

const (
	// maxOutput is how much of what a command prints is kept.
	maxOutput = 16 << 10
	// commandGrace is how long a child of the command may keep the pipe open.
	commandGrace = time.Second
)

// run runs the person's command. What it prints goes to the log, cleaned.
func (d *Deployer) run(ctx context.Context, delivery repository.Delivery, files *files) error {
	name := d.o.Command[0]
	ctx, cancel := context.WithTimeoutCause(ctx, d.o.Limit, fmt.Errorf("it took longer than %s", d.o.Limit))
	defer cancel()
	cmd := exec.CommandContext(ctx, name, d.o.Command[1:]...) //nolint:gosec // the person names the command
	detach(cmd)
	cmd.WaitDelay = commandGrace
	cmd.Dir = files.dir
	cmd.Env = append([]string{}, d.o.Environ...)
	for _, v := range [][2]string{
		{"CERTTY_TARGET", delivery.Target},
		{"CERTTY_ORDER", delivery.Record.Key},
		{"CERTTY_NAME", delivery.Record.CommonName},
		{"CERTTY_SERIAL", delivery.Record.ChainSerial},
		{"CERTTY_CERT", files.path(files.cert)},
		{"CERTTY_CHAIN", files.path(files.chain)},
		{"CERTTY_KEYSTORE", files.path(files.keystoreAt)},
		{"CERTTY_KEYSTORE_STATE", keystoreState(delivery)},
	} {
		// A name that a CA gave must not end the program's start (a NUL does).
		cmd.Env = append(cmd.Env, v[0]+"="+strings.ReplaceAll(v[1], "\x00", ""))
	}
	var output bounded
	cmd.Stdout, cmd.Stderr = &output, &output
	started := time.Now()
	err := cmd.Run()
	log := d.o.Log.With("target", delivery.Target, "order", delivery.Record.Key, "command", name)
	last := ""
	for line := range strings.Lines(output.String()) {
		if line = text.Flat(line); line != "" {
			log.InfoContext(ctx, "the command says", "line", line)
			last = line
		}
	}
	switch {
	case err == nil:
		log.InfoContext(ctx, "the command succeeded", "took", time.Since(started).Round(time.Millisecond))
		return nil
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	}
	if failed, ok := errors.AsType[*exec.Error](err); ok {
		err = failed.Err
	}
	if last != "" {
		err = fmt.Errorf("%w: %s", err, last)
	}
	return fmt.Errorf("the files were written, and %w (%s): %w", repository.ErrCommand, name, err)
}

// keystoreState tells the command whether a keystore is among the files, and why
// not.
func keystoreState(d repository.Delivery) string {
	switch {
	case d.Keystore != nil:
		return "written"
	case d.Record.Keystore == model.KeystoreWaits:
		return "waits"
	case d.Record.Keystore == model.KeystoreMade:
		return "elsewhere"
	default:
		return "none"
	}
}

// bounded keeps the first bytes that are written to it. A command that says more
// goes on.
type bounded struct{ buffer bytes.Buffer }

// Write never fails.
func (b *bounded) Write(p []byte) (int, error) {
	b.buffer.Write(p[:min(len(p), maxOutput-b.buffer.Len())])
	return len(p), nil
}

func (b *bounded) String() string { return b.buffer.String() }
