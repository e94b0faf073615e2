package model_test

import (
	"reflect"
	"testing"

	"certty/model"
)

// TestPack: packed orders say what they said, and the snapshots from before and
// other rows stay as they were.
func TestPack(t *testing.T) {
	order := model.Item{Ref: ref("17"), Order: &model.Order{ID: "17", Status: "Issued", Phase: model.OrderIssued, SANs: []string{"a"}},
		Certificate: model.Certificate{Issued: true, Serial: "0a"}}
	d := merge(
		model.Page{Fields: model.FieldOrder, AsOf: at(0), Items: []model.Item{order}},
		list(at(0), entry("mail", "1")),
	).Draft()
	before := d.Snapshot()
	d.Pack()
	after := d.Snapshot()
	was, is := before.Get("17"), after.Get("17")
	if is == was || is.Order == was.Order || !reflect.DeepEqual(is, was) {
		t.Errorf("%+v became %+v", was, is)
	}
	if after.Get("mail") != before.Get("mail") {
		t.Error("a row without an order was made anew")
	}
	order.Order = &model.Order{ID: "17", Status: "Revoked", Phase: model.OrderRevoked}
	d.Merge(model.Page{Fields: model.FieldOrder, AsOf: at(1), Items: []model.Item{order}})
	if before.Get("17") != was || after.Get("17") != is || is.Order.Status != "Issued" || d.Get("17").Order.Status != "Revoked" {
		t.Errorf("after it moved: %+v, %+v", is.Order, d.Get("17").Order)
	}
}
