package lint

import (
	"fmt"
	"time"
)

// near is how near a coming rule has to be to matter: an order rarely waits
// longer for its approval and its validation.
const near = 60 * 24 * time.Hour

// Expect says in words what lifetime an order of a term in days can expect, were
// it issued at that moment; see [Lifetime].
func Expect(term int, at time.Time) string {
	e := Lifetime(term, at)
	text := fmt.Sprintf("expect %d days", e.Days)
	switch {
	case e.Cut:
		text += fmt.Sprintf(" at most: since %s public certificates live no longer; the CA shortens it or refuses", e.Limit.From.Format(time.DateOnly))
	case e.Limit.Days > 0:
		text += fmt.Sprintf("; since %s the rule allows %d", e.Limit.From.Format(time.DateOnly), e.Limit.Days)
	}
	if e.Next.Days > 0 && e.Next.From.Sub(at) < near {
		text += fmt.Sprintf("; if it is issued only from %s on, %d", e.Next.From.Format(time.DateOnly), e.Next.Days)
	}
	return text
}
