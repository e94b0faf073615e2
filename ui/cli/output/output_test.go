package output

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	goyaml "github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"certty/backend/text"
	"certty/ui/cli/command"
)

var update = flag.Bool("update", false, "rewrite the golden files")

type base struct {
	Name string `json:"name"`
	Days *int   `json:"days,omitzero"`
}

type record struct {
	base
	At    time.Time         `json:"at,omitzero"`
	Left  *float64          `json:"life_left,omitzero"`
	On    *bool             `json:"on,omitzero"`
	Tags  map[string]string `json:"tags,omitzero"`
	Names []string          `json:"names,omitzero"`
	Error *failure          `json:"error,omitzero"`
}

type failure struct {
	Code string `json:"code,omitzero"`
}

type document struct {
	Items []record `json:"items"`
}

// hostile are records with everything that formats stumble over.
func hostile() []record {
	at := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	return []record{
		{base: base{"plain", new(30)}, At: at, Left: new(0.25), On: new(true), Tags: map[string]string{"b": "2", "a": "1"}, Names: []string{"a.example", "*.b.example"}},
		{base: base{`pipe|quote"comma,`, new(-3)}, Error: &failure{"E|1"}},
		{base: base{"=HYPERLINK(\"http://evil\")", nil}},
		{base: base{"+1", nil}}, {base: base{"-1", nil}}, {base: base{"@SUM(A1)", nil}}, {base: base{"\tcmd", nil}}, {base: base{"\rcmd", nil}},
		{base: base{"two\nlines\r\nthree", nil}},
		{base: base{"\x1b]52;c;ZXZpbA==\a\x1b[31mred\u009b0m\x7f", nil}},
		{base: base{"世界のドメイン", nil}},
		{base: base{"abc\u202etxt.exe\u2066\u200b", nil}},
		{base: base{"عربي", nil}},
		{base: base{"yes", nil}}, {base: base{"0123", nil}}, {base: base{"1e3", nil}}, {base: base{"a: b #c", nil}}, {base: base{" blanks ", nil}},
		{base: base{"👩‍💻 \U000e0001", nil}},
		{base: base{"not utf-8 \x9b\xff", nil}},
		{base: base{"", nil}},
	}
}

func list() List[record] {
	l := List[record]{Columns: Columns[record](), Shown: []string{"name", "days", "error.code"}, Keys: []Key[record]{{Name: "length", Compare: func(a, b *record, flip bool) int {
		if flip {
			return len(b.Name) - len(a.Name)
		}
		return len(a.Name) - len(b.Name)
	}}}}
	l.Columns[1].Also = []string{"age"}
	return l
}

// printer makes a printer of arguments.
func printer(args ...string) (*Printer[record], error) {
	var f Flags
	var p *Printer[record]
	cmd := &cobra.Command{SilenceErrors: true, SilenceUsage: true, RunE: func(*cobra.Command, []string) (err error) {
		p, err = New(&f, list())
		return err
	}}
	f.Add(cmd)
	cmd.SetArgs(append([]string{}, args...))
	err := cmd.Execute()
	return p, err
}

func show(t *testing.T, width int, records []record, args ...string) string {
	t.Helper()
	p, err := printer(args...)
	if err != nil {
		t.Fatal(err)
	}
	p.Sort(records)
	var b bytes.Buffer
	if err := p.Print(t.Context(), &b, width, records, document{records}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	for name, tt := range map[string]struct {
		width int
		args  []string
	}{
		"table":      {0, nil},
		"table40":    {40, []string{"--columns", "name,at,names,tags,on"}},
		"csv":        {0, []string{"-o", "csv"}},
		"json":       {0, []string{"-o", "json"}},
		"jsonl":      {0, []string{"-o", "jsonl"}},
		"yaml":       {0, []string{"-o", "yaml"}},
		"jq":         {0, []string{"--jq", ".items[:2][] | .name, .days, .tags"}},
		"all":        {0, []string{"--columns", "all", "--no-headers", "--sort-by", "-length"}},
		"jqterminal": {80, []string{"--jq", ".items[].name"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := show(t, tt.width, hostile(), tt.args...)
			path := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil || got != string(want) {
				t.Errorf("%v; got\n%s\nwant\n%s", err, got, want)
			}
		})
	}
}

// TestTextsComeThrough: what a reader of the format gets is what was printed.
func TestTextsComeThrough(t *testing.T) {
	records := hostile()
	var want []string
	for _, r := range records {
		want = append(want, strings.ToValidUTF8(r.Name, "\ufffd"))
	}
	// Each broken byte is one replacement.
	want[19] = "not utf-8 \ufffd\ufffd"
	for format, read := range map[string]func(string) ([]string, error){
		"json": func(s string) (out []string, err error) {
			var d document
			err = json.Unmarshal([]byte(s), &d)
			for _, r := range d.Items {
				out = append(out, r.Name)
			}
			return out, err
		},
		"jsonl": func(s string) (out []string, err error) {
			for line := range strings.Lines(s) {
				var r record
				err = errors.Join(err, json.Unmarshal([]byte(line), &r))
				out = append(out, r.Name)
			}
			return out, err
		},
		"yaml": func(s string) (out []string, err error) {
			var d struct{ Items []struct{ Name string } }
			err = goyaml.Unmarshal([]byte(s), &d)
			for _, r := range d.Items {
				out = append(out, r.Name)
			}
			return out, err
		},
	} {
		got, err := read(show(t, 0, records, "-o", format))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v\n got %q\nwant %q", format, err, got, want)
		}
	}
}

