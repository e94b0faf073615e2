package check

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/backend/pass"
	"certty/model"
	"certty/ui/cli/command"
	"certty/ui/cli/survey"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

const oneDay = 24 * time.Hour

// named is a target of which nothing but the name is asked.
type named struct {
	backend.Backend
	name string
}

func (n named) Info() backend.Info { return backend.Info{Name: n.name} }

var fleet = &command.Fleet{Targets: []command.Target{{Backend: named{name: "prod"}}}}

// live is a certificate of a life of 100 days with so many left.
func live(name string, left int) *model.Item {
	end := noon.Add(time.Duration(left) * oneDay)
	return &model.Item{
		Ref: model.Ref{Target: "prod", Kind: model.KindCertificate, Key: name}, ListedAt: noon, RequestReadAt: noon,
		Certificate: model.Certificate{Issued: true, Enabled: true, NotBefore: end.Add(-100 * oneDay), NotAfter: end, Created: end.Add(-100 * oneDay)},
	}
}

// waits is a manual request that has waited for so many days.
func waits(name string, days int) *model.Item {
	it := live(name, 80)
	it.Certificate = model.Certificate{Created: noon.Add(-time.Duration(days) * oneDay)}
	it.Request = &model.Request{ID: "1", Status: "inProgress", Phase: model.PhaseInProgress, Issuer: model.Issuer{Name: "Unknown"}}
	return it
}

func failed(name string) *model.Item {
	it := live(name, 80)
	it.Request = &model.Request{ID: "1", Phase: model.PhaseFailed, ErrorMessage: "not allowed", Since: noon, SeenAt: noon}
	return it
}

func change(it *model.Item, do func(*model.Item)) *model.Item { do(it); return it }

// order is an issued order with so many of 100 days left.
func order(id string, left int) *model.Item {
	it := live(id, left)
	it.Ref.Target = "prod"
	it.Order = &model.Order{
		ID: id, Phase: model.OrderIssued, Status: "Issued", CommonName: id + ".example.com", Issued: it.Certificate.NotBefore, Expires: it.Certificate.NotAfter,
	}
	return it
}

func held(step model.RecordStep, since int) *model.Item {
	it := order("1", 80)
	it.Record = &model.Record{Key: "1", Step: step, StepAt: noon.Add(-time.Duration(since) * oneDay)}
	if step == model.StepPlaced {
		it.Order.Issued = it.Record.StepAt
	}
	return it
}

func lookAt(items ...*model.Item) survey.Look {
	l := survey.Look{Result: pass.Result{
		Info: backend.Info{Name: "prod", Kind: "vault"}, Snapshot: model.NewSnapshot("prod", items, noon), Complete: true, Took: time.Second,
	}}
	for _, it := range l.Snapshot.Items() {
		l.Rows = append(l.Rows, survey.Row{Item: it, Status: it.Status(noon)})
	}
	return l
}

// judged is the report on looks, with flags as a person gives them.
func judged(t *testing.T, flags string, looks ...survey.Look) *report {
	t.Helper()
	var s settings
	cmd := &cobra.Command{}
	if err := s.bind(cmd); err != nil {
		t.Fatal(err)
	}
	if err := cmd.ParseFlags(strings.Fields(flags)); err != nil {
		t.Fatal(err)
	}
	s.names = cmd.Flags().Args()
	if err := s.check(); err != nil {
		t.Fatal(err)
	}
	j := judge{settings: &s, now: noon, means: fleet.Means}
	j.all(looks)
	return &j.report
}

