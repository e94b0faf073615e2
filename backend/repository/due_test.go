package repository_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/repository"
	"certty/backend/sandbox/fault"
	"certty/backend/sandbox/scmserver"
	"certty/model"
)

// due is what a pass would do, a word for each job.
func (c *console) due(known *model.Snapshot) string {
	c.w.t.Helper()
	list, err := c.Due(c.w.t.Context(), known)
	if err != nil {
		c.w.t.Fatal(err)
	}
	var out []string
	for _, d := range list {
		text := string(d.Job)
		if d.Record != nil {
			text += " " + d.Record.CommonName
		}
		if d.After != "" {
			text += " after " + string(d.After)
		}
		if d.Waits != "" {
			text += " waits"
		}
		if d.Deploy != nil {
			text += " in " + d.Deploy.Dir
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

// TestDue: what is listed is what a pass does then, from the first sync to the
// files, and nothing is called for it.
func TestDue(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	failing := errors.New("no space left on device")
	c := w.start(0, func(o *repository.Options) {
		o.Password = func(context.Context) ([]byte, error) { return []byte(password), nil }
		o.Deploy = func(context.Context, repository.Delivery) error { return failing }
	})
	keyless := w.start(0, func(o *repository.Options) {
		o.Deploy = func(context.Context, repository.Delivery) error { return failing }
	})
	const files = "keystore shop.example.com after collect, deliver shop.example.com after collect in /srv/tls"
	says := func(known *model.Snapshot, want string) {
		t.Helper()
		if got := c.due(known); got != want {
			t.Errorf("due is %s\nwant   %s", got, want)
		}
	}
	says(nil, "sync, check")
	if _, err := c.Sync(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	says(nil, "check")
	wanted := wish("shop.example.com", quick)
	wanted.Deploy = &model.Deployment{Dir: "/srv/tls"}
	record := c.place(wanted)
	known, err := c.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	says(known, "changes")
	says(nil, "check")
	w.advance(time.Minute)
	if known, err = c.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	says(known, "changes, collect shop.example.com, "+files)
	if got, want := keyless.due(known), "keystore shop.example.com after collect waits, deliver shop.example.com after collect waits in /srv/tls"; !strings.HasSuffix(got, want) {
		t.Errorf("without the password due is %s", got)
	}
	f := c.Follower()
	if _, err := f.Follow(t.Context(), known); err != nil {
		t.Fatal(err)
	}
	if r := c.record(record.Key); r.Files != model.FilesDue {
		t.Fatalf("it was followed as far as %+v", r)
	}
	says(known, "changes, keystore shop.example.com, deliver shop.example.com in /srv/tls")
	failing = nil
	w.advance(2 * time.Minute)
	if _, err := f.Follow(t.Context(), known); err != nil {
		t.Fatal(err)
	}
	says(known, "changes")

	lost, err := c.Prepare(t.Context(), wish("api.example.com", quick))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.server.Inject(fault.Fault{Kind: fault.ResetAfter, Operation: "Enroll", Times: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Place(t.Context(), lost.Key); backend.KindOf(err) != backend.KindUncertain {
		t.Fatalf("a lost answer gave %v", err)
	}
	says(known, "changes, find api.example.com")
	w.advance(8 * 24 * time.Hour)
	list, err := c.Due(t.Context(), known)
	if err != nil || len(list) != 3 || list[0].Since.IsZero() || list[1].Since.IsZero() || list[2].Since.IsZero() {
		t.Errorf("a week later due is %+v, %v", list, err)
	}
	says(known, "sync, check, find api.example.com")
}
