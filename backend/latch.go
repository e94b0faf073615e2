package backend

import "time"

// Latch says that a service did not accept the credential of a target. While
// it stands nothing is called there, by this process or any other, because
// repeated tries lock accounts.
type Latch struct {
	// Target is the configured name of the target.
	Target string
	// Reason is the refusal, in words.
	Reason string
	// At is when the credential was refused.
	At time.Time
}
