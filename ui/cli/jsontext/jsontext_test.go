package jsontext

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// FuzzPrint: what is printed is the document as json.Indent has it, but for the
// escapes.
func FuzzPrint(f *testing.F) {
	for _, seed := range []string{
		`{}`, `[]`, `null`, `""`, `-1.5e3`, `{"a":{},"b":[],"c":[{"d":"{[,:]}\\"},["\"",true]],"é":"\\\""}`, `[[[1],2],{"x":""}]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var document any
		if json.Unmarshal(data, &document) != nil {
			t.Skip("no JSON")
		}
		compact, err := Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		var want, got bytes.Buffer
		if err := json.Indent(&want, compact, "", "  "); err != nil {
			t.Fatal(err)
		}
		if err := Print(&got, document); err != nil {
			t.Fatal(err)
		}
		if got.String() != want.String()+"\n" {
			t.Errorf("printed %s, want %s", got.String(), want.String())
		}
	})
}

func TestHiddenIsEscaped(t *testing.T) {
	var b bytes.Buffer
	if err := Print(&b, []string{"a\u007fb", "a\u202eb", "a\u0085b", "\U000e0001", "é"}); err != nil {
		t.Fatal(err)
	}
	want := "[\n  \"a\\u007fb\",\n  \"a\\u202eb\",\n  \"a\\u0085b\",\n  \"\\udb40\\udc01\",\n  \"é\"\n]\n"
	if b.String() != want {
		t.Errorf("printed %q, want %q", b.String(), want)
	}
}

func BenchmarkPrint(b *testing.B) {
	rows := make([]map[string]string, 1000)
	for i := range rows {
		rows[i] = map[string]string{"name": strings.Repeat("shop", 10), "subject": "CN=shop.example.com", "state": "live", "since": "2026-11-22T00:00:00Z"}
	}
	for b.Loop() {
		if err := Print(&bytes.Buffer{}, rows); err != nil {
			b.Fatal(err)
		}
	}
}
