package status

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/backend/pass"
	"certty/model"
	"certty/model/query"
	"certty/ui/cli/command"
	"certty/ui/cli/output"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func days(n int) time.Time { return noon.AddDate(0, 0, n) }

// bench is a command whose looks are given.
type bench struct {
	*job
	out, said bytes.Buffer
	width     int
	height    int
	now       time.Time
	results   []pass.Result
}

// prepare makes the command of flags and names; the targets are prod and ca.
func prepare(t testing.TB, args ...string) *bench {
	t.Helper()
	b := &bench{now: noon}
	env := &command.Env{
		Stdout: &b.out, Stderr: &b.said, Now: func() time.Time { return b.now },
		Size: func() (int, int) { return b.width, b.height },
	}
	s := &settings{}
	var flags output.Flags
	cmd := &cobra.Command{SilenceErrors: true, SilenceUsage: true, Args: cobra.ArbitraryArgs, RunE: func(_ *cobra.Command, names []string) (err error) {
		s.names = names
		p, err := output.New(&flags, list())
		if err != nil {
			return err
		}
		filter, err := query.Parse(s.filter)
		b.job = &job{env: env, settings: s, filter: filter, printer: p, means: fleet.Means, now: env.Now, say: &sayer{say: env.Say},
			look: func(context.Context) []pass.Result { return b.results }}
		return err
	}}
	flags.Add(cmd)
	cmd.Flags().StringVar(&s.filter, "filter", "", "")
	cmd.Flags().DurationVar(&s.watch, "watch", 0, "")
	cmd.Flags().BoolVar(&s.deep, "deep", false, "")
	cmd.SetArgs(append([]string{}, args...))
	if err := cmd.Execute(); err != nil {
		t.Fatal(err)
	}
	b.results = []pass.Result{prod(), account()}
	return b
}

// named is a target of which nothing but the name is asked.
type named struct {
	backend.Backend
	name string
}

func (n named) Info() backend.Info { return backend.Info{Name: n.name} }

var fleet = &command.Fleet{Targets: []command.Target{{Backend: named{name: "prod"}}, {Backend: named{name: "ca"}}}}

func certificate(name string) *model.Item {
	return &model.Item{Ref: model.Ref{Target: "prod", Kind: model.KindCertificate, Key: name}, ListedAt: noon, Certificate: model.Certificate{
		Issued: true, Enabled: true, NotBefore: days(-150), NotAfter: days(50), Created: days(-150), Thumbprint: "ab",
	}}
}

func waiting(name string) *model.Item {
	it := certificate(name)
	it.Certificate = model.Certificate{Created: days(-9)}
	it.RequestReadAt = noon.Add(-3 * time.Hour)
	it.Request = &model.Request{ID: "17", Status: "inProgress", Phase: model.PhaseInProgress, SeenAt: days(-9), Since: days(-9)}
	return it
}

// prod is a vault with everything that formats stumble over.
func prod() pass.Result {
	hostile := certificate("pipe|\"=cmd\n\x1b[31m世界\u202e")
	hostile.Certificate.NotAfter = days(20)
	hostile.Certificate.Tags = map[string]string{"=1": "+2"}
	hostile.Certificate.Subject = "=HYPERLINK(\"x\")"
	hostile.RequestReadAt = noon
	items := []*model.Item{certificate("api"), waiting("mail"), hostile}
	return pass.Result{
		Info:     backend.Info{Name: "prod", Kind: "vault", Address: "https://prod.vault.azure.net"},
		Snapshot: model.NewSnapshot("prod", items, noon), Complete: true,
	}
}

// account has two orders of one name, and one that was deleted here.
func account() pass.Result {
	order := func(id, name, status string, phase model.OrderPhase) *model.Item {
		return &model.Item{Ref: model.Ref{Target: "ca", Kind: model.KindCertificate, Key: id}, ListedAt: noon, RequestReadAt: noon,
			Order: &model.Order{ID: id, CommonName: name, Status: status, Phase: phase, Since: days(-2)}}
	}
	hidden := order("19", "old", "Declined", model.OrderDeclined)
	hidden.Record = &model.Record{Step: model.StepPlaced, DeletedAt: days(-1)}
	items := []*model.Item{order("17", "shop", "Requested", model.OrderRequested), order("18", "shop", "Applied", model.OrderApplied), hidden}
	return pass.Result{
		Info:     backend.Info{Name: "ca", Kind: "scm", Address: "https://cert-manager.com"},
		Snapshot: model.NewSnapshot("ca", items, noon), Complete: true,
	}
}

