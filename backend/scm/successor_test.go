package scm

import (
	"testing"
	"time"

	"certty/model"
)

// TestIsSuccessor: what is taken for the renewal of an order is not renewed again,
// and what is not taken for it may be.
func TestIsSuccessor(t *testing.T) {
	from, to := noon.Add(-aDay), noon.Add(aDay)
	old := model.Order{CommonName: "shop.example.com", OrganizationID: 7, Comments: model.ReferencePrefix + "0011223344556677:1"}
	for name, tt := range map[string]struct {
		change func(*model.Order)
		want   bool
	}{
		"the same":                        {func(*model.Order) {}, true},
		"its name in capitals":            {func(o *model.Order) { o.CommonName = "Shop.Example.COM" }, true},
		"another name":                    {func(o *model.Order) { o.CommonName = "www.example.com" }, false},
		"another organization":            {func(o *model.Order) { o.OrganizationID = 8 }, false},
		"an organization that isn't told": {func(o *model.Order) { o.OrganizationID = 0 }, true},
		"placed as a new order":           {func(o *model.Order) { o.Comments = model.ReferencePrefix + "8899aabbccddeeff:1" }, false},
		"somebody's comment":              {func(o *model.Order) { o.Comments = "for the shop" }, true},
		"no comment":                      {func(o *model.Order) { o.Comments = "" }, true},
		"at the first moment":             {func(o *model.Order) { o.Requested = from }, true},
		"at the last moment":              {func(o *model.Order) { o.Requested = to }, true},
		"too early":                       {func(o *model.Order) { o.Requested = from.Add(-time.Second) }, false},
		"too late":                        {func(o *model.Order) { o.Requested = to.Add(time.Second) }, false},
		"at a time that isn't told":       {func(o *model.Order) { o.Requested = time.Time{} }, true},
	} {
		t.Run(name, func(t *testing.T) {
			o := old
			o.Requested = noon
			tt.change(&o)
			if got := isSuccessor(&o, &old, from, to); got != tt.want {
				t.Errorf("%v, want %v", got, tt.want)
			}
		})
	}
}

// TestIsNamesake: an order of the same name that may be the one that was sent, or
// somebody else's for the same, is shown before another one is placed.
func TestIsNamesake(t *testing.T) {
	day := noon.Truncate(aDay)
	for name, tt := range map[string]struct {
		change func(*model.Order)
		until  time.Time
		want   bool
	}{
		"open":                           {func(*model.Order) {}, time.Time{}, true},
		"issued":                         {func(o *model.Order) { o.Phase = model.OrderIssued }, time.Time{}, true},
		"declined":                       {func(o *model.Order) { o.Phase = model.OrderDeclined }, time.Time{}, false},
		"another name":                   {func(o *model.Order) { o.CommonName = "www.example.com" }, time.Time{}, false},
		"its name in capitals":           {func(o *model.Order) { o.CommonName = "SHOP.example.com" }, time.Time{}, true},
		"a day and a moment before":      {func(o *model.Order) { o.Requested = noon.Add(-aDay - time.Second) }, time.Time{}, false},
		"less than a day before":         {func(o *model.Order) { o.Requested = noon.Add(-aDay + time.Second) }, time.Time{}, true},
		"the day alone":                  {func(o *model.Order) { o.Requested = day.Add(-aDay) }, time.Time{}, true},
		"a day alone, too long ago":      {func(o *model.Order) { o.Requested = day.Add(-2 * aDay) }, time.Time{}, false},
		"before what was asked later":    {func(o *model.Order) { o.Requested = noon.Add(time.Second) }, noon.Add(2 * aDay), false},
		"within what was asked later":    {func(o *model.Order) { o.Requested = noon.Add(aDay + time.Second) }, noon.Add(2 * aDay), true},
		"asked until before it was sent": {func(*model.Order) {}, noon.Add(-3 * aDay), true},
	} {
		t.Run(name, func(t *testing.T) {
			o := model.Order{CommonName: "shop.example.com", Phase: model.OrderApplied, Requested: noon}
			tt.change(&o)
			if got := isNamesake(&o, model.OrderTrace{CommonName: "shop.example.com", Sent: noon, Until: tt.until}); got != tt.want {
				t.Errorf("%v, want %v", got, tt.want)
			}
		})
	}
}