func TestRows(t *testing.T) {
	for name, tt := range map[string]struct {
		item  *model.Item
		flags string
		want  level
		says  string
	}{
		"much left":            {live("a", 80), "", levelOK, "OK - 1 certificates"},
		"little left":          {live("a", 15), "", levelWarning, "prod/a: 15d left, 15% of its life (<20% life)"},
		"hardly any left":      {live("a", 5), "", levelCritical, "(<10% life)"},
		"days":                 {live("a", 25), "-w 30d -c 14d", levelWarning, "25d left"},
		"few days":             {live("a", 13), "-w 30d -c 14d", levelCritical, "(<14d)"},
		"a range":              {live("a", 15), "-w @10:20 -c @1:9", levelWarning, "range @10:20"},
		"no threshold":         {live("a", 1), "--warning= --critical=", levelOK, ""},
		"expired":              {live("a", -3), "--warning= --critical=", levelCritical, "expired 3d ago"},
		"disabled":             {change(live("a", -3), func(it *model.Item) { it.Certificate.Enabled = false }), "", levelOK, ""},
		"soft-deleted":         {change(live("a", 1), func(it *model.Item) { it.Deletion = &model.Deletion{At: noon} }), "", levelOK, ""},
		"not seen any more":    {change(live("a", 1), func(it *model.Item) { it.Missed = 2 }), "", levelOK, ""},
		"no end":               {change(order("1", 5), func(it *model.Item) { it.Certificate.NotAfter, it.Order.Expires = time.Time{}, time.Time{} }), "", levelUnknown, "not told"},
		"no beginning":         {change(order("1", 20), func(it *model.Item) { it.Certificate.NotBefore = time.Time{} }), "", levelWarning, "20d left"},
		"certificates left":    {live("a", -3), "--skip certificates", levelOK, ""},
		"waits":                {waits("a", 1), "", levelOK, "1 requests open"},
		"waits long":           {waits("a", 5), "", levelWarning, "waits: merge (you) for 5d"},
		"stuck":                {waits("a", 9), "", levelCritical, "for 9d"},
		"stuck is allowed":     {waits("a", 9), "--stuck-warning 10d --stuck-critical 20d", levelOK, ""},
		"requests left":        {waits("a", 9), "--skip requests,domains", levelOK, ""},
		"failed":               {failed("a"), "", levelWarning, "failed: not allowed"},
		"failed counts":        {failed("a"), "--failed critical", levelCritical, ""},
		"failed is allowed":    {failed("a"), "--failed ok", levelOK, ""},
		"renewal over the end": {change(waits("a", 5), func(it *model.Item) { it.Certificate = live("a", 4).Certificate; it.Request.Since = noon }), "", levelCritical, "4d left"},
		"since when is not told": {change(waits("a", 5), func(it *model.Item) {
			it.Certificate = live("a", 80).Certificate
			it.Request.SeenAt = noon.Add(-8 * oneDay)
		}), "", levelCritical, "at least 8d"},
		"never read":        {change(live("a", 80), func(it *model.Item) { it.RequestReadAt = time.Time{} }), "-v", levelOK, "--deep"},
		"an order":          {order("1", 5), "", levelCritical, "prod/1.example.com #1: 5d left"},
		"a renewed one":     {change(order("1", 5), func(it *model.Item) { it.Order.Renewed = true }), "", levelOK, ""},
		"a revoked one":     {change(order("1", 5), func(it *model.Item) { it.Order.Phase = model.OrderRevoked }), "", levelOK, ""},
		"history":           {order("1", -40), "", levelOK, ""},
		"in doubt":          {held(model.StepUndecided, 0), "", levelWarning, "a person decides"},
		"in doubt for long": {held(model.StepDoubled, 8), "", levelCritical, "a person decides"},
		"unreadable":        {held(model.StepUnreadable, 0), "", levelWarning, "in doubt"},
		"not collected":     {held(model.StepPlaced, 4), "", levelWarning, "collect (SCM) for 4d"},
		"no keystore": {change(held(model.StepCollected, 8), func(it *model.Item) { it.Record.Keystore = model.KeystoreWaits }), "", levelCritical,
			"make keystore (you) for 8d"},
		"no files":           {change(held(model.StepCollected, 8), func(it *model.Item) { it.Record.Files, it.Record.Trouble = model.FilesDue, "disk full" }), "", levelCritical, "disk full"},
		"held back":          {change(held(model.StepCollected, 0), func(it *model.Item) { it.Record.Files = model.FilesWithheld }), "", levelWarning, "check its key (you)"},
		"held back for long": {change(held(model.StepCollected, 8), func(it *model.Item) { it.Record.Files = model.FilesWithheld }), "", levelCritical, "for 8d"},
		"collected":          {held(model.StepCollected, 8), "", levelOK, ""},
		"filtered":           {live("a", -3), "--filter !state:expired", levelUnknown, "no row passes the filter !state:expired"},
		"a slip in a filter": {live("a", 80), "--filter steat:expired", levelUnknown, "steat is no field"},
		"passes the filter":  {live("a", 80), "--filter !state:expired", levelOK, "1 certificates"},
		"named":              {live("a", 15), "prod/a", levelWarning, "'prod/a'=15%;20:;10:;0;100 'prod/a days'=15"},
		"another name":       {live("a", 15), "prod/b", levelUnknown, "prod/b: nothing has that name"},
		"named by CN":        {order("1", 80), "1.EXAMPLE.com", levelOK, ""},
		"named in vain":      {change(live("a", 50), func(it *model.Item) { it.Certificate.Enabled = false }), "a", levelCritical, "no certificate in use: disabled"},
	} {
		r := judged(t, tt.flags, lookAt(tt.item))
		if got := r.worst(); got != tt.want || !strings.Contains(r.String(), tt.says) {
			t.Errorf("%s: %v, want %v and %q\n%s", name, got, tt.want, tt.says, r)
		}
	}
}

