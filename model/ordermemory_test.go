package model

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"
)

// TestReadOrderIsPacked: what is read of an order says the same in less memory,
// and leaves what was read as it was.
func TestReadOrderIsPacked(t *testing.T) {
	names := []string{"shop.example.com", "www.shop.example.com", ""}
	read := Item{
		Ref: Ref{Key: "77"},
		Order: &Order{
			ID: strings.Clone("77"), CommonName: strings.Clone("shop.example.com"), SANs: slices.Clone(names), Status: "Issued", Phase: OrderIssued,
			Comments: "certty:0123456789abcdef:1 shop", BackendID: "2045000077",
		},
		Certificate: Certificate{
			Issued: true, Subject: "CN=shop.example.com", Serial: "00ff", Thumbprint: "ab", SANs: SANs{DNS: slices.Clone(names), IPs: []string{"127.0.0.1"}},
		},
	}
	before, certificate := *read.Order.Clone(), read.Certificate
	it := NewSnapshot("sectigo", nil, time.Time{}).Merge(Page{Fields: FieldOrder, AsOf: time.Now(), Items: []Item{read}}).Get("77")
	if !reflect.DeepEqual(it.Certificate, certificate) {
		t.Errorf("certificate %+v, want %+v", it.Certificate, certificate)
	}
	got := it.Order.Clone()
	got.SeenAt, got.Since = before.SeenAt, before.Since
	if !reflect.DeepEqual(*got, before) || !reflect.DeepEqual(*read.Order, before) {
		t.Errorf("order %+v of %+v, want %+v", got, read.Order, before)
	}
	if &it.Order.SANs[0] != &it.Certificate.SANs.DNS[0] || unsafe.StringData(it.Order.CommonName) != unsafe.StringData(it.Order.SANs[0]) {
		t.Error("a name is held twice")
	}
	first, last := unsafe.StringData(it.Order.CommonName), unsafe.StringData(it.Certificate.Thumbprint)
	if far := uintptr(unsafe.Pointer(last)) - uintptr(unsafe.Pointer(first)); far > 200 {
		t.Errorf("the texts are %d bytes apart", far)
	}
}

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
