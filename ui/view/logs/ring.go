package logs

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"certty/ui/view"
)

// Kept is how many records a [Ring] holds from Info on, and as many again below;
// maxText is how many bytes of one.
const (
	Kept    = 1000
	maxText = 4096
)

// Record is one line of the log.
type Record struct {
	// Number counts the records from 1.
	Number uint64
	At     time.Time
	Level  slog.Level
	// Text is the message with its attributes, on one line and fit for the
	// screen.
	Text string
}

// Ring keeps the newest records of a log in memory. Those below Info are kept
// apart, for they are many: a day of reads pushes no failure out. The zero value
// is ready to use, from any number of goroutines.
type Ring struct {
	mu     sync.Mutex
	count  uint64
	grave  shelf // from Info on
	detail shelf // below
}

// shelf keeps the newest records of those that are put on it. Once it is full,
// the oldest stands at put % Kept.
type shelf struct {
	records []Record
	put     uint64
}

func (s *shelf) add(r Record) {
	if len(s.records) < Kept {
		s.records = append(s.records, r)
	} else {
		s.records[s.put%Kept] = r
	}
	s.put++
}

// from lists what is at least that grave, oldest first.
func (s *shelf) from(level slog.Level) []*Record {
	var out []*Record
	for i := range s.records {
		record := s.records[(s.put+uint64(i))%uint64(len(s.records))]
		if record.Level >= level {
			out = append(out, &record)
		}
	}
	return out
}

// Handler gives a handler that writes into the ring what is at least that
// grave.
func (r *Ring) Handler(level slog.Leveler) slog.Handler { return &handler{ring: r, level: level} }

// Count is the number of records that were written, those that were dropped
// since included.
func (r *Ring) Count() uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.count
}

// Records lists what is kept and at least that grave, oldest first.
func (r *Ring) Records(level slog.Level) []*Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.grave.from(level)
	if level < slog.LevelInfo {
		out = append(out, r.detail.from(level)...)
		slices.SortFunc(out, func(a, b *Record) int { return cmp.Compare(a.Number, b.Number) })
	}
	return out
}

func (r *Ring) add(at time.Time, level slog.Level, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count++
	record := Record{Number: r.count, At: at, Level: level, Text: text}
	if level < slog.LevelInfo {
		r.detail.add(record)
	} else {
		r.grave.add(record)
	}
}

// handler formats records for a ring.
type handler struct {
	ring  *Ring
	level slog.Leveler
	// attrs are those of the logger, formatted, and group the prefix of what
	// comes.
	attrs, group string
}

// Enabled reports whether records of that level are kept.
func (h *handler) Enabled(_ context.Context, level slog.Level) bool { return level >= h.level.Level() }

// Handle keeps a record.
func (h *handler) Handle(_ context.Context, r slog.Record) error {
	var b strings.Builder
	b.WriteString(r.Message)
	b.WriteString(h.attrs)
	r.Attrs(func(a slog.Attr) bool {
		write(&b, h.group, a)
		return b.Len() < maxText
	})
	text := b.String()
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "")
	}
	h.ring.add(r.Time, r.Level, view.Clean(text))
	return nil
}

// WithAttrs adds attributes to every record.
func (h *handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	var b strings.Builder
	b.WriteString(h.attrs)
	for _, a := range attrs {
		write(&b, h.group, a)
	}
	more := *h
	more.attrs = b.String()
	return &more
}

// WithGroup names what the attributes from here on belong to.
func (h *handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	more := *h
	more.group += name + "."
	return &more
}

// write adds an attribute as " name=value"; a group as its members.
func write(b *strings.Builder, prefix string, a slog.Attr) {
	value := a.Value.Resolve()
	switch {
	case a.Equal(slog.Attr{}):
	case value.Kind() == slog.KindGroup:
		if a.Key != "" {
			prefix += a.Key + "."
		}
		for _, member := range value.Group() {
			write(b, prefix, member)
		}
	default:
		text := value.String()
		if text == "" || strings.ContainsAny(text, " \t\n\"=") {
			text = strconv.Quote(text)
		}
		b.WriteString(" " + prefix + a.Key + "=" + text)
	}
}
