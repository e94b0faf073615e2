package forms

import (
	"testing"

	"certty/model"
)

func TestWithPart(t *testing.T) {
	for _, tt := range []struct{ subject, keyword, value, want string }{
		{"", "CN", "shop.example.com", "CN=shop.example.com"},
		{"CN=a", "O", "Contoso, Inc.", `CN=a, O="Contoso, Inc."`},
		{"CN=a, C=US", "O", "X", "CN=a, O=X, C=US"},
		{"O=X", "CN", "a", "CN=a, O=X"},
		{"CN=a, O=X", "CN", "b", "CN=b, O=X"},
		{"CN=a, O=X", "CN", "", "O=X"},
		{"CN=a", "CN", "", ""},
		{`CN=a; O="X, Y"; OU=1`, "OU", "2", `CN=a, O="X, Y", OU=2`},
		{"CN=a, OU=1, OU=2", "OU", "3", "CN=a, OU=3, OU=2"},
		{"CN=a, DC=example, DC=com", "O", "X", "CN=a, DC=example, DC=com, O=X"},
		{"CN=a+OU=b, C=US", "CN", "c", "CN=a+OU=b, CN=c, C=US"},
		{"", "O", `say "hi"`, `O="say ""hi"""`},
		{"", "O", ` blank `, `O=" blank "`},
		{"", "O", `a\b`, `O="a\\b"`},
		{"ST=Bavaria", "S", "Hesse", "S=Hesse"},
	} {
		if got := withPart(tt.subject, tt.keyword, tt.value); got != tt.want {
			t.Errorf("%s=%s in %q: %q, want %q", tt.keyword, tt.value, tt.subject, got, tt.want)
		}
	}
}

func TestRFC4514(t *testing.T) {
	for _, tt := range []struct{ subject, want string }{
		{"", ""},
		{"CN=a", "CN=a"},
		{`CN=a, O="Contoso, Inc.", S=WA`, `CN=a,O=Contoso\, Inc.,ST=WA`},
		{`CN="#x"`, `CN=\#x`},
		{`CN=" x "`, `CN=\ x\ `},
		{"CN=a+OU=b", "CN=a+OU=b"},
		{"DC=example, DC=com", "DC=example,DC=com"},
		{"E=a@b.c", "1.2.840.113549.1.9.1=#1605614062" + "2e63"},
		{"CN=#0c0141", "CN=A"},
		{"not a name", ""},
	} {
		if got := rfc4514(tt.subject); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.subject, got, tt.want)
		}
	}
}

// The fields of the parts and the subject say the same, whichever is typed.
func TestPartsFollowTheSubject(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := creating(t)
		f := s.formOf()
		s.press(`CN=a, O="Contoso, Inc.", DC=x`)
		if got := f.Value(partField("O")); got != "Contoso, Inc." {
			t.Errorf("organization %q", got)
		}
		s.fill(partField("L"), "Berlin")
		if got, want := f.Value(fieldSubject), `CN=a, O="Contoso, Inc.", DC=x, L=Berlin`; got != want {
			t.Errorf("subject %q, want %q", got, want)
		}
		s.fill(partField("O"), "")
		if got, want := f.Value(fieldSubject), "CN=a, DC=x, L=Berlin"; got != want {
			t.Errorf("subject %q, want %q", got, want)
		}
		s.sees("RFC 4514: CN=a,DC=x,L=Berlin")
	})
}

// FuzzWithPart: whatever is typed into a part is read back from the subject as
// it was typed, and what else stood there stays.
func FuzzWithPart(f *testing.F) {
	f.Add("CN=a, O=X", "Contoso, Inc.", uint(1))
	f.Add(`CN="a, ""b""", OU=1+C=US`, `\ #"`, uint(2))
	f.Add("", " ", uint(5))
	f.Fuzz(func(t *testing.T, subject, value string, which uint) {
		if _, err := model.ParseSubject(subject); err != nil {
			subject = ""
		}
		if _, err := model.ParseSubject(`CN="` + value + `"`); err != nil {
			value = "x"
		}
		before := subjectParts(subject)
		a := attributes[which%uint(len(attributes))]
		got := withPart(subject, a.keyword, value)
		if _, err := model.ParseSubject(got); err != nil {
			t.Fatalf("%s=%q in %q gives %q: %v", a.keyword, value, subject, got, err)
		}
		after := subjectParts(got)
		if value != "" && after[a.keyword] != value {
			t.Errorf("%s=%q in %q gives %q: read back as %q", a.keyword, value, subject, got, after[a.keyword])
		}
		for keyword, was := range before {
			if keyword != a.keyword && after[keyword] != was {
				t.Errorf("%s=%q in %q gives %q: %s was %q, is %q", a.keyword, value, subject, got, keyword, was, after[keyword])
			}
		}
		rfc4514(got)
	})
}
