package earlyenv

import "os"

// quietTerm is a TERM for which termenv (v0.16) asks the terminal nothing.
const quietTerm = "dumb"

// saved is what TERM was when the process started.
var saved, wasSet = os.LookupEnv("TERM")

func init() { set(quietTerm, true) }

// Restore gives TERM back as the person set it. It is the first line of main:
// everything that looks at the terminal for a reason runs after it.
func Restore() { set(saved, wasSet) }

// set writes TERM, or removes it. The operating system refuses neither for
// this name; should it ever, the program says so on its way out rather than
// painting for a terminal it does not have.
func set(value string, present bool) {
	change := func() error { return os.Setenv("TERM", value) }
	if !present {
		change = func() error { return os.Unsetenv("TERM") }
	}
	if err := change(); err != nil {
		panic("earlyenv: " + err.Error())
	}
}
