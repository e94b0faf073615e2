package repository_test

import (
	"context"
	"crypto/x509"
	"slices"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/repository"
	"certty/backend/sandbox/scmserver"
	"certty/model"
)

// leafOnly is a service that for a while hands out a certificate without what
// signed it.
type leafOnly struct {
	backend.Collector
	lacks bool
}

func (l *leafOnly) Collect(ctx context.Context, ref model.Ref) ([][]byte, error) {
	chain, err := l.Collector.Collect(ctx, ref)
	if l.lacks {
		chain = slices.DeleteFunc(chain, func(der []byte) bool {
			c, err := x509.ParseCertificate(der)
			return err != nil || c.IsCA
		})
	}
	return chain, err
}

// A chain that lacks its intermediate is kept and said, and never put where a
// server would take it; it is fetched again until it is whole.
func TestChainLacksItsIntermediate(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	service := &leafOnly{lacks: true}
	var got []repository.Delivery
	c := w.start(0, func(o *repository.Options) {
		service.Collector = o.Capabilities.Collect
		o.Capabilities.Collect = service
		o.Password = func(context.Context) ([]byte, error) { return []byte(password), nil }
		o.Deploy = func(_ context.Context, d repository.Delivery) error { got = append(got, d); return nil }
	})
	wanted := wish("shop.example.com", quick)
	wanted.Deploy = &model.Deployment{Dir: "/srv/tls"}
	record := c.place(wanted)
	w.advance(time.Minute)
	f := c.Follower()
	known := c.follow(f)
	const lacks = "the chain lacks the certificate of "
	r := c.record(record.Key)
	if len(got) != 0 || r.Step != model.StepCollected || r.Files != model.FilesDue || r.Keystore != model.KeystoreWaits || !strings.Contains(r.Trouble, lacks) {
		t.Errorf("delivered %d times: %+v", len(got), r)
	}
	if failed := f.Failed(); len(failed) != 1 || !strings.Contains(failed[0].Error(), lacks) {
		t.Errorf("it failed with %v", failed)
	}
	it := *known.Get(record.Key)
	it.Record = &r
	if st := it.Status(w.now()); st.Severity != model.SeverityYou || st.Next != "read reason" {
		t.Errorf("on the board: %+v", st)
	}
	if why := it.WhyNotCollected(); why != "" {
		t.Errorf("a person can't fetch it again: %s", why)
	}
	w.advance(2 * time.Minute)
	c.follow(f)
	if len(got) != 0 {
		t.Fatal("it was delivered without its intermediate")
	}
	service.lacks = false
	w.advance(time.Hour)
	c.follow(f)
	if r := c.record(record.Key); len(got) != 1 || len(got[0].Chain) < 2 || r.Files != model.FilesWritten || r.Keystore != model.KeystoreMade || r.Trouble != "" {
		t.Errorf("with its intermediate, delivered %d times: %+v", len(got), r)
	}
}