// TestNothingToObey: no format but CSV and jq's raw texts lets a control out,
// and to a terminal none does.
func TestNothingToObey(t *testing.T) {
	for _, width := range []int{0, 60} {
		for _, args := range [][]string{{}, {"--columns", "all"}, {"-o", "json"}, {"-o", "jsonl"}, {"-o", "yaml"}, {"-o", "csv"}, {"--jq", ".items[].name"}, {"--jq", ".items"}} {
			if width == 0 && len(args) == 2 && (args[1] == "csv" || args[0] == "--jq" && args[1] != ".items") {
				continue
			}
			out := show(t, width, hostile(), args...)
			for _, r := range out {
				if text.Lines(string(r)) != string(r) {
					t.Errorf("%d %v: %U in %q", width, args, r, out)
					break
				}
			}
			if !utf8.ValidString(out) {
				t.Errorf("%d %v is not UTF-8", width, args)
			}
		}
	}
}

func TestCSV(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(show(t, 0, hostile(), "-o", "csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"name", "days", "at", "life_left", "on", "tags", "names", "error.code"}; !reflect.DeepEqual(rows[0], want) {
		t.Errorf("%q, want %q", rows[0], want)
	}
	if want := []string{"plain", "30", "2026-11-21T12:00:00Z", "0.25", "true", "a=1; b=2", "a.example; *.b.example", ""}; !reflect.DeepEqual(rows[1], want) {
		t.Errorf("%q, want %q", rows[1], want)
	}
	if rows[2][0] != `pipe|quote"comma,` || rows[2][1] != "-3" {
		t.Errorf("%q: a number is no formula", rows[2])
	}
	for _, row := range rows[3:9] {
		if !strings.HasPrefix(row[0], "'") {
			t.Errorf("%q is a formula", row[0])
		}
	}
}

// TestTableFits: on a terminal no line is wider, columns stand under each other
// by cells, and in a pipe nothing is cut.
func TestTableFits(t *testing.T) {
	for _, width := range []int{1, 10, 40, 80} {
		for line := range strings.Lines(show(t, width, hostile(), "--columns", "all")) {
			if n := ansi.StringWidth(strings.TrimRight(line, "\n")); n > width {
				t.Errorf("%d cells in %d: %q", n, width, line)
			}
		}
	}
	wide := []record{{base: base{strings.Repeat("x", 300), new(1)}}, {base: base{"世界", new(22)}}}
	out := show(t, 0, wide)
	if !strings.Contains(out, wide[0].Name+"     1") {
		t.Errorf("cut in a pipe: %s", out)
	}
	var ends []int
	for line := range strings.Lines(out) {
		ends = append(ends, ansi.StringWidth(strings.TrimRight(line, "\n")))
	}
	if ends[1] != ends[2] {
		t.Errorf("numbers end at %v", ends)
	}
}

func TestSort(t *testing.T) {
	data := func() []record {
		return []record{{base: base{"b", new(2)}}, {base: base{"a", nil}}, {base: base{"cc", new(-1)}}, {base: base{"d", new(10)}}, {base: base{"aa", new(2)}}}
	}
	for by, want := range map[string]string{
		"name": "a aa b cc d", "-name": "d cc b aa a", "days": "cc b aa d a", "-days": "d b aa cc a", "days,name": "cc aa b d a", "age": "cc b aa d a",
		"length": "b a d cc aa", "length,-name": "d b a cc aa", "-length,name": "aa cc a b d",
	} {
		records := data()
		show(t, 0, records, "--sort-by", by)
		var got []string
		for _, r := range records {
			got = append(got, r.Name)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %s, want %s", by, s, want)
		}
	}
}

// TestUsage: what is wrong with the flags is said before anything is called, and
// what may have been meant.
func TestUsage(t *testing.T) {
	for args, want := range map[string]string{
		"-o xml":                         "the formats are table, json",
		"--columns naem":                 "did you mean name or names?",
		"--columns NAME":                 "did you mean name",
		"--columns zzz":                  "there are name, days, age, at",
		"--columns name,,at":             "a column is missing",
		"--columns=":                     "a column is missing",
		"--sort-by lengt":                "did you mean length?",
		"--sort-by life-left":            "did you mean life_left?",
		"--jq .items[":                   "--jq: at character 7: unexpected EOF",
		"--jq input":                     "not allowed",
		"--jq nothing":                   "function not defined: nothing/0",
		"--jq . -o yaml":                 "does not go with --output yaml",
		"--jq . --columns name":          "choose properties of json with --jq",
		"-o json --no-headers":           "--no-headers is for table and csv",
		"-o jsonl --columns name":        "--columns is for table and csv",
		"--jq env.HOME|error --sort-by-": "unknown flag",
	} {
		_, err := printer(strings.Fields(args)...)
		var usage *command.UsageError
		if err == nil || !strings.Contains(err.Error(), want) || !errors.As(err, &usage) && want != "unknown flag" {
			t.Errorf("%s: %v, want %s", args, err, want)
		}
	}
}

// TestJQ: results, errors and endings; the environment is not in reach.
func TestJQ(t *testing.T) {
	t.Setenv("CERTTY_SECRET", "hunter2")
	for expression, want := range map[string]string{
		".items | length":                       "2\n",
		".items[0].name":                        "plain\n",
		".items[0] | {name, days}":              "{\"days\":30,\"name\":\"plain\"}\n",
		"empty":                                 "",
		"env, $ENV":                             "{}\n{}\n",
		".items[] | select(.on).name":           "plain\n",
		`1, halt, 2`:                            "1\n",
		".items[0].life_left*100":               "25\n",
		"nan, infinite":                         "null\n1.7976931348623157e+308\n",
		`.items[0].at | fromdate | todate`:      "2026-11-21T12:00:00Z\n",
		`first(range(10;infinite))`:             "10\n",
		`[.items[] | .days] | add, max, unique`: "27\n30\n[-3,30]\n",
	} {
		if got := show(t, 0, hostile()[:2], "--jq", expression); got != want {
			t.Errorf("%s: %q, want %q", expression, got, want)
		}
	}
	for _, expression := range []string{".items.name", `error("\u001b[31m")`, `"a" | halt_error`, `null | halt_error(3)`} {
		p, err := printer("--jq", expression)
		if err != nil {
			t.Errorf("%s: %v", expression, err)
			continue
		}
		err = p.Print(t.Context(), &bytes.Buffer{}, 0, nil, document{hostile()})
		if err == nil || command.ExitCode(err) != command.ExitFailed || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%s: %q", expression, err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	p, err := printer("--jq", "[range(infinite)]")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Print(ctx, &bytes.Buffer{}, 0, nil, document{}); !strings.Contains(err.Error(), "canceled") {
		t.Errorf("%v", err)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("no space left") }

// TestWriteFails: a full disk is no success in any format.
func TestWriteFails(t *testing.T) {
	for _, args := range [][]string{{}, {"-o", "json"}, {"-o", "jsonl"}, {"-o", "yaml"}, {"-o", "csv"}, {"--jq", "."}} {
		p, err := printer(args...)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Print(t.Context(), broken{}, 0, hostile(), document{hostile()}); err == nil || !strings.Contains(err.Error(), "no space left") {
			t.Errorf("%v: %v", args, err)
		}
	}
}

func FuzzFlags(f *testing.F) {
	for _, seed := range [][3]string{{"name,days", "-length", ".items[].name"}, {"all", "age", "{a: .}"}, {"", "-", "def f: f; 1"}, {"error.code", "days,,", "\"\\(1)\""}, {"\"", "x\x00", ".[] as [$a] | $a"}} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, columns, sortBy, jq string) {
		for _, args := range [][]string{{"--columns", columns, "--sort-by", sortBy}, {"--jq", jq}} {
			p, err := printer(args...)
			if err != nil {
				continue
			}
			if p.program != nil {
				continue // what it does is gojq's, and may be long
			}
			records := hostile()
			p.Sort(records)
			if err := p.Print(t.Context(), &bytes.Buffer{}, 30, records, document{records}); err != nil {
				t.Error(err)
			}
		}
	})
}

