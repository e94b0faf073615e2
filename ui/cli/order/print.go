package order

import (
	"context"
	"time"

	"certty/ui/cli/command"
	"certty/ui/cli/output"
	"certty/ui/cli/row"
)

// document is what a list of records is printed in.
type document[T any] struct {
	SchemaVersion int       `json:"schema_version"`
	GeneratedAt   time.Time `json:"generated_at"`
	Target        string    `json:"target"`
	// ReadAt is when the account was read.
	ReadAt time.Time `json:"read_at,omitzero"`
	Items  []T       `json:"items"`
}

// printList prints records with the printer that the flags made.
func printList[T any](ctx context.Context, env *command.Env, p *output.Printer[T], target string, readAt time.Time, records []T) error {
	if records == nil {
		records = []T{} // an empty list, not none
	}
	p.Sort(records)
	return p.Print(ctx, env.Stdout, env.Width(), records, document[T]{
		SchemaVersion: row.SchemaVersion, GeneratedAt: env.Now().UTC(), Target: target, ReadAt: readAt.UTC(), Items: records,
	})
}
