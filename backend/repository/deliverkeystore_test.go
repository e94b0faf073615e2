package repository_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"certty/backend/keystore"
	"certty/backend/repository"
	"certty/backend/sandbox/scmserver"
	"certty/model"
)

// The files of a certificate wait for its keystore, and go out with it once a person
// gives its password. A wrong password changes nothing.
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
	c.follow(c.Follower())
	if r := c.record(record.Key); len(got) != 0 || r.Keystore != model.KeystoreWaits || r.Files != model.FilesWaiting || r.Trouble != "" {
		t.Fatalf("before: %d deliveries, %+v", len(got), r)
	}
	if err := c.DeliverKeystore(t.Context(), record.Key, keystore.JKS, []byte("wrong horse 7")); !errors.Is(err, keystore.ErrPassword) {
		t.Errorf("the wrong password: %v", err)
	}
	if r := c.record(record.Key); len(got) != 0 || r.Files != model.FilesWaiting || r.KeystoreType != "pkcs12" {
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
	if r := c.record(record.Key); len(got) != 2 || last.Extension != ".jks" || len(last.Keystore) == 0 ||
		r.Keystore != model.KeystoreMade || r.Files != model.FilesWritten || r.Trouble != "" || r.KeystoreType != "jks" {
		t.Errorf("%d deliveries, %s, %+v", len(got), last.Extension, r)
	}
}

// A keystore that a person put somewhere else is no reason to wait any more.
func TestFilesAfterAKeystoreElsewhere(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	var got []repository.Delivery
	c := w.start(0, func(o *repository.Options) {
		o.Deploy = func(_ context.Context, d repository.Delivery) error { got = append(got, d); return nil }
	})
	wanted := wish("shop.example.com", quick)
	wanted.Deploy = &model.Deployment{Dir: "/srv/tls"}
	record := c.place(wanted)
	w.advance(time.Minute)
	c.follow(c.Follower())
	if len(got) != 0 {
		t.Fatal("the files went out without the keystore")
	}
	if err := c.KeystoreSaved(t.Context(), record.Key); err != nil {
		t.Fatal(err)
	}
	c.follow(c.Follower())
	if r := c.record(record.Key); len(got) != 1 || got[0].Keystore != nil || r.Files != model.FilesWritten || r.Keystore != model.KeystoreMade {
		t.Errorf("%d deliveries, %+v", len(got), r)
	}
}

// Files that wait for their keystore go out once the configuration tells a password
// that opens the key: after a start at once, else it is asked for again in an hour.
func TestFilesOfAKeystoreWhosePasswordComesLater(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	said, asked, deliveries := "another horse 8", 0, 0
	deploys := func(o *repository.Options) {
		o.Deploy = func(context.Context, repository.Delivery) error { deliveries++; return nil }
	}
	c := w.start(0, deploys)
	wanted := wish("shop.example.com", quick)
	wanted.Deploy = &model.Deployment{Dir: "/srv/tls"}
	record := c.place(wanted)
	w.advance(time.Minute)
	c.follow(c.Follower())
	if got, want := c.due(nil), "keystore shop.example.com waits, deliver shop.example.com waits in /srv/tls"; !strings.HasSuffix(got, want) {
		t.Errorf("without a password due is %s", got)
	}
	c = w.start(0, deploys, func(o *repository.Options) {
		o.Password = func(context.Context) ([]byte, error) { asked++; return []byte(said), nil }
	})
	f := c.Follower()
	c.follow(f)
	c.follow(f)
	if r := c.record(record.Key); asked != 1 || deliveries != 0 || r.Files != model.FilesWaiting || r.Keystore != model.KeystoreWaits {
		t.Errorf("asked %d times for a wrong password, %d deliveries, %+v", asked, deliveries, r)
	}
	said = password
	w.advance(time.Hour)
	c.follow(f)
	c.follow(f)
	if r := c.record(record.Key); asked != 2 || deliveries != 1 || r.Files != model.FilesWritten || r.Keystore != model.KeystoreMade {
		t.Errorf("asked %d times, %d deliveries, %+v", asked, deliveries, r)
	}
}

