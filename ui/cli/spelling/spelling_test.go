package spelling

import "testing"

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		far  int
	}{
		{"", "", 0}, {"state", "state", 0}, {"state", "", 5}, {"", "age", 3}, {"satte", "state", 2}, {"stat", "state", 1}, {"kitten", "sitting", 3},
	} {
		if far := Distance(c.a, c.b); far != c.far || Distance(c.b, c.a) != c.far {
			t.Errorf("%q and %q are %d apart, want %d", c.a, c.b, far, c.far)
		}
	}
}