func (b *bench) run(t *testing.T) (code int) {
	t.Helper()
	return command.ExitCode(b.once(t.Context(), b.width))
}

func TestGolden(t *testing.T) {
	local := time.Local
	time.Local = time.UTC
	t.Cleanup(func() { time.Local = local })
	for name, args := range map[string][]string{
		"table": nil, "json": {"-o", "json"}, "jsonl": {"-o", "jsonl"}, "yaml": {"-o", "yaml"}, "csv": {"-o", "csv"},
		"terminal": nil, "failed": {"--columns", "state,name"}, "failedjson": {"--jq", ".targets"},
	} {
		t.Run(name, func(t *testing.T) {
			b := prepare(t, args...)
			switch name {
			case "terminal":
				b.width = 60
			case "failed", "failedjson":
				b.results[0].Complete, b.results[0].Failed = false, 2
				b.results[0].Err = &backend.Error{Kind: backend.KindThrottled, Op: "list certificates", Ref: model.Ref{Target: "prod"}, Status: 429, Message: "too many"}
				b.results[0].KeeperErr = errors.New("store what is known of prod: the disk is full")
				b.results[1].Err = &backend.Error{Kind: backend.KindAuth, Op: "list orders", Code: "-16", Message: "unknown user", RequestID: "r-1"}
				b.results[1].Latch = &backend.Latch{Target: "ca", At: days(-1)}
			}
			code := b.run(t)
			got := b.out.String() + "-- stderr --\n" + b.said.String()
			if want := map[bool]int{true: 1}[strings.HasPrefix(name, "failed")]; code != want {
				t.Errorf("exit %d", code)
			}
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

// TestAgeOfWhatIsShown: rows of a target that was not read are as old as the last
// time it was: an account's as the last look at what changed.
func TestAgeOfWhatIsShown(t *testing.T) {
	local := time.Local
	time.Local = time.UTC
	t.Cleanup(func() { time.Local = local })
	for format, want := range map[string]string{
		"table": "Its 3 rows are known as of 2026-11-21 11:20 UTC (40m ago).",
		"json":  `"as_of": "2026-11-21T11:20:00Z"`,
	} {
		b := prepare(t, "-o", format)
		r := &b.results[1]
		listed := model.NewSnapshot("ca", r.Snapshot.Items(), noon.Add(-20*time.Hour))
		r.Snapshot = listed.WithLook(noon.Add(-40 * time.Minute))
		r.Complete, r.Err = false, &backend.Error{Kind: backend.KindAuth, Code: "-16"}
		r.Latch = &backend.Latch{Target: "ca", At: noon.Add(-30 * time.Minute)}
		b.run(t)
		if got := b.out.String() + b.said.String(); !strings.Contains(got, want) {
			t.Errorf("%s: no %q in\n%s", format, want, got)
		}
	}
}

// TestEnding: how the command ends follows from how the targets were read.
func TestEnding(t *testing.T) {
	auth := &backend.Error{Kind: backend.KindAuth}
	signIn := &backend.Error{Kind: backend.KindSignIn}
	network := &backend.Error{Kind: backend.KindNetwork}
	fine, cut := result(true, nil), result(false, nil)
	for name, tt := range map[string]struct {
		results []pass.Result
		names   []string
		want    int
	}{
		"all fine":                   {[]pass.Result{fine, fine}, nil, command.ExitDone},
		"one not to the end":         {[]pass.Result{fine, cut}, nil, command.ExitFailed},
		"one failed":                 {[]pass.Result{fine, result(false, network)}, nil, command.ExitFailed},
		"a read failed":              {[]pass.Result{result(true, network)}, nil, command.ExitFailed},
		"one refused":                {[]pass.Result{fine, result(false, auth)}, nil, command.ExitSignIn},
		"refused and not signed":     {[]pass.Result{result(false, auth), result(false, signIn)}, nil, command.ExitSignIn},
		"refused and failed":         {[]pass.Result{result(false, auth), result(false, network)}, nil, command.ExitFailed},
		"refused and cut":            {[]pass.Result{result(false, auth), cut}, nil, command.ExitFailed},
		"missing":                    {[]pass.Result{fine}, []string{"x"}, command.ExitNotFound},
		"missing, but maybe there":   {[]pass.Result{fine, cut}, []string{"x"}, command.ExitFailed},
		"missing, and a read failed": {[]pass.Result{result(true, network)}, []string{"x"}, command.ExitNotFound},
	} {
		b := prepare(t, tt.names...)
		b.results = tt.results
		if got := b.run(t); got != tt.want {
			t.Errorf("%s: exit %d, want %d", name, got, tt.want)
		}
	}
}

func result(complete bool, err error) pass.Result {
	return pass.Result{Info: backend.Info{Name: "prod"}, Snapshot: model.NewSnapshot("prod", nil, time.Time{}), Complete: complete, Err: err}
}

// TestSelection: names, filters and orders of rows.
func TestSelection(t *testing.T) {
	const all = "mail shop/17 shop/18 pipe api"
	for args, want := range map[string]string{
		"":                             all,
		"api":                          "api",
		"prod/api":                     "api",
		"ca/api":                       "missing ca/api",
		"shop":                         "shop/17 shop/18",
		"SHOP api":                     "shop/17 shop/18 api",
		"ca/18":                        "shop/18",
		"API":                          "missing API",
		"19":                           "missing 19",
		"old --filter is:deleted-here": "old/19",
		"--filter is:deleted-here":     "old/19",
		"--filter state:waits":         "mail shop/17",
		"--filter left<20%":            "pipe",
		"--filter age>5d":              "mail pipe api",
		"shop --filter state:waits":    "shop/17",
		"--sort-by name":               "api mail pipe shop/17 shop/18",
		"--sort-by -left":              "api pipe mail shop/17 shop/18",
		"--sort-by age":                "shop/17 shop/18 mail api pipe",
		"--sort-by expiry":             "pipe api mail shop/17 shop/18",
		"--sort-by -urgency":           "api pipe shop/18 shop/17 mail",
		"--sort-by kind,-name":         "shop/17 shop/18 pipe mail api",
		"--sort-by -severity,-key":     "api pipe shop/18 shop/17 mail",
	} {
		b := prepare(t, strings.Fields(args)...)
		v := b.view(b.results)
		var got []string
		for _, e := range v.entries {
			name, _, _ := strings.Cut(e.Name, "|")
			if e.OrderID != "" {
				name += "/" + e.OrderID
			}
			got = append(got, name)
		}
		for _, m := range v.missing {
			got = append(got, "missing", m)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q: %q, want %q", args, s, want)
		}
	}
}

// TestDoubt: a filter that passes nothing says what it may not mean.
func TestDoubt(t *testing.T) {
	b := prepare(t, "--filter", "stat:waits")
	if b.run(t); !strings.Contains(b.said.String(), "stat is no field") {
		t.Errorf("%q", b.said.String())
	}
}

// TestRequestAge: what is said of the knowledge of requests.
func TestRequestAge(t *testing.T) {
	for _, tt := range []struct {
		args   []string
		change func(*model.Item)
		want   string
	}{
		{nil, nil, "pending requests: 1 of 5 rows were never read, the oldest answer is 3h old; --deep reads every one"},
		{[]string{"--deep"}, nil, ""},
		{nil, func(it *model.Item) { it.RequestReadAt = noon }, ""},
		{nil, func(it *model.Item) { it.RequestReadAt = noon.Add(-time.Minute) }, "pending requests: the oldest answer is 1m old; --deep reads every one"},
	} {
		b := prepare(t, tt.args...)
		if tt.change != nil {
			for _, it := range b.results[0].Snapshot.Items() {
				tt.change(it)
			}
		}
		if got := b.requestAge(b.view(b.results)); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

// TestDocumentIsWhole: lists are never null, also when there is nothing.
func TestDocumentIsWhole(t *testing.T) {
	b := prepare(t, "-o", "json")
	b.results = nil
	if b.run(t); !json.Valid(b.out.Bytes()) || strings.Contains(b.out.String(), "null") {
		t.Errorf("%s", b.out.String())
	}
}

// TestFlagsAreChecked: nothing is opened for what can't work.
func TestFlagsAreChecked(t *testing.T) {
	for _, args := range [][]string{
		{"--filter", "left<"}, {"--watch=1s"}, {"--watch=-1m"}, {"--max-age", "-1s"}, {"--timeout", "0s"}, {""}, {"prod/"}, {"--watch", "-o", "yaml"},
		{"--watch", "--jq", "."}, {"--watch", "-o", "table"}, {"-o", "xml"}, {"--sort-by", "naem"}, {"--columns", "naem"}, {"--jq", "["},
	} {
		env := &command.Env{Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{}}
		cmd := New(env)
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		cmd.SetArgs(args)
		err := cmd.Execute()
		if _, ok := errors.AsType[*command.UsageError](err); !ok {
			t.Errorf("%q: %v", args, err)
		}
	}
}