func TestTargets(t *testing.T) {
	broken := func(do func(*survey.Look), items ...*model.Item) survey.Look {
		l := lookAt(items...)
		do(&l)
		return l
	}
	unreached := func(l *survey.Look) { l.Complete, l.Err = false, errors.New("no route") }
	domain := func(left int) func(*survey.Look) {
		return func(l *survey.Look) {
			l.Domains = []model.DomainValidation{{Domain: "example.com", Expires: noon.Add(time.Duration(left) * oneDay)}, {Domain: "never.example"}}
		}
	}
	password := func(f backend.Finding) func(*survey.Look) { return func(l *survey.Look) { l.Password = &f } }
	for name, tt := range map[string]struct {
		look  survey.Look
		flags string
		want  level
		says  string
	}{
		"fine":                  {lookAt(), "", levelOK, "OK"},
		"not reached":           {broken(unreached), "", levelUnknown, "prod: not read: no route"},
		"not reached, expired":  {broken(unreached, live("a", -1)), "", levelCritical, "not read"},
		"not reached, expiring": {broken(unreached, live("a", 15)), "", levelUnknown, "15d left"},
		"cut short":             {broken(func(l *survey.Look) { l.Complete = false }), "", levelUnknown, "not read to the end"},
		"latched":               {broken(func(l *survey.Look) { l.Latch = &backend.Latch{Reason: "401"} }), "", levelUnknown, "login was refused"},
		"in part":               {broken(func(l *survey.Look) { l.Err, l.Failed = errors.New("503"), 3 }), "", levelUnknown, "3 reads failed"},
		"not kept":              {broken(func(l *survey.Look) { l.KeeperErr = errors.New("disk full") }), "", levelUnknown, "disk full"},
		"domain":                {broken(domain(40)), "", levelOK, "'domain'=40;30:;14:"},
		"domain soon":           {broken(domain(20)), "", levelWarning, "prod/example.com: its validation ends in 20d"},
		"domain very soon":      {broken(domain(3)), "", levelCritical, "ends in 3d"},
		"domain over":           {broken(domain(-3)), "", levelCritical, "ended 3d ago"},
		"domain long over":      {broken(domain(-40)), "", levelOK, ""},
		"domain in use over":    {broken(domain(-40), order("1", 80)), "", levelCritical, "ended 40d ago"},
		"domain unread":         {broken(func(l *survey.Look) { l.DomainsErr = errors.New("403") }), "", levelUnknown, "403"},
		"password":              {broken(password(backend.Finding{Until: noon.Add(20 * oneDay)})), "", levelOK, "'password'=20;14:;3:"},
		"password soon":         {broken(password(backend.Finding{Until: noon.Add(10 * oneDay)})), "", levelWarning, "ends in 10d"},
		"password very soon":    {broken(password(backend.Finding{Until: noon.Add(oneDay)})), "", levelCritical, "ends in 24h"},
		"password over":         {broken(password(backend.Finding{Verdict: backend.VerdictBad, Text: "the password has expired"})), "", levelCritical, "has expired"},
		"password unread":       {broken(password(backend.Finding{Err: errors.New("403")})), "", levelUnknown, "403"},
		"password without end":  {broken(password(backend.Finding{Verdict: backend.VerdictGood})), "", levelOK, ""},
	} {
		r := judged(t, tt.flags, tt.look)
		if got := r.worst(); got != tt.want || !strings.Contains(r.String(), tt.says) {
			t.Errorf("%s: %v, want %v and %q\n%s", name, got, tt.want, tt.says, r)
		}
	}
}

