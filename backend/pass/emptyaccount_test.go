package pass_test

import (
	"context"
	"iter"
	"testing"
	"testing/synctest"

	"certty/backend"
	"certty/backend/pass"
	"certty/model"
)

// counted is an office that counts how it is looked at.
type counted struct {
	*office
	listed, asked int
}

func (c *counted) Capabilities() backend.Capabilities {
	caps := c.office.Capabilities()
	caps.Sweep, caps.Changes = c, c
	return caps
}

func (c *counted) Sweep(ctx context.Context) iter.Seq2[model.Page, error] {
	c.listed++
	return c.office.Sweep(ctx)
}

func (c *counted) Changes(ctx context.Context, known *model.Snapshot) iter.Seq2[model.Page, error] {
	c.asked++
	return c.office.Changes(ctx, known)
}

// An account that seems to hold no order is listed as a whole by every pass, which
// is one call; with orders it is asked what changed.
func TestEmptyAccountIsListedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, k := &counted{office: &office{read: map[string]int{}}}, newKeeper()
		for _, step := range []struct{ orders, listed, asked int }{{0, 1, 0}, {0, 2, 0}, {2, 3, 0}, {2, 3, 1}} {
			c.orders = step.orders
			r := look(t, c, pass.Options{Keeper: k})
			if r.Err != nil || r.Snapshot.Len() != step.orders || c.listed != step.listed || c.asked != step.asked {
				t.Errorf("with %d orders: %d rows, listed %d times and asked %d times (%v), want %d and %d",
					step.orders, r.Snapshot.Len(), c.listed, c.asked, r.Err, step.listed, step.asked)
			}
		}
	})
}
