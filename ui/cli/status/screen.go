package status

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/charmbracelet/x/ansi"

	"certty/backend/text"
	"certty/ui/cli/command"
)

// draw draws the table anew after each look, until ctx ends. The terminal is
// given back as it was: the other screen is left, and the cursor is shown.
func (j *job) draw(ctx context.Context) (err error) {
	s := &screen{env: j.env, head: j.head("looking")}
	if err := s.write(ansi.SetModeAltScreenSaveCursor + ansi.HideCursor); err != nil {
		return err
	}
	// What is said meanwhile would fall into the table.
	j.say.to(s.note)
	defer func() {
		j.say.to(j.env.Say)
		if failed := s.write(ansi.ShowCursor + ansi.ResetModeAltScreenSaveCursor); err == nil {
			err = failed
		}
	}()
	if err := s.draw(); err != nil {
		return err
	}
	return j.every(ctx, func(v *view) error {
		var table bytes.Buffer
		if err := j.printer.Print(ctx, &table, max(1, s.env.Width()), v.entries, v.document); err != nil {
			return err
		}
		s.mu.Lock()
		s.rows, s.below = lines(table.String()), j.remarks(v)
		s.head = j.head(v.now.Local().Format("15:04:05 MST"))
		s.mu.Unlock()
		return s.draw()
	})
}

// head is the first line of the screen.
func (j *job) head(when string) string {
	every := j.settings.watch.String()
	if strings.HasSuffix(every, "m0s") {
		every = strings.TrimSuffix(every, "0s")
	}
	return "certty status: " + when + ", every " + every + ", ctrl+c ends"
}

// screen is the terminal while it is drawn on.
type screen struct {
	env *command.Env
	mu  sync.Mutex
	// head is the first line, rows the table, below what is said of it.
	head        string
	rows, below []string
}

// note shows a line below the table.
func (s *screen) note(line string) {
	s.mu.Lock()
	s.below = append(s.below, line)
	s.mu.Unlock()
	// What can't be drawn now is drawn with the next look, which then fails.
	_ = s.draw()
}

// draw draws as much as there is room for: the remarks, and above them the rows
// that come first.
func (s *screen) draw() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	width, height := max(1, s.env.Width()), s.height()
	below := s.below[:min(len(s.below), height/2)]
	room := max(0, height-1-len(below))
	rows := s.rows
	if len(rows) > room && room > 0 {
		rows = append(append([]string(nil), rows[:room-1]...), fmt.Sprintf("(%d more)", len(rows)-room+1))
	}
	var b strings.Builder
	b.WriteString(ansi.CursorHomePosition)
	all := append(append([]string{s.head}, rows[:min(len(rows), room)]...), below...)
	for i, line := range all {
		if i > 0 {
			b.WriteString("\r\n")
		}
		// Erased first: behind a full line the erasing would take its last cell.
		b.WriteString(ansi.EraseLineRight + ansi.Truncate(text.Clean(line), width, "…"))
	}
	b.WriteString(ansi.EraseScreenBelow)
	_, err := io.WriteString(s.env.Stdout, b.String())
	return err
}

// height is how many lines there are.
func (s *screen) height() int {
	const usual = 24
	if n := s.env.Height(); n > 0 {
		return n
	}
	return usual
}

func (s *screen) write(sequence string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := io.WriteString(s.env.Stdout, sequence)
	return err
}

func lines(s string) []string { return strings.Split(strings.TrimSuffix(s, "\n"), "\n") }