// TestReport: the gravest first, several in one phrase, each on a line of its own
// when that is asked for.
func TestReport(t *testing.T) {
	r := judged(t, "-vv", lookAt(live("a", 15), live("b", 12), live("c", 90), waits("d", 9), waits("e", 8), failed("f")))
	lines := strings.Split(strings.TrimSuffix(r.String(), "\n"), "\n")
	text, perf, _ := strings.Cut(lines[0], " | ")
	if want := "CERTTY CRITICAL - 2 stuck up to 9d, 2 expiring (<20% life) in 12d the first, prod/f: failed: not allowed"; text != want {
		t.Errorf("%s\nwant\n%s", text, want)
	}
	if want := "'certificates'=4;;;0 'expiring'=2;;;0 'expired'=0;;;0 'life'=12%;20:;10:;0;100 'days'=12 " +
		"'requests'=2;;;0 'stuck'=2;;;0 'failed'=1;;;0 'doubt'=0;;;0 'uncollected'=0;;;0 'unread'=0;;;0 'wait'=9;3;7;0 'targets'=1;;;0 'untold'=0;;;0;1"; perf != want {
		t.Errorf("%s\nwant\n%s", perf, want)
	}
	if len(lines) != 7 || !slices.ContainsFunc(lines[1:], func(l string) bool { return strings.HasPrefix(l, "WARNING: prod/b: 12d left") }) ||
		!strings.HasPrefix(lines[6], "prod: 6 rows, read in 1000 ms, as of 2026-11-21T12:00:00Z") {
		t.Errorf("%q", lines[1:])
	}
	d := r.document(noon)
	if d.State != "CRITICAL" || d.ExitCode != 2 || d.Summary != strings.TrimPrefix(text, "CERTTY CRITICAL - ") || len(d.Findings) != 5 ||
		written(d.Performance) != perf || len(d.Targets) != 1 || !d.Targets[0].OK {
		t.Errorf("%+v", d)
	}
	if f := d.Findings[0]; f.State != "CRITICAL" || f.Kind != "stuck" || f.Name != "prod/d" || f.Seconds != 9*24*60*60 {
		t.Errorf("%+v", f)
	}
	if quiet := judged(t, "", lookAt(live("a", 15))); strings.Count(quiet.String(), "\n") != 1 {
		t.Errorf("%s", quiet)
	}
}

// TestHostileNames: whatever a name holds, the output is one line of printable
// ASCII with one "|", and its labels are quoted.
func TestHostileNames(t *testing.T) {
	hostile := "a|b 'c' \"d\"=e\nf\x1b[31m\u009b\u202e\u00e9"
	it := live(hostile, 5)
	it.Certificate.Subject = hostile
	s := lookAt(it)
	for _, flags := range []string{"-vv", ""} {
		var set settings
		cmd := &cobra.Command{}
		if err := errors.Join(set.bind(cmd), cmd.ParseFlags(strings.Fields(flags))); err != nil {
			t.Fatal(err)
		}
		set.names = []string{hostile}
		j := judge{settings: &set, now: noon, means: fleet.Means}
		j.all([]survey.Look{s})
		out := j.report.String()
		first, rest, _ := strings.Cut(out, "\n")
		if strings.Count(first, "|") != 1 || strings.Contains(rest, "|") {
			t.Errorf("pipes: %q", out)
		}
		if strings.ContainsFunc(strings.ReplaceAll(out, "\n", ""), func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Errorf("not plain: %q", out)
		}
		if want := `'prod/ab ''c'' "d"_ef[31m??? days'=5`; !strings.Contains(first, want) {
			t.Errorf("%q has no %q", first, want)
		}
		if lines := strings.Count(out, "\n"); flags == "" && lines != 1 || flags != "" && lines != 3 {
			t.Errorf("%d lines: %q", lines, out)
		}
	}
}
