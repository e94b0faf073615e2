package repository_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"certty/backend/keystore"
	"certty/backend/repository"
	"certty/backend/sandbox/scmserver"
	"certty/model"
)

// A keystore whose password a person gives goes where the other files are, and
// the command runs again, with it. A wrong password changes nothing.
func TestDeliveryOfAKeystoreThatWaited(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	var got []repository.Delivery
	var fail error
	c := w.start(0, func(o *repository.Options) {
		o.Deploy = func(_ context.Context, d repository.Delivery) error { got = append(got, d); return fail }
	})
	wanted := wish("shop.example.com", quick)
	wanted.Deploy = &model.Deployment{Dir: "/srv/tls"}
	record := c.place(wanted)
	w.advance(time.Minute)
	c.follow(c.Follower())
	if r := c.record(record.Key); len(got) != 1 || got[0].Keystore != nil || r.Keystore != model.KeystoreWaits || r.Files != model.FilesWritten {
		t.Fatalf("before: %d deliveries, %+v", len(got), r)
	}
	if err := c.DeliverKeystore(t.Context(), record.Key, keystore.JKS, []byte("wrong horse 7")); !errors.Is(err, keystore.ErrPassword) {
		t.Errorf("the wrong password: %v", err)
	}
	if r := c.record(record.Key); len(got) != 1 || r.Files != model.FilesWritten || r.KeystoreType != "pkcs12" {
		t.Errorf("the wrong password did %d deliveries, %+v", len(got), r)
	}
	fail = errors.New("no space left on device")
	if err := c.DeliverKeystore(t.Context(), record.Key, keystore.JKS, []byte(password)); !errors.Is(err, fail) {
		t.Errorf("a full disk: %v", err)
	}
	fail = nil
	if err := c.DeliverKeystore(t.Context(), record.Key, keystore.JKS, []byte(password)); err != nil {
		t.Fatal(err)
	}
	last := got[len(got)-1]
	if r := c.record(record.Key); len(got) != 3 || last.Extension != ".jks" || len(last.Keystore) == 0 ||
		r.Keystore != model.KeystoreMade || r.Files != model.FilesWritten || r.Trouble != "" || r.KeystoreType != "jks" {
		t.Errorf("%d deliveries, %s, %+v", len(got), last.Extension, r)
	}
}
