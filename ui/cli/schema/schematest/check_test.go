package schematest

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

// Letter is a document of this test.
type Letter struct {
	// SchemaVersion is the version of this form.
	SchemaVersion int `json:"schema_version"`
	// At is when it was written.
	At time.Time `json:"at,omitzero"`
	// Weight is a share.
	Weight float64 `json:"weight"`
	// Mood is one of a few.
	Mood Mood `json:"mood"`
	// Notes are by name.
	Notes map[string]string `json:"notes,omitempty"`
	// Any is whatever it is.
	Any any `json:"any,omitzero"`
	// Pages are in their order.
	Pages []Page `json:"pages"`
	Page
}

// Page is a part of a letter, and may hold others.
type Page struct {
	// Text is what stands there.
	Text string `json:"text"`
	// Under are those below it.
	Under []Page `json:"under,omitempty"`
}

// Mood is a word.
type Mood string

// TestCheck: what the type makes conforms, and nothing else does. The comments of
// this file are not read, because it is a test: so they are given.
func TestCheck(t *testing.T) {
	note := comments{"certty/ui/cli/schema/schematest": {}}
	for _, typ := range []reflect.Type{reflect.TypeFor[Letter](), reflect.TypeFor[Page]()} {
		for field := range typ.Fields() {
			note["certty/ui/cli/schema/schematest"][typ.Name()+"."+field.Name] = field.Name + " is told."
		}
	}
	g := generator{t: t, comments: note, defs: map[string]any{}, types: map[string]reflect.Type{}, Document: Document{
		Version: 1, Words: map[reflect.Type]any{reflect.TypeFor[Mood](): []Mood{"glad", "sad"}},
		Fields: map[string]map[string]any{"Letter.Weight": {"minimum": 0, "maximum": 1}},
	}}
	rules := g.object(reflect.TypeFor[Letter]())
	rules["$defs"] = g.defs
	schema, err := json.Marshal(rules)
	if err != nil {
		t.Fatal(err)
	}
	good := `{"schema_version":1,"at":"2026-11-22T08:00:00Z","weight":0.5,"mood":"sad","notes":{"a":"b"},"any":{"x":[1]},` +
		`"pages":[{"text":"one","under":[{"text":"two"}]}],"text":"three"}`
	if err := Check(schema, []byte(good)); err != nil {
		t.Error(err)
	}
	for _, tt := range []struct{ was, now, says string }{
		{`"schema_version":1,`, ``, "schema_version is missing"},
		{`"schema_version":1,`, `"schema_version":2,`, "want const 1"},
		{`"schema_version":1,`, `"schema_version":1.0,`, "is no integer"},
		{`"2026-11-22T08:00:00Z"`, `"yesterday"`, "is no date-time"},
		{`"2026-11-22T08:00:00Z"`, `"0001-01-01T00:00:00Z"`, "is no date-time"},
		{`0.5`, `1.5`, "want maximum 1"},
		{`0.5`, `-1`, "want minimum 0"},
		{`0.5`, `"half"`, "is no number"},
		{`"sad"`, `"mad"`, "is none of"},
		{`{"a":"b"}`, `{"a":1}`, "$.notes.a: 1 is no string"},
		{`{"a":"b"}`, `null`, "<nil> is no object"},
		{`[{"text":"one"`, `[{"next":"one"`, `$.pages[0]: text is missing`},
		{`[{"text":"two"}]`, `{"text":"two"}`, "is no array"},
		{`[{"text":"two"}]`, `null`, "is no array"},
		{`"text":"three"`, `"test":"three"`, `does not tell of "test"`},
		{`"text":"three"}`, `"text":"three"}{}`, "something stands behind it"},
		{`{"schema_version"`, `["schema_version"`, "the document"},
	} {
		bad := strings.Replace(good, tt.was, tt.now, 1)
		if err := Check(schema, []byte(bad)); bad == good || err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, want %s", bad, err, tt.says)
		}
	}
	if err := Check([]byte(`{"pattern":"x"}`), []byte(`"y"`)); err == nil {
		t.Error("a keyword that nobody checks passes")
	}
}
