package repository_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/repository"
	"certty/backend/sandbox/fault"
	"certty/backend/sandbox/scmserver"
	"certty/model"
)

// delivering is a console that counts what it delivers, beside the account's own
// pages, on which somebody else works.
type delivering struct {
	*console
	f         *repository.Follower
	elsewhere backend.Capabilities
	delivered int
	known     *model.Snapshot
}

func newDelivering(t *testing.T) *delivering {
	t.Helper()
	w := newWorld(t, scmserver.Settings{ReplaceStaysIssued: true})
	d := &delivering{}
	d.console = w.start(0, func(o *repository.Options) {
		d.elsewhere = o.Capabilities
		o.Password = func(context.Context) ([]byte, error) { return []byte(password), nil }
		o.Deploy = func(context.Context, repository.Delivery) error {
			d.delivered++
			return nil
		}
	})
	d.f = d.Follower()
	return d
}

// order orders, and follows until the certificate is here.
func (d *delivering) order(csr []byte) model.Record {
	d.w.t.Helper()
	wanted := wish("shop.example.com", quick)
	wanted.Deploy = &model.Deployment{Dir: "/srv/tls"}
	if csr != nil {
		wanted.Spec.CSR, wanted.Password, wanted.Keystore = csr, nil, ""
	}
	record := d.place(wanted)
	d.later()
	return record
}

// later lets time pass, and what is due be done.
func (d *delivering) later() {
	d.w.t.Helper()
	d.w.advance(2 * time.Hour)
	d.known = d.follow(d.f)
}

// ref names the order with the certificate that it has now.
func (d *delivering) ref(id string) model.Ref {
	ref := d.known.Get(id).Ref
	ref.Revision = d.known.Get(id).Certificate.Serial
	return ref
}

// replaceThere replaces the certificate on the account's own pages.
func (d *delivering) replaceThere(id string, csr []byte) {
	d.w.t.Helper()
	if _, err := d.elsewhere.Replace.Replace(d.w.t.Context(), d.ref(id), model.ReplaceSpec{
		CSR: csr, CommonName: "shop.example.com", SANs: []string{"www.shop.example.com"}, Reason: "moved",
	}); err != nil {
		d.w.t.Fatal(err)
	}
	d.later()
}

// stands checks how the files of an order stand, and how often some were delivered.
func (d *delivering) stands(when, id string, files model.FilesState, delivered int) model.Record {
	d.w.t.Helper()
	r := d.record(id)
	if r.Step != model.StepCollected || r.Files != files || d.delivered != delivered {
		d.w.t.Errorf("%s: %q with files %q (%s), delivered %d times; want %q, %d times", when, r.Step, r.Files, r.Trouble, d.delivered, files, delivered)
	}
	item := model.Item{Order: d.known.Get(id).Order, Certificate: d.known.Get(id).Certificate, Record: &r}
	st := item.Status(d.w.now())
	if held := st.Who == model.ActorYou && st.Next == "check its key"; held != (files == model.FilesWithheld) || held != (item.WhyNotDelivered() == "") {
		d.w.t.Errorf("%s: it says %+v, %q", when, st, item.WhyNotDelivered())
	}
	return r
}

// A certificate for somebody else's key is collected and not delivered: it would
// not fit the key that lies there. A person may vouch for it, and is not asked
// again then.
func TestForeignCertificateIsHeldBack(t *testing.T) {
	d := newDelivering(t)
	id := d.order(nil).Key
	d.stands("ours,", id, model.FilesWritten, 1)
	theirs := csrOf(t)
	d.replaceThere(id, theirs)
	r := d.stands("replaced elsewhere,", id, model.FilesWithheld, 1)
	if r.Keystore != model.KeystoreNone || !strings.Contains(r.Trouble, "none of the keys") || len(d.f.Failed()) != 1 {
		t.Errorf("%+v, failed %v", r, d.f.Failed())
	}
	d.later()
	d.stands("later,", id, model.FilesWithheld, 1)
	if failed := d.f.Failed(); len(failed) > 0 {
		t.Errorf("it is told again: %v", failed)
	}
	if _, err := d.Collect(t.Context(), id, r.ChainSerial); err == nil || !strings.Contains(err.Error(), "held back") {
		t.Errorf("collected again: %v", err)
	}
	if _, err := d.Vouch(t.Context(), id, "4711"); backend.KindOf(err) != backend.KindGone {
		t.Errorf("vouched for another certificate: %v", err)
	}
	d.stands("vouched for another,", id, model.FilesWithheld, 1)
	if _, err := d.Vouch(t.Context(), id, r.ChainSerial); err != nil {
		t.Fatal(err)
	}
	if r := d.stands("vouched for,", id, model.FilesWritten, 2); r.Trouble != "" {
		t.Errorf("trouble %q", r.Trouble)
	}
	if _, err := d.Vouch(t.Context(), id, r.ChainSerial); err == nil || d.delivered != 2 {
		t.Errorf("vouched twice: %v", err)
	}
	d.replaceThere(id, theirs)
	d.stands("for the same key again,", id, model.FilesWritten, 3)

	// The renewal that goes on with the old key has that one.
	if _, err := d.Renew(t.Context(), id, repository.Successor{OldKey: true, CommonName: "shop.example.com", Deploy: &model.Deployment{Dir: "/srv/tls"}}); err != nil {
		t.Fatal(err)
	}
	d.later()
	records, err := d.store.Records(t.Context(), "sectigo")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if r.Renews == id {
			d.stands("renewed with the old key,", r.Key, model.FilesWritten, 4)
		}
	}
}

