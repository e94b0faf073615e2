package explain

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/backend/scm"
	"certty/backend/vault"
	"certty/backend/wire"
	"certty/ui/cli/command"
)

func codes() []backend.Code {
	return slices.Concat(vault.Codes(), scm.Codes(), wire.Codes(), backend.Codes())
}

// run is what the command prints, and how it ends.
func execute(t *testing.T, args ...string) (stdout string, err error) {
	t.Helper()
	var out bytes.Buffer
	env := &command.Env{Stdout: &out, Stderr: t.Output(), Codes: codes, Size: func() (int, int) { return 80, 24 }}
	root := &cobra.Command{Use: "certty", SilenceErrors: true, SilenceUsage: true}
	root.AddCommand(New(env))
	root.SetOut(&out)
	root.SetArgs(append([]string{"explain"}, args...))
	err = root.Execute()
	return out.String(), err
}

// TestSpellings: a code is found however a person has it.
func TestSpellings(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string // the codes found, in their order, each once
	}{
		{[]string{"-1400"}, "-1400"},
		{[]string{"1400"}, "-1400"},
		{[]string{"--", "-1400"}, "-1400"},
		{[]string{"scm", "-3"}, "-3"},
		{[]string{"scm 3"}, "-3"},
		{[]string{"-3", "-1400"}, "-3 -1400"},
		{[]string{"0"}, "0"},
		{[]string{"PendingCertificateNotFound"}, "PendingCertificateNotFound"},
		{[]string{"pending-certificate_not found"}, "PendingCertificateNotFound"},
		{[]string{"Certificate", "issuer", "error"}, "Certificate issuer error"},
		{[]string{"certificate issuer ERROR"}, "Certificate issuer error"},
		{[]string{"409"}, "409"},
		{[]string{"http 409"}, "409"},
		{[]string{"HTTP409"}, "409"},
		{[]string{"429"}, "429"},
		{[]string{"-429"}, "-429"},
		{[]string{"AADSTS7000215"}, "AADSTS7000215"},
		{[]string{"7000215"}, "AADSTS7000215"},
		{[]string{"error -16"}, "-16"},
		{[]string{"uncertain"}, "uncertain"},
		{[]string{"read only"}, "read-only"},
		{[]string{"latched"}, "latched"},
		{[]string{"certty Not Found"}, "not found"},
		{[]string{"merge prod/web: no role (403 ForbiddenByRbac)"}, "ForbiddenByRbac"},
		{[]string{`{"code":-1400,"description":"being processed on 2026-11-22"}`}, "-1400"},
		{[]string{`{"error":{"code":"Forbidden","message":"x","innererror":{"code":"ForbiddenByFirewall"}}}`}, "ForbiddenByFirewall"},
		{[]string{"the authority answered 401: invalid_client AADSTS7000222: expired"}, "AADSTS7000222"},
		{[]string{"the service answered 502 <html>"}, "502"},
	} {
		out, err := execute(t, append([]string{"-o", "json"}, test.args...)...)
		if err != nil {
			t.Errorf("%q: %v", test.args, err)
			continue
		}
		var doc catalogue
		if err := json.Unmarshal([]byte(out), &doc); err != nil || doc.SchemaVersion != schemaVersion {
			t.Fatalf("%q: %v\n%s", test.args, err, out)
		}
		var found []string
		for _, c := range doc.Codes {
			if !slices.Contains(found, c.Code) {
				found = append(found, c.Code)
			}
			if c.Cause == "" || c.Fix == "" || c.Who == "" || c.At == nil {
				t.Errorf("%q: %+v", test.args, c)
			}
		}
		if got := strings.Join(found, " "); got != test.want {
			t.Errorf("%q finds %s, want %s", test.args, got, test.want)
		}
	}
}

// TestTwoMeanings: a code with two meanings tells both and where each holds.
func TestTwoMeanings(t *testing.T) {
	out, err := execute(t, "-159")
	if err != nil || strings.Count(out, "-159  Sectigo") != 2 || !strings.Contains(out, ": revoke\n") || !strings.Contains(out, ": custom fields\n") {
		t.Errorf("%v\n%s", err, out)
	}
	for line := range strings.Lines(out) {
		if len(line) > 81 {
			t.Errorf("wider than the terminal: %q", line)
		}
	}
}

// TestUnknown names what is near and ends with the code for it; what is known
// beside it is explained all the same.
func TestUnknown(t *testing.T) {
	for query, near := range map[string]string{
		"PendingCertificateNotFond": "PendingCertificateNotFound",
		"ForbidenByFirewall":        "ForbiddenByFirewall",
		"-1401":                     "-1400",
		"firewall":                  "ForbiddenByFirewall",
	} {
		out, err := execute(t, query)
		if command.ExitCode(err) != command.ExitNotFound || !strings.Contains(err.Error(), near) || out != "" {
			t.Errorf("%s: %v\n%s", query, err, out)
		}
	}
	out, err := execute(t, "-1400", "-987654")
	if command.ExitCode(err) != command.ExitNotFound || !strings.Contains(out, "-1400  ") || strings.Contains(err.Error(), `"-1400"`) {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{{"--nope"}, {"-o", "xml", "-3"}, {"-o"}, {"-x"}} {
		if out, err := execute(t, args...); command.ExitCode(err) != command.ExitUsage || out != "" {
			t.Errorf("%q: %v\n%s", args, err, out)
		}
	}
	for _, args := range [][]string{{"--help"}, {"-h"}, {"-3", "--help"}} {
		if out, err := execute(t, args...); err != nil || !strings.Contains(out, "certty explain -1400") {
			t.Errorf("%q: %v\n%s", args, err, out)
		}
	}
}

// TestList: without a code every one is listed, on a line of its own.
func TestList(t *testing.T) {
	out, err := execute(t)
	if err != nil || strings.Count(out, "\n") != len(codes()) {
		t.Errorf("%v: %d lines of %d codes", err, strings.Count(out, "\n"), len(codes()))
	}
}

// FuzzFind: whatever is looked up, the answer is a code or none, and what is
// found by its own spelling is that code.
func FuzzFind(f *testing.F) {
	for _, seed := range []string{"-1400", "409", "Certificate issuer error", "scm", "http ", "-", "", "\x00", "{\"code\":0}", "vault: Forbidden", strings.Repeat("a ", 99)} {
		f.Add(seed)
	}
	all := codes()
	f.Fuzz(func(t *testing.T, query string) {
		for _, c := range find(all, query) {
			if c.Code == "" || c.Means == "" {
				t.Fatalf("%q finds %+v", query, c)
			}
		}
		if len(nearest(all, query)) > 5 {
			t.Fatalf("%q: too many are near", query)
		}
		err := notKnown(all, query)
		if strings.ContainsAny(err.Error(), "\x00\x1b\n") {
			t.Fatalf("%q: the message is not safe to show: %q", query, err)
		}
	})
}

func TestEveryCodeIsFoundByItself(t *testing.T) {
	all := codes()
	for _, c := range all {
		if !slices.ContainsFunc(find(all, c.Code), func(o backend.Code) bool { return same(c, o) }) {
			t.Errorf("%s %s is not found by its own spelling", c.Service, c.Code)
		}
	}
}
