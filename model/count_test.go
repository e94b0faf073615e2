package model

import "testing"

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 orders", 1: "1 order", 2: "2 orders", -1: "-1 orders"} {
		if got := Count(n, "order", "orders"); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}
