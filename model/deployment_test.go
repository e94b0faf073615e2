package model

import "testing"

func TestParseFileMode(t *testing.T) {
	for text, want := range map[string]uint32{"": 0, "0640": 0o640, "600": 0o600, "440": 0o440} {
		if got, err := ParseFileMode(text); err != nil || got != want {
			t.Errorf("%q: %o, %v", text, got, err)
		}
	}
	for _, text := range []string{"9", "0644", "0200", "7777", "rw"} {
		if _, err := ParseFileMode(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

func TestDeploymentProblems(t *testing.T) {
	for _, tt := range []struct {
		d     Deployment
		field Field
	}{
		{d: Deployment{}},
		{d: Deployment{Dir: "/etc/tls", Owner: "nginx:ssl", Mode: 0o640}},
		{d: Deployment{Dir: "tls"}, field: InFolder},
		{d: Deployment{Owner: "nginx"}, field: InFolder},
		{d: Deployment{Mode: 0o600}, field: InFolder},
		{d: Deployment{Dir: "/x", Owner: "a b"}, field: InOwner},
		{d: Deployment{Dir: "/x", Owner: "a:b:c"}, field: InOwner},
	} {
		var field Field
		if p := tt.d.Problems(); len(p) > 0 {
			field = p[0].Field
		}
		if field != tt.field {
			t.Errorf("%+v: %q", tt.d, field)
		}
	}
}
