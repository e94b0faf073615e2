package console

import (
	"crypto/sha256"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/guard"
	"certty/backend/store"
	"certty/model"
	"certty/model/timetext"
)

// TestVaultChangesAreSettled: a change whose answer was lost ends as what was read
// of its row since proves, and stays uncertain where that proves nothing.
func TestVaultChangesAreSettled(t *testing.T) {
	asked := time.Date(2026, 11, 21, 14, 0, 0, 0, time.UTC)
	before, soon, late := asked.Add(-time.Hour), asked.Add(time.Second), asked.Add(stillRunning+time.Minute)
	leaf := []byte("leaf")
	merged := fmt.Sprintf("leaf SHA-256 %x, 2 certificates", sha256.Sum256(leaf))
	tags := map[string]string{"env": "prod"}
	tagged := guard.UpdateDetail(model.Update{Tags: &tags})
	retagged := guard.UpdateDetail(model.Update{Tags: &tags, TagsWere: &map[string]string{"env": "dev"}})
	const asOP1, imported = "1 SAN, certty-op OP1", "1 tag, leaf SHA-256 00, thumbprint aa11"
	op1 := map[string]string{"certty-op": "OP1"}
	tagged1 := func(it model.Item, id string) model.Item {
		if id != "" {
			it.Certificate.Tags = map[string]string{"certty-op": id}
		}
		return it
	}
	policy := func(months int) model.Policy { return model.Policy{Subject: "CN=a", ValidityMonths: months} }
	repoliced := fmt.Sprintf("validity, was %s, to be %s", guard.PolicyState("validity", policy(12)), guard.PolicyState("validity", policy(3)))
	withPolicy := func(read time.Time, months int) model.Item {
		p := policy(months)
		p.Subject = "CN=changed by somebody"
		return model.Item{Policy: &p, CertificateReadAt: read}
	}
	request := func(read time.Time, change func(*model.Request)) model.Item {
		r := &model.Request{ID: "r1", Status: "inProgress", Phase: model.PhaseInProgress, SeenAt: before}
		change(r)
		return model.Item{Request: r, RequestReadAt: read}
	}
	as := func(*model.Request) {}
	certificate := func(read time.Time, c model.Certificate) model.Item {
		c.Issued = true
		return model.Item{Certificate: c, CertificateReadAt: read, ListedAt: read}
	}
	deleted := func(seen, at time.Time, purged bool) model.Item {
		return model.Item{Deletion: &model.Deletion{At: at, SeenAt: seen, Purged: purged}, ListedAt: before}
	}
	const done, refused, uncertain = backend.ResultDone, backend.ResultRefused, backend.ResultUncertain
	for i, tt := range []struct {
		op, revision, detail string
		it                   model.Item
		want                 backend.Result
		made, says           string
	}{
		{"cancel", "r1", "", request(soon, func(r *model.Request) { r.CancelAsked = true }), done, "r1", ""},
		{"cancel", "r1", "", request(soon, func(r *model.Request) { r.Phase = model.PhaseCancelled }), done, "r1", ""},
		{"cancel", "r1", "", request(before, func(r *model.Request) { r.CancelAsked = true }), uncertain, "", "reset"},
		{"cancel", "r1", "", request(soon, as), uncertain, "", "reset"},
		{"cancel", "r1", "", request(late, as), refused, "", "no cancellation asked for"},
		{"cancel", "r1", "", request(late, func(r *model.Request) { r.ID = "r2"; r.CancelAsked = true }), uncertain, "", "another request"},
		{"cancel", "r1", "", request(late, func(r *model.Request) { r.Phase, r.Status = model.PhaseCompleted, "completed" }), uncertain, "", "ended otherwise (completed)"},
		{"delete request", "r1", "", request(soon, func(r *model.Request) { r.Gone, r.SeenAt = true, soon }), done, "", ""},
		{"delete request", "r1", "", request(late, as), refused, "", "stood there"},
		{"delete request", "r1", "", request(late, func(r *model.Request) { r.ID = "r2" }), uncertain, "", "in its place"},
		{"merge", "r1", merged, certificate(soon, model.Certificate{Version: "v2", DER: leaf}), done, "v2", ""},
		{"merge", "r1", merged, certificate(late, model.Certificate{Version: "v2", DER: []byte("other")}), uncertain, "", "another one"},
		{"merge", "r1", merged, request(late, as), refused, "", "in progress"},
		{"create", "", "", request(soon, func(r *model.Request) { r.SeenAt = soon }), uncertain, "", "reset"},
		{"create", "", "", request(late, func(r *model.Request) { r.SeenAt = soon }), uncertain, "", "probably ours: request r1, seen at "},
		{"create", "", "1 SAN, request before r0", request(late, func(r *model.Request) { r.SeenAt = soon }), uncertain, "", "another one than before (r0)"},
		{"create", "", "", request(late, func(r *model.Request) { r.SeenAt, r.KeyID = soon, "0123456789abcdef0123" }), uncertain, "", "key sha256 0123456789abcdef; "},
		{"create", "", "", request(late, as), refused, "", "from before it"},
		{"create", "", "1 SAN, request before r1", request(late, func(r *model.Request) { r.SeenAt = soon }), refused, "", "from before it"},
		{"create", "", "", model.Item{RequestReadAt: late}, refused, "", "there was no request at "},
		{"create", "", "", model.Item{RequestReadAt: soon}, uncertain, "", "reset"},
		{"create", "", "", request(late, func(r *model.Request) { r.Gone, r.SeenAt = true, soon }), uncertain, "", "is gone"},
		{"create", "", "", request(late, func(r *model.Request) { r.Gone = true }), refused, "", "there was no request"},
		{"create", "", asOP1, tagged1(request(soon, func(r *model.Request) { r.SeenAt = soon }), "OP1"), done, "r1", "the tag certty-op"},
		{"create", "", asOP1, tagged1(request(late, func(r *model.Request) { r.SeenAt = soon }), "OP2"), uncertain, "", "somebody else's: request r1"},
		{"create", "", asOP1, tagged1(request(late, func(r *model.Request) { r.SeenAt = soon }), ""), uncertain, "", "probably ours"},
		{"create", "", "subject \"CN=a, certty-op OP1\", 1 SAN", tagged1(request(late, func(r *model.Request) { r.SeenAt = soon }), "OP1"), uncertain, "", "another operation, OP1"},
		{"new version", "", "", request(late, func(r *model.Request) { r.SeenAt = soon }), uncertain, "", "probably ours"},
		{"new version", "", asOP1, certificate(soon, model.Certificate{Version: "v2", Created: soon, Tags: op1}), done, "v2", "the tag certty-op"},
		{"new version", "", asOP1, certificate(late, model.Certificate{Version: "v2", Created: soon}), uncertain, "", "probably done: version v2"},
		{"new version", "", "version before v1", certificate(late, model.Certificate{Version: "v1", Created: asked}), uncertain, "", "reset"},
		{"import", "", merged, certificate(soon, model.Certificate{Version: "v2", DER: leaf, Created: soon}), done, "v2", "the certificate that was sent"},
		{"import", "", imported, certificate(soon, model.Certificate{Thumbprint: "aa11", Created: soon}), done, "", "thumbprint aa11"},
		{"import", "", imported, certificate(late, model.Certificate{Thumbprint: "bb22", Created: soon}), uncertain, "", "not the certificate that was sent"},
		{"import", "", imported + ", certty-op OP1", certificate(late, model.Certificate{Version: "v2", Thumbprint: "bb22", Created: soon, Tags: op1}), done, "v2", "the tag certty-op"},
		{"import", "", merged, certificate(late, model.Certificate{Version: "v1", DER: leaf, Created: before}), refused, "", "from before it"},
		{"import", "", "version before v1, thumbprint aa11", certificate(late, model.Certificate{Version: "v1", Thumbprint: "aa11", Created: asked}), refused, "", "from before it"},
		{"import", "", "1 tag", certificate(late, model.Certificate{Version: "v2", DER: []byte("other"), Created: soon}), uncertain, "", "could not be looked into"},
		{"import", "", merged, model.Item{ListedAt: late}, uncertain, "", "no certificate"},
		{"update", "v1", "disable", certificate(soon, model.Certificate{Version: "v1", Created: before}), done, "v1", ""},
		{"update", "v1", "enable", certificate(late, model.Certificate{Version: "v1", Updated: before}), refused, "", "as it had been"},
		{"update", "v1", "enable", certificate(late, model.Certificate{Version: "v1", Updated: soon}), uncertain, "", "not as it was to be"},
		{"update", "v1", "disable", certificate(late, model.Certificate{Version: "v2"}), uncertain, "", "newer version"},
		{"update", "v1", tagged, certificate(soon, model.Certificate{Version: "v1", Tags: tags}), done, "v1", ""},
		{"update", "v1", tagged, certificate(late, model.Certificate{Version: "v1", Tags: map[string]string{"env": "test"}, Updated: soon}), uncertain, "", "not as it was to be"},
		{"update", "v1", retagged, certificate(soon, model.Certificate{Version: "v1", Tags: tags}), done, "v1", "as it was to be"},
		{"update", "v1", retagged, certificate(late, model.Certificate{Version: "v1", Tags: map[string]string{"env": "dev"}, Updated: soon}), refused, "", "the tags were as they had been"},
		{"update", "v1", retagged, certificate(late, model.Certificate{Version: "v1", Tags: map[string]string{"env": "test"}, Updated: soon}), uncertain, "", "neither"},
		{"update policy", "", "validity", certificate(late, model.Certificate{Version: "v1"}), uncertain, "", "not in the journal"},
		{"update policy", "", repoliced, withPolicy(soon, 3), done, "", "as it was to be"},
		{"update policy", "", repoliced, withPolicy(before, 3), uncertain, "", "reset"},
		{"update policy", "", repoliced, withPolicy(soon, 12), uncertain, "", "reset"},
		{"update policy", "", repoliced, withPolicy(late, 12), refused, "", "as it had been before"},
		{"update policy", "", repoliced, withPolicy(late, 6), uncertain, "", "neither"},
		{"delete", "", "", deleted(soon, soon, false), done, "", ""},
		{"delete", "", "", deleted(late, before, false), uncertain, "", "at another time"},
		{"delete", "", "", certificate(soon, model.Certificate{}), uncertain, "", "reset"},
		{"delete", "", "", certificate(late, model.Certificate{}), refused, "", "not deleted"},
		{"recover", "", "", certificate(soon, model.Certificate{Version: "v1"}), done, "v1", ""},
		{"recover", "", "", deleted(late, before, false), refused, "", "as before"},
		{"purge", "", "", deleted(soon, before, true), done, "", ""},
		{"purge", "", "", deleted(late, before, false), refused, "", "still among the deleted"},
		{"purge", "", "", certificate(late, model.Certificate{Created: before}), refused, "", "alive"},
	} {
		t.Run(fmt.Sprint(i, " ", tt.op), func(t *testing.T) {
			p := &proof{asked: asked, revision: tt.revision, detail: tt.detail, trace: guard.TraceOf(tt.detail), it: &tt.it}
			p.judge(tt.op)
			if p.result == "" { // not read since, or too soon
				p.result, p.words = uncertain, "reset"
			}
			if p.result != tt.want || p.made != tt.made || !strings.Contains(p.words, tt.says) {
				t.Errorf("%s, %q, %q", p.result, p.made, p.words)
			}
		})
	}
}

