package poll

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"certty/backend"
	"certty/model"
)

// explaining is an account whose orders tell why they wait when they are read.
type explaining struct {
	*office
	backend.Validator
}

func (e explaining) Capabilities() backend.Capabilities {
	c := e.office.Capabilities()
	c.Read, c.Validation = e, e
	return c
}

func (e explaining) Read(ctx context.Context, ref model.Ref) (model.Page, error) {
	page, err := e.office.Read(ctx, ref)
	for i := range page.Items {
		order := *page.Items[i].Order
		order.Validation = &model.OrderValidation{ReadAt: time.Now(), Domains: []model.DomainValidation{{Domain: order.CommonName}}}
		page.Items[i].Order = &order
	}
	return page, err
}

// An order that waits for the CA is read when it comes on a screen, for only that
// tells whether somebody has to publish a record; and then once an hour, one
// order with a look. Those that nobody sees cost nothing.
func TestAccountExplainsWhatIsSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(map[string]string{"1": "Issued", "2": "Requested", "3": "Applied", "4": "Applied", "5": "Applied", "6": "Approved"})
		r := beginAt(t, explaining{office: o}, &keeper{}, steady())
		r.until(10 * time.Minute)
		if reads := o.made("read"); len(reads) != 0 {
			t.Errorf("read at %v although nobody looks", reads)
		}
		state := func(key string) model.State { return r.state().Snapshot.Get(key).Status(time.Now()).State }
		if got := state("3"); got != model.StateInProgress {
			t.Errorf("unread it %s", got)
		}
		seen := []model.Ref{certificate("1"), certificate("2"), certificate("3"), certificate("4"), certificate("6")}
		r.Watch(seen)
		r.until(10*time.Minute + 2*time.Second)
		if got := state("3"); got != model.StateWaitsValidation {
			t.Errorf("on a screen it %s", got)
		}
		r.Watch(seen) // the cursor moves, the rows are the same
		r.until(69 * time.Minute)
		keys := func() (keys []string) {
			for _, c := range o.take() {
				if c.what == "read" {
					keys = append(keys, c.key)
				}
			}
			slices.Sort(keys)
			return keys
		}
		if got := keys(); !slices.Equal(got, []string{"3", "4"}) {
			t.Errorf("read %v, want each that waits for the CA and is seen, once", got)
		}
		r.until(72 * time.Minute)
		var at []time.Duration
		for _, c := range o.take() {
			if c.what == "read" {
				at = append(at, c.at)
			}
		}
		if len(at) != 2 || at[1]-at[0] < 15*time.Second {
			t.Errorf("read again at %v, want two, with a look each", at)
		}
		o.put("6", "Applied")
		r.until(73 * time.Minute)
		if got := keys(); !slices.Equal(got, []string{"6"}) || state("6") != model.StateWaitsValidation {
			t.Errorf("what began to wait was read %v, and %s", got, state("6"))
		}
	})
}
