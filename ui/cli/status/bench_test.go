package status

import (
	"fmt"
	"io"
	"testing"

	"certty/backend/pass"
	"certty/model"
)

// BenchmarkPrint is what a look at 1 000 certificates costs once it is made.
func BenchmarkPrint(b *testing.B) {
	var items []*model.Item
	for i := range 1000 {
		items = append(items, certificate(fmt.Sprintf("certificate-%04d", i)))
	}
	r := prod()
	r.Snapshot = model.NewSnapshot("prod", items, noon)
	for _, format := range []string{"table", "json", "yaml", "csv"} {
		b.Run(format, func(b *testing.B) {
			j := prepare(b, "-o", format)
			j.env.Stdout, j.env.Stderr = io.Discard, io.Discard
			j.results = []pass.Result{r}
			for b.Loop() {
				if err := j.once(b.Context(), 0); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