// FuzzFormats: whatever the text, it comes back as it was.
func FuzzFormats(f *testing.F) {
	for _, r := range hostile() {
		f.Add(r.Name, "k")
	}
	f.Fuzz(func(t *testing.T, s, key string) {
		if !utf8.ValidString(s) || !utf8.ValidString(key) {
			t.Skip("JSON holds text only")
		}
		records := []record{{base: base{Name: s}, Tags: map[string]string{key: s}}}
		var d document
		var y struct{ Items []struct{ Name string } }
		if err := json.Unmarshal([]byte(show(t, 0, records, "-o", "json")), &d); err != nil || d.Items[0].Name != s || d.Items[0].Tags[key] != s {
			t.Errorf("json: %v %+v", err, d)
		}
		out := show(t, 0, records, "-o", "yaml")
		if err := goyaml.Unmarshal([]byte(out), &y); err != nil || len(y.Items) != 1 || y.Items[0].Name != s {
			t.Errorf("yaml: %v %+v of %s", err, y, out)
		}
		rows, err := csv.NewReader(strings.NewReader(show(t, 0, records, "-o", "csv", "--columns", "name,at"))).ReadAll()
		if want := strings.ReplaceAll(harmless(s), "\r\n", "\n"); err != nil || rows[1][0] != want {
			t.Errorf("csv: %v %q, want %q", err, rows, want)
		}
	})
}
