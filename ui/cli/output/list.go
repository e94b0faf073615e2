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

// Listing is the document that a list is printed in.
type Listing[T any] struct {
	// SchemaVersion is the version of this form.
	SchemaVersion int `json:"schema_version"`
	// GeneratedAt is when it was made.
	GeneratedAt time.Time `json:"generated_at"`
	// Target is the configured name; absent where the records say it, or are of
	// none.
	Target string `json:"target,omitzero"`
	// ReadAt is when it was read, where that is not now.
	ReadAt time.Time `json:"read_at,omitzero"`
	// Items are the records, each of which is a line of JSON Lines.
	Items []T `json:"items"`
}

// PrintList sorts records as the flags say and prints them on standard output, as
// a document of their own where the format has one.
func (p *Printer[T]) PrintList(ctx context.Context, env *command.Env, of Source, records []T) error {
	if records == nil {
		records = []T{} // an empty list, not none
	}
	p.Sort(records)
	return p.Print(ctx, env.Stdout, env.Width(), records, Listing[T]{
		SchemaVersion: row.SchemaVersion, GeneratedAt: env.Now().UTC().Truncate(time.Second),
		Target: of.Target, ReadAt: of.ReadAt.UTC().Truncate(time.Second), Items: records,
	})
}