// TestJournalSettlesFromTheStore: the stored row counts, once; an entry that nothing
// decides says so, and no more with each look.
func TestJournalSettlesFromTheStore(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	st, err := store.Open(ctx, store.Options{StateDir: filepath.Join(dir, "state"), CacheDir: filepath.Join(dir, "cache")})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	asked := time.Date(2026, 11, 21, 14, 0, 0, 0, time.UTC)
	read := asked.Add(time.Hour)
	var items []*model.Item
	for key, op := range map[string]string{"shop": "cancel", "shop-2": "create"} {
		ref := model.Ref{Target: "prod", Kind: model.KindCertificate, Key: key}
		items = append(items, &model.Item{Ref: ref, RequestReadAt: read, ListedAt: read,
			Request: &model.Request{ID: "r1", Status: "inProgress", Phase: model.PhaseInProgress, CancelAsked: true, SeenAt: read}})
		ref.Revision = "r1"
		id, err := st.Begin(ctx, backend.Intent{At: asked, Op: op, Ref: ref})
		if err != nil {
			t.Fatal(err)
		}
		if err := st.Finish(ctx, id, backend.Outcome{At: asked, Result: backend.ResultUncertain, Error: "reset", ServiceRequestID: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := st.SaveSnapshot(ctx, model.NewSnapshot("prod", items, read)); err != nil {
		t.Fatal(err)
	}
	j := journal{store: st, now: func() time.Time { return read }, log: slog.New(slog.DiscardHandler)}
	for range 2 {
		entries, err := j.entries(ctx, 0)
		if err != nil || len(entries) != 2 {
			t.Fatalf("%v, %v", entries, err)
		}
		for _, e := range entries {
			want := backend.Outcome{At: read, Result: backend.ResultDone, Revision: "r1", ServiceRequestID: "x", Evidence: "its cancellation is asked for"}
			if e.Intent.Op == "create" {
				want.Result, want.Revision, want.Evidence = backend.ResultUncertain, "", ""
				want.Error = "reset; " + undecided + "probably ours: request r1, seen at " + timetext.Moment(read) +
					"; nothing in the vault tells whose it is. Compare its CSR with what was asked for before you go on with it"
			}
			if *e.Outcome != want {
				t.Errorf("%s ended as %+v, want %+v", e.Intent.Op, e.Outcome, want)
			}
		}
	}
	if err := st.VerifyJournal(ctx); err != nil {
		t.Error(err)
	}
}
