package detail_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"certty/model"
	"certty/ui/view"
	"certty/ui/view/detail"
	"certty/ui/view/viewtest"
)

const day = 24 * time.Hour

func flat(s *viewtest.Stage, row view.Row, events []model.Event, w int) string {
	return strings.Join(strings.Fields(strings.Join(detail.Lines(s.Session, row, events, w), " ")), " ")
}

// TestMeaning: every state says what it means, who has to act, and what is
// known of its request.
func TestMeaning(t *testing.T) {
	request := func(r model.Request) func(*model.Item) {
		return func(it *model.Item) { viewtest.Pending(it, r) }
	}
	first := func(r model.Request) func(*model.Item) {
		return func(it *model.Item) { viewtest.Unissued(it); viewtest.Pending(it, r) }
	}
	for _, tt := range []struct {
		name   string
		change func(*model.Item)
		says   []string
		not    []string
	}{
		{"the CA's side", first(model.Request{Phase: model.PhaseFailed, Status: "failed", ErrorCode: model.IssuerErrorCode, ErrorMessage: "timeout at the CA"}),
			[]string{"failed", "The CA could not issue", "error Certificate issuer error", "timeout at the CA", "it can still be merged"}, nil},
		{"the request's side", first(model.Request{Phase: model.PhaseFailed, Status: "failed", ErrorCode: model.RejectedCode, ErrorMessage: "no OV"}),
			[]string{"You: the CA refused the request", "no OV"}, nil},
		{"an unknown code", first(model.Request{Phase: model.PhaseFailed, Status: "failed", ErrorCode: "Odd"}),
			[]string{"with a code that this program does not know", "Odd"}, nil},
		{"gone with its last state", first(model.Request{ID: "17", Phase: model.PhaseInProgress, Status: "inProgress", Gone: true}),
			[]string{"gone", "The vault no longer knows this request", "REQUEST 17", "last known: inProgress"}, nil},
		{"superseded", first(model.Request{ID: "18", Phase: model.PhaseInProgress, Status: "inProgress", Replaced: "17"}),
			[]string{"Superseded: another client put this request in the place of 17", "does not fit"}, nil},
		{"renewal in progress", request(model.Request{Phase: model.PhaseInProgress, Status: "inProgress"}),
			[]string{"have the CSR signed, and merge", "The current version stays live: 99 days left"}, nil},
		{"renewal failed", request(model.Request{Phase: model.PhaseFailed, Status: "failed", ErrorCode: model.IssuerErrorCode, ErrorMessage: "503"}),
			[]string{"The CA could not issue", "The current version stays live: 99 days left"}, nil},
		{"cancelled long ago", request(model.Request{ID: "9", Phase: model.PhaseCancelled, Status: "cancelled", Since: viewtest.Noon.Add(-30 * day)}),
			[]string{"valid, 99 days left", "Its last request was cancelled.", "LAST REQUEST 9"}, []string{"You:"}},
		{"failed and gone since", func(it *model.Item) {
			viewtest.Pending(it, model.Request{Phase: model.PhaseFailed, Status: "failed", ErrorMessage: "no OV", Gone: true, Since: viewtest.Noon.Add(-30 * day)})
		}, []string{"valid", "Its last request failed: no OV"}, nil},
		{"soft-deleted", func(it *model.Item) {
			it.Deletion = &model.Deletion{At: viewtest.Noon.Add(-12 * day), PurgeAt: viewtest.Noon.Add(78 * day), SeenAt: viewtest.Noon}
		}, []string{"soft-deleted, 12d", "name stays reserved", "deleted 2026-11-09 14:05 UTC", "until 2027-02-07 14:05 UTC, 78 days"}, []string{"Renewal unknown"}},
		{"soft-deleted under purge protection", func(it *model.Item) {
			it.Certificate.RecoveryLevel = "Recoverable"
			it.Deletion = &model.Deletion{At: viewtest.Noon.Add(-12 * day), PurgeAt: viewtest.Noon.Add(78 * day), SeenAt: viewtest.Noon}
		}, []string{"purge not before that: the vault has purge protection"}, nil},
		{"soft-deleted, to be destroyed within the day", func(it *model.Item) {
			it.Deletion = &model.Deletion{At: viewtest.Noon.Add(-89 * day), PurgeAt: viewtest.Noon.Add(day / 2), SeenAt: viewtest.Noon}
		}, []string{"02:05 UTC, less than a day"}, []string{"0 days"}},
		{"purged", func(it *model.Item) { it.Deletion = &model.Deletion{At: viewtest.Noon, Purged: true} },
			[]string{"destroyed for good", "The name can be used again"}, nil},
		{"disabled", func(it *model.Item) { it.Certificate.Enabled = false }, []string{"gives out neither its key nor its secret", "enabled no"}, nil},
		{"expired", func(it *model.Item) { it.Certificate.NotAfter = viewtest.Noon.Add(-day) }, []string{"Clients refuse it. You: make a new version."}, nil},
		{"kept name", viewtest.Unissued, []string{"no certificate was ever issued here"}, []string{"from", "until"}},
		{"never read", func(it *model.Item) { it.RequestReadAt = time.Time{} }, []string{"Renewal unknown"}, nil},
		{"not listed", func(it *model.Item) { it.Missed = 2 }, []string{"Not listed since 2026-11-21 14:05 UTC"}, nil},
		{"tags", func(it *model.Item) { it.Certificate.Tags = map[string]string{"b": "2", "a": "1"} }, []string{"tag a=1 tag b=2"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := viewtest.New(t, viewtest.Item("prod", "shop", tt.change))
			got := flat(s, s.Row("prod", "shop"), nil, 60)
			for _, text := range tt.says {
				if !strings.Contains(got, text) {
					t.Errorf("%q is not said:\n%s", text, got)
				}
			}
			for _, text := range tt.not {
				if strings.Contains(got, text) {
					t.Errorf("%q is said:\n%s", text, got)
				}
			}
		})
	}
}

