package pass

import (
	"errors"
	"fmt"
	"runtime/debug"
)

// errCrashed ends what a panic cut short; Make's own panic says which.
var errCrashed = errors.New("it panicked")

// crashes carries the panic of a goroutine to Make, which panics in its place:
// its caller can recover, and say what happened in its own way.
type crashes chan string

// note keeps a panic that was recovered; one is enough.
func (c crashes) note(v any) {
	select {
	case c <- fmt.Sprintf("%v\n\n%s", v, debug.Stack()):
	default:
	}
}

// surface panics if anything did.
func (c crashes) surface() {
	select {
	case said := <-c:
		panic(said)
	default:
	}
}
