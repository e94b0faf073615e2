package wire

import "testing"

func TestCodes(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Codes() {
		if c.Means == "" || c.Cause == "" || c.Next == "" || seen[c.Code] {
			t.Errorf("%s is not explained, or twice: %+v", c.Code, c)
		}
		seen[c.Code] = true
	}
	for _, code := range []string{"302", "401", "403", "404", "407", "409", "429", "502", "503", "504", "511"} {
		if !seen[code] {
			t.Errorf("%s is not explained", code)
		}
	}
}