// TestRequestSaysThatItsSignatureHolds: that a CSR was verified is said, and that
// one was changed on the way.
func TestRequestSaysThatItsSignatureHolds(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	right := viewtest.Request(t, key, "shop.example.com")
	wrong := bytes.Replace(right, []byte("shop"), []byte("Shop"), 1)
	for _, tt := range []struct {
		csr       []byte
		says, not string
	}{
		{right, "signature ECDSA-SHA256, verified with its own key", "can't be used"},
		{wrong, "CSR can't be used: verify certificate request with its own key", "verified with"},
	} {
		s := viewtest.New(t, viewtest.Item("prod", "shop", func(it *model.Item) {
			viewtest.Pending(it, model.Request{ID: "7", Phase: model.PhaseInProgress, Status: "inProgress", CSR: tt.csr})
		}))
		if got := flat(s, s.Row("prod", "shop"), nil, 90); !strings.Contains(got, tt.says) || strings.Contains(got, tt.not) {
			t.Errorf("want %q and not %q in:\n%s", tt.says, tt.not, got)
		}
	}
}

func policy() *model.Policy {
	yes, no := true, false
	return &model.Policy{
		Subject: "CN=shop.example.com", SANs: model.SANs{DNS: []string{"shop.example.com"}},
		Issuer: model.Issuer{Name: "digicert", CertificateType: "OV-SSL", Transparency: &yes},
		Key:    model.KeyProperties{Type: "RSA", Size: 3072, Exportable: &no, ReuseKey: &yes},
		EKUs:   []string{"1.3.6.1.5.5.7.3.1", "1.2.3.4"}, KeyUsage: []string{"digitalSignature"}, ContentType: "application/x-pem-file",
		ValidityMonths: 12, LifetimeActions: []model.LifetimeAction{{Action: "AutoRenew", Percentage: 80}, {Action: "EmailContacts", DaysBeforeExpiry: 30}},
	}
}

func TestPolicyGistAndWhole(t *testing.T) {
	s := viewtest.New(t, viewtest.Item("prod", "shop", func(it *model.Item) { it.Policy = policy() }))
	row := s.Row("prod", "shop")
	if got := flat(s, row, nil, 80); !strings.Contains(got, "RSA 3072, 12 months, AutoRenew at 80 % of the lifetime") || strings.Contains(got, "not exportable") {
		t.Errorf("the gist is:\n%s", got)
	}
	s.Open(detail.New(s.Session, row.Item.Ref))
	s.Resize(80, 100)
	s.Sees("in short")
	s.Press("tab")
	s.Sees("key RSA 3072, not exportable, used again in the next version", "ext usage serverAuth, 1.2.3.4", "validity 12 months",
		"EmailContacts 30 days before expiry", "secret as PEM", "issuer digicert, OV-SSL", "certificate transparency: yes", "recovery for 90 days once it is deleted (Recoverable+Purgeable)")
	s.Press("tab")
	s.Sees("in short")
	// Where there is room, everything stands there at once, unless a person
	// chose otherwise.
	s.Close(s.Top())
	s.Open(detail.New(s.Session, row.Item.Ref))
	s.Resize(120, 100)
	s.Sees("not exportable")
}

