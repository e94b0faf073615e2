package repository_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"certty/backend/repository"
	"certty/backend/sandbox/fault"
	"certty/backend/sandbox/scmserver"
	"certty/model"
)

// A replacement says where its files go, also that they go nowhere; what was still
// to be written of the old certificate is not written then. One that is refused
// leaves everything as it was.
func TestFilesOfAReplacement(t *testing.T) {
	w := newWorld(t, scmserver.Settings{ReplaceStaysIssued: true})
	delivered := 0
	c := w.start(0, func(o *repository.Options) {
		o.Password = func(context.Context) ([]byte, error) { return []byte(password), nil }
		o.Deploy = func(context.Context, repository.Delivery) error {
			delivered++
			return errors.New("no space left on device")
		}
	})
	wanted := wish("shop.example.com", quick)
	wanted.Deploy = &model.Deployment{Dir: "/srv/tls"}
	record := c.place(wanted)
	f := c.Follower()
	w.advance(time.Minute)
	known := c.follow(f)
	ref := known.Get(record.Key).Ref
	ref.Revision = known.Get(record.Key).Certificate.Serial
	home := repository.Successor{CSR: csrOf(t), CommonName: "shop.example.com", Reason: "moved"}
	stands := func(when string, dir string, files model.FilesState) {
		t.Helper()
		d, err := c.Deployment(t.Context(), record.Key)
		if err != nil || (d == nil) != (dir == "") || d != nil && d.Dir != dir {
			t.Errorf("%s its files go to %+v, %v; want %q", when, d, err, dir)
		}
		if r := c.record(record.Key); r.Files != files {
			t.Errorf("%s its files are %q, want %q", when, r.Files, files)
		}
	}
	stands("collected,", "/srv/tls", model.FilesDue)
	if err := w.server.Inject(fault.Fault{Kind: fault.Unauthorized, Operation: "Replace", Times: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Replace(t.Context(), ref, home); err == nil {
		t.Fatal("it was not refused")
	}
	stands("refused,", "/srv/tls", model.FilesDue)
	if _, err := c.Replace(t.Context(), ref, home); err != nil {
		t.Fatal(err)
	}
	stands("replaced,", "", model.FilesNone)
	before := delivered
	w.advance(2 * time.Hour)
	c.follow(f)
	stands("collected anew,", "", model.FilesNone)
	if delivered != before {
		t.Errorf("files were delivered that go nowhere")
	}
	if d, err := c.Deployment(t.Context(), "no such order"); d != nil || err != nil {
		t.Errorf("the files of an order that is not managed here go to %+v, %v", d, err)
	}
}
