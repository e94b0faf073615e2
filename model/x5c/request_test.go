package x5c_test

import (
	"os"
	"path/filepath"
	"testing"

	"certty/model/x5c"
)

// TestChallengePassword: the one request was made by OpenSSL 3 with the
// attribute, before that of the extensions; the others have none.
func TestChallengePassword(t *testing.T) {
	with, err := os.ReadFile(filepath.Join("testdata", "challenge.pem"))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		data []byte
		want bool
	}{
		"with":    {with, true},
		"without": {newPKI(t).csr, false},
	} {
		csr, err := x5c.FindRequest(test.data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := x5c.HasChallengePassword(csr); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