func TestTimelineGist(t *testing.T) {
	var events []model.Event
	for i := range 9 {
		events = append(events, model.Event{At: viewtest.Noon.Add(time.Duration(i) * time.Hour), Text: "event " + string(rune('a'+i))})
	}
	s := viewtest.New(t, viewtest.Item("prod", "shop", nil))
	row := s.Row("prod", "shop")
	got := flat(s, row, events, 40)
	if !strings.Contains(got, "TIMELINE, UTC 3 earlier ones 11-21 17:05 event d") || strings.Contains(got, "event a") {
		t.Errorf("the timeline is:\n%s", got)
	}
	s.Open(detail.New(s.Session, row.Item.Ref))
	s.Resize(120, 100)
	s.Tell(view.TimelineRead{Ref: row.Item.Ref, Events: events})
	s.Sees("event a", "event i")
}

// No line may be wider than asked, whatever the row holds.
func TestWidths(t *testing.T) {
	s := viewtest.New(t, viewtest.Item("prod", "shop", func(it *model.Item) {
		it.Policy = policy()
		it.Certificate.Subject = "CN=" + strings.Repeat("証明書", 60)
		it.Certificate.Tags = map[string]string{strings.Repeat("k", 200): strings.Repeat("v", 200)}
		viewtest.Pending(it, model.Request{ID: strings.Repeat("f", 64), Phase: model.PhaseFailed, Status: "failed", ErrorMessage: strings.Repeat("long ", 100)})
	}))
	for w := 1; w < 130; w += 3 {
		for _, line := range detail.Lines(s.Session, s.Row("prod", "shop"), nil, w) {
			if ansi.StringWidth(line) > w {
				t.Fatalf("%d cells in %d: %q", ansi.StringWidth(line), w, line)
			}
		}
	}
}

func TestScrolling(t *testing.T) {
	s := viewtest.New(t, viewtest.Item("prod", "shop", func(it *model.Item) { it.Policy = policy() }))
	s.Open(detail.New(s.Session, s.Row("prod", "shop").Item.Ref))
	s.Resize(120, 10)
	first := s.Frame()
	s.Press("G")
	if !strings.Contains(s.Frame(), "secret as") {
		t.Errorf("the end is not reached:\n%s", s.Frame())
	}
	s.Press("g")
	if s.Frame() != first {
		t.Error("the top is not reached again")
	}
	if !slices.Contains(s.Vault.Looked, s.Row("prod", "shop").Item.Ref) {
		t.Error("the row is not read when it is opened")
	}
}

// TestScrollingEnds: the last line is the end, from which one step back moves, and
// drawing changes nothing.
func TestScrollingEnds(t *testing.T) {
	s := viewtest.New(t, viewtest.Item("prod", "web", func(*model.Item) {}))
	v := detail.New(s.Session, s.Row("prod", "web").Item.Ref)
	v.SetSize(60, 5)
	press := func(id string) string {
		for _, a := range v.Actions() {
			if a.ID == id {
				a.Run()
			}
		}
		return strings.Join(v.View(), "\n")
	}
	first := press("top")
	last := press("bottom")
	if first == last {
		t.Fatalf("it has no more than fits:\n%s", first)
	}
	if again := press("down"); again != last {
		t.Errorf("behind the end:\n%s", again)
	}
	if up := press("up"); up == last {
		t.Errorf("one step back from the end shows the same:\n%s", up)
	}
	v.SetSize(60, 500)
	shown, more, _ := strings.Cut(first, "… ")
	if !strings.Contains(more, "lines below") {
		t.Errorf("it does not say that there is more:\n%s", first)
	}
	if all := strings.Join(v.View(), "\n"); !strings.HasPrefix(all, shown) {
		t.Errorf("with room for everything it does not begin with the first line:\n%s", all)
	}
}
