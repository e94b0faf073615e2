package poll

import (
	"slices"
	"time"
)

// made lists when calls of a kind (and for a key, unless it is "") were made.
func (f *fake) made(what, key string) []time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	var at []time.Duration
	for _, c := range f.calls {
		if c.what == what && (key == "" || c.key == key) {
			at = append(at, c.at)
		}
	}
	return at
}

// log lists every call since the last take.
func (f *fake) log() []call {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.calls)
}

// underWay is how many reads are.
func (f *fake) underWay() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.reads
}

func (f *fake) mostAtOnce() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.most
}

func (f *fake) listing() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.flying["page"] > 0
}

// take empties the list of calls and returns it.
func (f *fake) take() []call {
	f.mu.Lock()
	defer f.mu.Unlock()
	calls := f.calls
	f.calls = nil
	return calls
}
