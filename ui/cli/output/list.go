package output

import (
	"context"
	"time"

	"certty/ui/cli/command"
	"certty/ui/cli/row"
)

// Source is what the records of a list were read from.
type Source struct {
	// Target is the configured name; "" where the records say it, or are of none.
	Target string
	// ReadAt is when it was read, where that is not now.
	ReadAt time.Time
}

// listing is what a list is printed in.
type listing[T any] struct {
	SchemaVersion int       `json:"schema_version"`
	GeneratedAt   time.Time `json:"generated_at"`
	Target        string    `json:"target,omitzero"`
	ReadAt        time.Time `json:"read_at,omitzero"`
	Items         []T       `json:"items"`
}

// PrintList sorts records as the flags say and prints them on standard output, as
// a document of their own where the format has one.
func (p *Printer[T]) PrintList(ctx context.Context, env *command.Env, of Source, records []T) error {
	if records == nil {
		records = []T{} // an empty list, not none
	}
	p.Sort(records)
	return p.Print(ctx, env.Stdout, env.Width(), records, listing[T]{
		SchemaVersion: row.SchemaVersion, GeneratedAt: env.Now().UTC().Truncate(time.Second),
		Target: of.Target, ReadAt: of.ReadAt.UTC().Truncate(time.Second), Items: records,
	})
}
