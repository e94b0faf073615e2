//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package command

import (
	"os"
	"os/signal"
	"sync"

	"golang.org/x/term"
)

// hush has a terminal show what is typed again before ctrl+c ends the program,
// until show is called. Hiding it is left to term.ReadPassword.
func hush(fd int, say func(line string), _ func() error) (show func(), err error) {
	shown, err := term.GetState(fd)
	if err != nil {
		return nil, err
	}
	came, over := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(came, os.Interrupt)
	var watching sync.WaitGroup
	watching.Go(func() {
		select {
		case <-over:
		case <-came:
			_ = term.Restore(fd, shown) // a terminal that is gone needs nothing more
			say("")
			os.Exit(ExitUsage) //nolint:forbidigo // no signal can be raised here, and no read be ended
		}
	})
	return func() {
		signal.Stop(came)
		close(over)
		watching.Wait()
	}, nil
}
