package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Position says where something was set.
type Position struct {
	// Source is the file, the environment variable or the flag.
	Source string
	// Line and Column count from 1 in a file; both are 0 elsewhere.
	Line, Column int
}

// Problem is one thing that is wrong with a configuration.
type Problem struct {
	Position
	// Path is the setting, such as targets[0].url; empty outside a file.
	Path string
	// Text is what is wrong, what is allowed, and what may have been meant. It
	// never holds a secret.
	Text string
}

// String is file:line:column: path: text, without the parts that are unknown.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.Source)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	if p.Path != "" && p.Line > 0 {
		b.WriteString(": " + p.Path)
	}
	return b.String() + ": " + p.Text
}

// Problems is the error of a configuration that can't be used: everything that
// is wrong with it, in the order of the file.
type Problems []Problem

// Error is one problem per line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}

// sorted gives the problems in the order of their places.
func (p Problems) sorted() Problems {
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return p
}

// quote shows a value in a message: on one line and not too long.
func quote(value string) string {
	const most = 60
	if runes := []rune(value); len(runes) > most {
		value = string(runes[:most]) + "…"
	}
	return fmt.Sprintf("%q", value)
}

// list shows allowed values in a message.
func list(values []string) string { return strings.Join(values, ", ") }

// meant is ", did you mean x?" for the allowed value that is next to the given
// one, and nothing where none is near.
func meant(given string, allowed []string) string {
	if near := nearest(given, allowed); near != "" {
		return fmt.Sprintf(", did you mean %s?", near)
	}
	return ""
}

// nearest gives the allowed value that is a slip of the finger away: at most two
// letters, and at most a third of them.
func nearest(given string, allowed []string) string {
	best, distance := "", 3
	for _, candidate := range allowed {
		d := editDistance(strings.ToLower(given), candidate)
		if d < distance && d*3 <= max(len(candidate), 3) {
			best, distance = candidate, d
		}
	}
	return best
}

// editDistance counts the letters to insert, delete, replace or swap
// (optimal string alignment). Values longer than any setting count as far.
func editDistance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 64 || len(y) > 64 {
		return max(len(x), len(y))
	}
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range y {
		rows[0][j+1] = j + 1
	}
	for i := range x {
		for j := range y {
			replace := rows[i][j]
			if x[i] != y[j] {
				replace++
			}
			rows[i+1][j+1] = min(rows[i][j+1]+1, rows[i+1][j]+1, replace)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				rows[i+1][j+1] = min(rows[i+1][j+1], rows[i-1][j-1]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}