// Files that a person has no longer wait for their keystore go out at once, however
// lately its password was asked for in vain.
func TestFilesAfterAKeystoreElsewhereBesideAWrongPassword(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	deliveries := 0
	c := w.start(0, func(o *repository.Options) {
		o.Deploy = func(context.Context, repository.Delivery) error { deliveries++; return nil }
		o.Password = func(context.Context) ([]byte, error) { return []byte("another horse 8"), nil }
	})
	wanted := wish("shop.example.com", quick)
	wanted.Deploy = &model.Deployment{Dir: "/srv/tls"}
	record := c.place(wanted)
	w.advance(time.Minute)
	f := c.Follower()
	for range 3 {
		c.follow(f)
	}
	if deliveries != 0 {
		t.Fatal("the files went out without the keystore")
	}
	if err := c.KeystoreSaved(t.Context(), record.Key); err != nil {
		t.Fatal(err)
	}
	c.follow(f)
	if r := c.record(record.Key); deliveries != 1 || r.Files != model.FilesWritten {
		t.Errorf("%d deliveries, %+v", deliveries, r)
	}
}

// A certificate that was renewed with the key of the old one goes out at once: what
// lies there fits it. One with a new key waits, and so does one that goes elsewhere.
func TestFilesOfARenewalBesideItsKey(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fresh bool
		dir   string
		files model.FilesState
	}{
		{"the old key", false, "/srv/tls", model.FilesWritten}, {"a new key", true, "/srv/tls", model.FilesWaiting},
		{"the old key elsewhere", false, "/srv/other", model.FilesWaiting},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, scmserver.Settings{})
			var got []repository.Delivery
			c := w.start(0, func(o *repository.Options) {
				o.Deploy = func(_ context.Context, d repository.Delivery) error { got = append(got, d); return nil }
			})
			wanted := wish("shop.example.com", quick)
			wanted.Deploy = &model.Deployment{Dir: "/srv/tls"}
			old := c.place(wanted)
			w.advance(time.Minute)
			c.follow(c.Follower())
			if err := c.DeliverKeystore(t.Context(), old.Key, keystore.PKCS12, []byte(password)); err != nil {
				t.Fatal(err)
			}
			s := repository.Successor{CommonName: "shop.example.com", Deploy: &model.Deployment{Dir: tt.dir}, Keystore: keystore.PKCS12, OldKey: !tt.fresh}
			if tt.fresh {
				s.Key, s.Password = wanted.Key, []byte(password)
			}
			renewed, err := c.Renew(t.Context(), old.Key, s)
			if err != nil {
				t.Fatal(err)
			}
			w.advance(time.Minute)
			c.follow(c.Follower())
			if r := c.record(renewed.Key); r.Files != tt.files || r.Keystore != model.KeystoreWaits {
				t.Errorf("%d deliveries, %+v", len(got), r)
			}
		})
	}
}

// Files that lie where they belong are not said to be missing when the command fails.
func TestTroubleOfTheCommandAlone(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	fail := fmt.Errorf("the files were written, and %w (nginx): exit status 1", repository.ErrCommand)
	c := w.start(0, func(o *repository.Options) {
		o.Deploy = func(context.Context, repository.Delivery) error { return fail }
	})
	wanted := wish("shop.example.com", quick)
	wanted.Keystore, wanted.Deploy = "", &model.Deployment{Dir: "/srv/tls"}
	record := c.place(wanted)
	w.advance(time.Minute)
	c.follow(c.Follower())
	const want = "the certificate is here, the files were written, and on_issued failed (nginx): exit status 1"
	if r := c.record(record.Key); r.Trouble != want || r.Files != model.FilesDue {
		t.Errorf("%s: %q", r.Files, r.Trouble)
	}
}