// What was held back goes on with a certificate for a key of the order.
func TestReplacementOfAForeignCertificate(t *testing.T) {
	d := newDelivering(t)
	id := d.order(nil).Key
	d.replaceThere(id, csrOf(t))
	d.stands("replaced elsewhere,", id, model.FilesWithheld, 1)
	if _, err := d.Replace(t.Context(), d.ref(id), repository.Successor{
		Key: wish("", 0).Key, Password: []byte(password), CommonName: "shop.example.com", Deploy: &model.Deployment{Dir: "/srv/tls"}, Reason: "back",
	}); err != nil {
		t.Fatal(err)
	}
	d.later()
	d.stands("replaced here,", id, model.FilesWritten, 2)
}

// The key of a request that the person brought is the order's, also beside keys
// that were made here; that of a replacement which was refused is not.
func TestBroughtKeysFit(t *testing.T) {
	for name, made := range map[string]bool{"ordered with a CSR": false, "ordered with a key made here": true} {
		t.Run(name, func(t *testing.T) {
			d := newDelivering(t)
			var csr []byte
			if !made {
				csr = csrOf(t)
			}
			id := d.order(csr).Key
			d.stands("ordered,", id, model.FilesWritten, 1)
			brought, refused := csrOf(t), csrOf(t)
			successor := func(csr []byte) repository.Successor {
				return repository.Successor{CSR: csr, CommonName: "shop.example.com", Deploy: &model.Deployment{Dir: "/srv/tls"}, Reason: "moved"}
			}
			if _, err := d.Replace(t.Context(), d.ref(id), successor(brought)); err != nil {
				t.Fatal(err)
			}
			d.later()
			d.stands("replaced with another CSR,", id, model.FilesWritten, 2)
			if err := d.w.server.Inject(fault.Fault{Kind: fault.Unauthorized, Operation: "Replace", Times: 1}); err != nil {
				t.Fatal(err)
			}
			if _, err := d.Replace(t.Context(), d.ref(id), successor(refused)); err == nil {
				t.Fatal("it was not refused")
			}
			d.replaceThere(id, refused)
			d.stands("replaced elsewhere,", id, model.FilesWithheld, 2)
		})
	}
}

// An older certty took such files for due. Where only a person said which order it
// is, the way back is told.
func TestForeignFilesThatAreDue(t *testing.T) {
	d := newDelivering(t)
	id := d.order(nil).Key
	d.replaceThere(id, csrOf(t))
	const way = "decide names another one"
	due := func(decided bool) {
		if err := d.store.Change(t.Context(), "sectigo", id, func(h *backend.Holding) error {
			h.Record.Files, h.Record.Trouble, h.Record.Decided = model.FilesDue, "", decided
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	for _, decided := range []bool{false, true} {
		due(decided)
		d.later()
		if r := d.stands("followed,", id, model.FilesWithheld, 1); strings.Contains(r.Trouble, way) != decided {
			t.Errorf("decided %t: trouble %q", decided, r.Trouble)
		}
		due(decided)
		if err := d.Deliver(t.Context(), id); err == nil || strings.Contains(err.Error(), way) != decided {
			t.Errorf("decided %t: %v", decided, err)
		}
		d.stands("delivered,", id, model.FilesWithheld, 1)
	}
}
