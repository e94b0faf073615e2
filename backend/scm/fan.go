package scm

import (
	"context"
	"iter"
	"sync"
)

// outcome is what came of one of many calls.
type outcome[T, R any] struct {
	in  T
	out R
	err error
}

// fan calls f for each of in, as many at once as may be under way, and gives the
// outcomes as they come. Whoever stops listening stops the calls: a refused
// sign-in must not be tried by all of them.
func fan[T, R any](ctx context.Context, in []T, f func(context.Context, T) (R, error)) iter.Seq[outcome[T, R]] {
	return func(yield func(outcome[T, R]) bool) {
		ctx, cancel := context.WithCancel(ctx)
		work, done := make(chan T), make(chan outcome[T, R])
		var workers sync.WaitGroup
		defer workers.Wait()
		defer cancel()
		for range min(parallel, len(in)) {
			workers.Go(func() {
				for one := range work {
					out, err := f(ctx, one)
					select {
					case done <- outcome[T, R]{one, out, err}:
					case <-ctx.Done():
						return
					}
				}
			})
		}
		workers.Go(func() {
			defer close(work)
			for _, one := range in {
				select {
				case work <- one:
				case <-ctx.Done():
					return
				}
			}
		})
		for range in {
			select {
			case o := <-done:
				if !yield(o) {
					return
				}
			case <-ctx.Done():
				// The workers end by themselves; what is left was not called.
				yield(outcome[T, R]{err: noAnswer(call{op: opRead}, false, ctx.Err())})
				return
			}
		}
	}
}
