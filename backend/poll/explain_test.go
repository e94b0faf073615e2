package poll

import (
	"context"
	"slices"
	"strconv"
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

// reads lists the orders that were read since it was asked last, and when.
func (o *office) reads() (keys []string, at []time.Duration) {
	for _, c := range o.take() {
		if c.what == "read" {
			keys, at = append(keys, c.key), append(at, c.at)
		}
	}
	return keys, at
}

// An order that waits for the CA is read when it comes on a screen, for only that
// tells whether somebody has to publish a record; and then once an hour, one
// order with a look.
func TestAccountExplainsWhatIsSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(map[string]string{"1": "Issued", "2": "Requested", "3": "Applied", "4": "Applied", "5": "Approved"})
		r := beginAt(t, explaining{office: o}, &keeper{}, steady())
		state := func(key string) model.State { return r.state().Snapshot.Get(key).Status(time.Now()).State }
		seen := []model.Ref{certificate("1"), certificate("2"), certificate("3"), certificate("4"), certificate("5")}
		r.Watch(seen)
		r.until(2 * time.Second)
		if keys, _ := o.reads(); !slices.Equal(slices.Sorted(slices.Values(keys)), []string{"3", "4"}) || state("3") != model.StateWaitsValidation {
			t.Errorf("read %v, and it %s", keys, state("3"))
		}
		o.put("6", "Applied")
		r.until(59 * time.Minute)
		r.Watch(seen) // the cursor moves, the rows are the same
		if keys, _ := o.reads(); !slices.Equal(keys, []string{"6"}) {
			t.Errorf("read %v, want what began to wait elsewhere", keys)
		}
		r.until(62 * time.Minute)
		if keys, at := o.reads(); len(keys) != 3 || keys[0] == "6" || !slices.Equal(slices.Sorted(slices.Values(keys)), []string{"3", "4", "6"}) ||
			at[1]-at[0] < 15*time.Second || at[2]-at[1] < 15*time.Second {
			t.Errorf("read %v again at %v, want one with a look, a seen one first", keys, at)
		}
		o.put("5", "Applied")
		r.until(63 * time.Minute)
		if keys, _ := o.reads(); !slices.Equal(keys, []string{"5"}) || state("5") != model.StateWaitsValidation {
			t.Errorf("what began to wait was read %v, and %s", keys, state("5"))
		}
	})
}

// So many orders on a screen that every look finds one that was told of long ago
// don't keep the others from their turn; nor does a look take more than one.
func TestAccountExplainsInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		statuses, unseen := map[string]string{}, []string{"90", "91", "92"}
		var seen []model.Ref
		for i := range 12 {
			key := strconv.Itoa(10 + i)
			statuses[key] = "Applied"
			seen = append(seen, certificate(key))
		}
		for _, key := range unseen {
			statuses[key] = "Applied"
		}
		o, options := newOffice(statuses), steady()
		options.Rest = 2 * time.Minute // six looks
		r := beginAt(t, explaining{office: o}, &keeper{}, options)
		r.Watch(seen)
		r.until(5 * time.Minute)
		o.take()
		r.until(25 * time.Minute)
		times := map[string]int{}
		keys, at := o.reads()
		for i, key := range keys {
			times[key]++
			if i > 0 && at[i]-at[i-1] < 15*time.Second {
				t.Errorf("read %s and %s within %v", keys[i-1], key, at[i]-at[i-1])
			}
		}
		for key := range statuses {
			if times[key] < 2 {
				t.Errorf("%s was read %d times: %v", key, times[key], times)
			}
		}
	})
}

// What nobody sees is explained as well, one order with a look, so that who is
// waited for is counted as it is; and the next start knows it.
func TestAccountExplainsTheRestSlowly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(map[string]string{"1": "Issued", "2": "Requested", "3": "Applied", "4": "Applied", "5": "Applied", "6": "Approved"})
		o.failWith(func(c call) error {
			if c.what == "read" && c.key == "4" {
				return &backend.Error{Kind: backend.KindOther, Message: "it can't be read"}
			}
			return nil
		})
		k := &keeper{}
		r := beginAt(t, explaining{office: o}, k, steady())
		r.until(10 * time.Minute)
		told := map[string][]time.Duration{}
		keys, at := o.reads()
		for i, key := range keys {
			told[key] = append(told[key], at[i])
		}
		if len(told) != 3 || len(told["3"]) != 1 || len(told["5"]) != 1 || told["5"][0]-told["3"][0] < time.Minute || told["5"][0] > 3*time.Minute {
			t.Errorf("read %v, want one with a look; one that fails holds nobody up", told)
		}
		for _, key := range []string{"3", "5"} {
			if st := r.state().Snapshot.Get(key).Status(time.Now()); st.Who != model.ActorDNS {
				t.Errorf("%s waits for %v", key, st.Who)
			}
		}
		if err := r.stop(); err != nil {
			t.Fatal(err)
		}
		o.take()
		o.failWith(nil)
		again := beginAt(t, explaining{office: o}, k, steady())
		again.until(15 * time.Minute)
		if st := again.state().Snapshot.Get("3").Status(time.Now()); st.Who != model.ActorDNS {
			t.Errorf("after another start it waits for %v", st.Who)
		}
		if keys, _ := o.reads(); !slices.Equal(keys, []string{"4"}) {
			t.Errorf("the next start read %v, want what was never told", keys)
		}
	})
}
