package command

import (
	"errors"
	"fmt"
	"strings"

	"certty/backend"
)

// Advice is what a person is told below an error, line by line: why it came and
// what to do now, then the service's id of the call, for whoever is asked for help.
func Advice(err error) []string {
	advice := backend.AdviceFor(err)
	lines := []string{strings.TrimSpace(advice.Cause + " " + advice.Next)}
	if e, ok := errors.AsType[*backend.Error](err); ok && e.RequestID != "" {
		lines = append(lines, "Request id: "+e.RequestID)
	}
	return lines
}

// explained is err with its advice. What no service said explains itself.
func explained(err error) error {
	if _, ok := errors.AsType[*backend.Error](err); !ok {
		return err
	}
	return fmt.Errorf("%w\n  %s", err, strings.Join(Advice(err), "\n  "))
}
