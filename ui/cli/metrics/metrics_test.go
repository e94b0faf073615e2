package metrics

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"certty/backend"
	"certty/backend/pass"
	"certty/model"
	"certty/ui/cli/command"
	"certty/ui/cli/survey"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// looks are an account that was read and a vault that was not.
func looks(name string) []survey.Look {
	account := model.NewSnapshot("sectigo", []*model.Item{
		{
			Ref: model.Ref{Target: "sectigo", Key: "1"}, RequestReadAt: noon,
			Certificate: model.Certificate{Issued: true, Enabled: true, NotBefore: noon.Add(-time.Hour), NotAfter: noon.Add(time.Hour), Subject: name, Issuer: "CN=CA"},
			Order:       &model.Order{ID: "1", Phase: model.OrderIssued, CommonName: name, Expires: noon.Add(time.Hour)},
		},
		{
			Ref: model.Ref{Target: "sectigo", Key: "2"}, RequestReadAt: noon,
			Order: &model.Order{ID: "2", Phase: model.OrderRequested, Status: "Requested", CommonName: name, Since: noon.Add(-90 * time.Second)},
		},
	}, noon)
	vault := model.NewSnapshot(name, []*model.Item{{
		Ref:         model.Ref{Target: name, Key: name},
		Certificate: model.Certificate{Issued: true, Enabled: true, NotBefore: noon.Add(-2 * time.Hour), NotAfter: noon.Add(-time.Hour)},
	}}, time.Time{})
	out := []survey.Look{
		{
			Result:   pass.Result{Info: backend.Info{Name: "sectigo", Kind: "scm"}, Snapshot: account, Complete: true, Took: 1500 * time.Millisecond},
			Password: &backend.Finding{Until: noon.Add(time.Minute)},
			Domains:  []model.DomainValidation{{Domain: name, Valid: true, Expires: noon}, {Domain: "new.example"}},
		},
		{Result: pass.Result{Info: backend.Info{Name: name, Kind: "vault"}, Snapshot: vault, Err: errors.New("no route"), Failed: 1}},
	}
	for i := range out {
		for _, it := range out[i].Snapshot.Items() {
			out[i].Rows = append(out[i].Rows, survey.Row{Item: it, Status: it.Status(noon)})
		}
	}
	return out
}

func written(t *testing.T, name string, subjects bool) string {
	t.Helper()
	g := newGathering(noon, subjects, "v1")
	for _, l := range looks(name) {
		g.target(&l)
	}
	var b bytes.Buffer
	if err := write(&b, g.families()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestValues(t *testing.T) {
	out := written(t, "prod", false)
	for _, want := range []string{
		`x509_cert_not_before{target="sectigo",kind="scm",name="1"} 1795258800`,
		`x509_cert_not_after{target="sectigo",kind="scm",name="1"} 1795266000`,
		`x509_cert_expired{target="sectigo",kind="scm",name="1"} 0`,
		`x509_cert_expired{target="prod",kind="vault",name="prod"} 1`,
		`certty_request_age_seconds{target="sectigo",kind="scm",name="2",state="waits: approval"} 90`,
		`certty_items{target="sectigo",state="waits: approval"} 1`,
		`certty_items{target="sectigo",state="failed"} 0`,
		`certty_items_unread{target="prod"} 1`,
		`certty_domain_validation_not_after{target="sectigo",domain="prod"} 1795262400`,
		`certty_domain_validation_valid{target="sectigo",domain="new.example"} 0`,
		`certty_account_password_expiry_timestamp_seconds{target="sectigo"} 1795262460`,
		`certty_target_up{target="sectigo",kind="scm"} 1`,
		`certty_target_up{target="prod",kind="vault"} 0`,
		`certty_target_failed_reads{target="prod"} 1`,
		`certty_target_last_success_timestamp_seconds{target="sectigo"} 1795262400`,
		`certty_target_last_success_timestamp_seconds{target="prod"} 0`,
		`certty_target_look_duration_seconds{target="sectigo"} 1.5`,
		`certty_build_info{version="v1"} 1`,
	} {
		if !strings.Contains(out, want+"\n") {
			t.Errorf("there is no %s", want)
		}
	}
	if strings.Contains(out, "subject") || strings.Contains(out, "new.example\",expires") {
		t.Errorf("%s", out)
	}
	if with := written(t, "prod", true); !strings.Contains(with, `x509_cert_not_after{target="sectigo",kind="scm",name="1",subject="prod",issuer="CN=CA"}`) {
		t.Errorf("%s", with)
	}
}

// hostile is a name that ends a label, a line or a terminal's patience.
const hostile = "a|b\"c\\d\ne{f}=g,h\x1b[31m\u202e\xff# TYPE"

// TestFormat: Prometheus' own linter takes what is written, whatever the names
// are, and every line is a comment or a value without a timestamp.
func TestFormat(t *testing.T) {
	for _, name := range []string{"prod", hostile} {
		out := written(t, name, true)
		problems, err := promlint.New(strings.NewReader(out)).Lint()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		for _, p := range problems {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
		if !strings.HasSuffix(out, "\n") {
			t.Error("the last line does not end")
		}
		seen := make(map[string]bool)
		for line := range strings.Lines(out) {
			if help, ok := strings.CutPrefix(line, "# HELP "); ok {
				if metric, _, _ := strings.Cut(help, " "); seen[metric] {
					t.Errorf("%s is explained twice", metric)
				} else {
					seen[metric] = true
				}
				continue
			}
			if strings.HasPrefix(line, "# TYPE ") {
				continue
			}
			_, after, ok := strings.Cut(line[strings.LastIndexByte(line, '}')+1:], " ")
			if !ok || strings.Contains(strings.TrimSpace(after), " ") {
				t.Errorf("more than a value: %q", line)
			}
		}
	}
}

// TestPut: what is written to a file is what is printed, and a name that can't be
// written is told.
func TestPut(t *testing.T) {
	families := []*family{{name: "certty_build_info", help: "Which certty wrote this.", series: []series{{value: 1}}}}
	var printed bytes.Buffer
	if err := (&settings{to: ""}).put(&command.Env{Stdout: &printed}, families); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "certty.prom")
	if err := (&settings{to: path}).put(&command.Env{}, families); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || len(got) == 0 || !bytes.Equal(got, printed.Bytes()) {
		t.Errorf("%q (%v), and printed is %q", got, err, printed.String())
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != publicMode {
		t.Errorf("%v, %v", info, err)
	}
	path = filepath.Join(path, "x.prom")
	if err := (&settings{to: path}).put(&command.Env{}, families); err == nil || !strings.Contains(err.Error(), "write "+path) {
		t.Errorf("%v", err)
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{
		{"--to", "x.txt"}, {"--to", "/tmp/.prom"}, {"--timeout", "0s"}, {"--max-age", "-5m"}, {"prod"},
	} {
		cmd := New(&command.Env{Stdout: io.Discard, Stderr: io.Discard})
		cmd.SetArgs(args)
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		if err := cmd.ExecuteContext(t.Context()); command.ExitCode(err) != command.ExitUsage {
			t.Errorf("%q: %v", args, err)
		}
	}
}
