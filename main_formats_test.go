package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// piped gives a text to somebody else's program and decodes the JSON that it
// answers with.
func piped(t *testing.T, input, program string, args ...string) any {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Stdin = strings.NewReader(input)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, said.String())
	}
	return decoded(t, string(out))
}

func decoded(t *testing.T, document string) any {
	t.Helper()
	var out any
	if err := json.Unmarshal([]byte(document), &out); err != nil {
		t.Fatalf("%v\n%s", err, document)
	}
	return out
}

// rowsOf are the rows of a document, without what the time alone changes.
func rowsOf(t *testing.T, document any) []map[string]any {
	t.Helper()
	var out []map[string]any
	for _, item := range document.(map[string]any)["items"].([]any) {
		row := item.(map[string]any)
		for _, passing := range []string{"age_seconds", "days_left", "life_left"} {
			delete(row, passing)
		}
		out = append(out, row)
	}
	if len(out) < 50 {
		t.Fatalf("%d rows", len(out))
	}
	return out
}

// TestFormatsAgree: other people's readers of JSON, YAML and CSV find the same in
// what is printed, also of names and texts that nobody means well with.
func TestFormatsAgree(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	status := func(t *testing.T, args ...string) string {
		t.Helper()
		return b.run(t, b.program, append([]string{"status", "--config", b.config, "--max-age", "1h"}, args...)...)
	}
	status(t, "--deep", "--max-age", "0")
	document := status(t, "-o", "json")
	want := rowsOf(t, decoded(t, document))
	if !slices.ContainsFunc(want, func(row map[string]any) bool { return row["name"] == "--help" }) {
		t.Error("no row has a name that a spreadsheet takes for a formula")
	}
	t.Run("json", func(t *testing.T) {
		same(t, rowsOf(t, piped(t, document, tool(t, "jq"), ".")), want)
	})
	t.Run("jsonl", func(t *testing.T) {
		lines := piped(t, status(t, "-o", "jsonl"), tool(t, "jq"), "--slurp", "{items: map(del(.at, .schema_version))}")
		same(t, rowsOf(t, lines), want)
	})
	t.Run("yaml", func(t *testing.T) {
		same(t, rowsOf(t, piped(t, status(t, "-o", "yaml"), tool(t, "yq"), ".")), want)
	})
	t.Run("csv", func(t *testing.T) {
		const reader = `import csv, io, json, sys
text = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", newline="")
json.dump({"items": list(csv.DictReader(text, strict=True))}, sys.stdout)`
		got := rowsOf(t, piped(t, status(t, "-o", "csv", "--columns", "all"), tool(t, "python3"), "-c", reader))
		var inCells []map[string]any
		for _, row := range want {
			inCells = append(inCells, cells(row, slices.Collect(maps.Keys(got[0]))))
		}
		same(t, got, inCells)
	})
}

func same(t *testing.T, got, want []map[string]any) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
	for i, row := range want {
		if reflect.DeepEqual(got[i], row) {
			continue
		}
		for name, value := range row {
			if !reflect.DeepEqual(got[i][name], value) {
				t.Errorf("%v: %s is %q, want %q", row["name"], name, got[i][name], value)
			}
		}
		if len(got[i]) != len(row) {
			t.Errorf("%v: %d values, want %d", row["name"], len(got[i]), len(row))
		}
	}
}

// cells is a row as docs/status.md says that CSV has it.
func cells(row map[string]any, names []string) map[string]any {
	out := map[string]any{}
	for _, name := range names {
		value := row[name]
		if outer, inner, ok := strings.Cut(name, "."); ok {
			fields, _ := row[outer].(map[string]any) // nil where the row has none
			value = fields[inner]
		}
		var text string
		switch v := value.(type) {
		case nil:
			if slices.Contains([]string{"managed", "superseded", "not_seen"}, name) {
				text = "false"
			}
		case []any:
			words := make([]string, len(v))
			for i := range v {
				words[i] = fmt.Sprint(v[i])
			}
			text = strings.Join(words, "; ")
		case map[string]any:
			var pairs []string
			for key, value := range v {
				pairs = append(pairs, fmt.Sprintf("%s=%v", key, value))
			}
			slices.Sort(pairs)
			text = strings.Join(pairs, "; ")
		default:
			text = fmt.Sprint(v)
		}
		if strings.IndexAny(text, "=+-@") == 0 {
			text = "'" + text
		}
		out[name] = text
	}
	return out
}

// TestJQReadsEveryDocument: what commands print as JSON is one document for jq as
// well, whatever the rows hold.
func TestJQReadsEveryDocument(t *testing.T) {
	t.Parallel()
	jq := tool(t, "jq")
	b := newBench(t)
	for name, args := range map[string][]string{
		"check":      {"check", "prod/hostile-escapes"},
		"doctor":     {"doctor"},
		"explain":    {"explain"},
		"support":    {"support"},
		"account":    {"account"},
		"activity":   {"activity"},
		"contacts":   {"contacts"},
		"issuers":    {"issuers"},
		"versions":   {"versions", "prod/hostile-escapes"},
		"validation": {"validation", "landing.example.net"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if args[0] != "explain" {
				args = append(args, "--config", b.config)
			}
			document := b.run(t, b.program, append(args, "-o", "json")...)
			got := piped(t, document, jq, ".")
			if !reflect.DeepEqual(got, decoded(t, document)) {
				t.Error("jq reads something else")
			}
			if version := got.(map[string]any)["schema_version"]; version != 1.0 {
				t.Errorf("schema_version %v", version)
			}
		})
	}
}
