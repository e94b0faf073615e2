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
