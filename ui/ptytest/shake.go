//go:build unix

package ptytest

import (
	"flag"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// What can be shaken.
const (
	shakeAnswers  = "answers"
	shakeKeys     = "keys"
	shakeTerminal = "terminal"
	shakeProgram  = "program"
)

var (
	shakeUpTo = flag.Duration("shake", 0, "walks: pause at random, each time for up to this long; 0 is never")
	shakeWhat = flag.String("shake.of", strings.Join([]string{shakeAnswers, shakeKeys, shakeTerminal}, ","),
		"walks: what is shaken, of answers, keys, terminal and program")
	shakeSeed = flag.Uint64("shake.seed", 0, "walks: the seed of what is shaken; 0 is another one each time")
)

// slowNice is the niceness of a program that is to be slow: it has what others
// leave, and still comes to its end.
const slowNice = 10

// checkShake says what is shaken, and chooses the seed.
func checkShake() error {
	if *shakeUpTo <= 0 {
		return nil
	}
	for what := range strings.SplitSeq(*shakeWhat, ",") {
		if !slices.Contains([]string{shakeAnswers, shakeKeys, shakeTerminal, shakeProgram}, what) {
			return fmt.Errorf("-shake.of: %q is none of answers, keys, terminal, program", what)
		}
	}
	if *shakeSeed == 0 {
		*shakeSeed = rand.Uint64()
	}
	fmt.Fprintf(os.Stderr, "shaken: -shake %v -shake.of %s -shake.seed %d\n", *shakeUpTo, *shakeWhat, *shakeSeed)
	return nil
}

func shaken(what string) bool {
	return *shakeUpTo > 0 && slices.Contains(strings.Split(*shakeWhat, ","), what)
}

// chance draws what is shaken. Its methods are safe for concurrent use; a nil one
// never shakes.
type chance struct {
	mu     sync.Mutex
	random *rand.Rand
}

// newChance is the chance of one thing of one test; nil where that is not shaken.
// The same seed gives each walk the same pauses, whatever else runs.
func newChance(what, test string) *chance {
	if !shaken(what) {
		return nil
	}
	h := fnv.New64a()
	fmt.Fprint(h, what, " ", test)
	return &chance{random: rand.New(rand.NewPCG(*shakeSeed, h.Sum64()))}
}

// pause is none half the time, and otherwise up to the longest, divided.
func (c *chance) pause(by int64) time.Duration {
	if c == nil {
		return 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.random.IntN(2) == 0 {
		return 0
	}
	return time.Duration(c.random.Int64N(max(1, int64(*shakeUpTo)/by)))
}

// piece is a part of a buffer, which may be all of it.
func (c *chance) piece(buf []byte) []byte {
	if c == nil {
		return buf
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	const most = 512 // a frame takes several, a word is split now and then
	return buf[:1+c.random.IntN(min(most, len(buf)))]
}

// Late makes the answers of a test's own server late while walks are shaken: the
// request is late, or the answer to what was done. Otherwise it gives h back.
func Late(test string, h http.Handler) http.Handler {
	c := newChance(shakeAnswers, test)
	if c == nil {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		idle(r, c.pause(1))
		h.ServeHTTP(w, r)
		idle(r, c.pause(1))
	})
}

// idle waits for as long as the client does.
func idle(r *http.Request, d time.Duration) {
	if d == 0 {
		return
	}
	select {
	case <-time.After(d):
	case <-r.Context().Done():
	}
}

// raceFlag builds a program that is to be slow with the race detector, which
// makes it five times slower and finds races beside.
func raceFlag() string { return fmt.Sprintf("-race=%t", shaken(shakeProgram)) }

// slow makes a program that has just started slow.
func slow(pid int) error {
	if !shaken(shakeProgram) {
		return nil
	}
	return unix.Setpriority(unix.PRIO_PROCESS, pid, slowNice)
}
