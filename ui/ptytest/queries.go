//go:build unix

package ptytest

import "regexp"

// query matches what a terminal answers (xterm, "Control Sequences"): colours
// (OSC 4, 10 to 19 with "?"), device status and attributes, XTVERSION, modes,
// keyboard flags, window reports, and the DCS requests for settings.
var query = regexp.MustCompile(`\x1b\][0-9;]*\?` +
	`|\x1b\[\??[0-9]*n` +
	`|\x1b\[[=>?]?[0-9;]*c` +
	`|\x1b\[>[0-9]*q` +
	`|\x1b\[\??[0-9]+\$p` +
	`|\x1b\[\?u` +
	`|\x1b\[(?:11|13|14|15|16|18|19|20|21)(?:;[0-9]+)?t` +
	`|\x1bP[+$]q`)

// Queries are the questions that the program has asked the terminal. A program
// that asks waits for the answer, which may never come, or gets it as typed
// text.
func (t *Terminal) Queries() []string {
	var out []string
	for _, q := range query.FindAll(t.Output(), -1) {
		out = append(out, string(q))
	}
	return out
}
