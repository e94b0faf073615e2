package model_test

import (
	"fmt"
	"reflect"
	"testing"

	"certty/model"
)

// TestPack: packed rows say what they said, whatever lies beside them, and the
// snapshots from before stay as they were.
func TestPack(t *testing.T) {
	order := func(id string) model.Item {
		return model.Item{Ref: ref(id), Order: &model.Order{ID: id, Status: "Issued", Phase: model.OrderIssued, SANs: []string{"a"}},
			Certificate: model.Certificate{Issued: true, Serial: "0a"}}
	}
	for _, rows := range []string{"", "o", "c", "cc", "oc", "co", "ccc", "coccoocc"} {
		for _, n := range []int{1, 2, 3, 100} {
			d := model.NewSnapshot("prod", nil, at(0)).Draft()
			d.KeepUnchanged()
			for minute := range 2 { // the second time certificates are kept
				for i, kind := range rows {
					name := fmt.Sprint(10 + i)
					if kind == 'o' {
						d.Merge(model.Page{Fields: model.FieldOrder, AsOf: at(minute), Items: []model.Item{order(name)}})
					} else {
						d.Merge(list(at(minute), entry(name, "1")))
					}
				}
			}
			before := d.Snapshot()
			held := exact(before)
			portions := 1
			for from := 0; d.Pack(from, n); from += n {
				portions++
			}
			after := d.Snapshot()
			if want := max(1, (len(rows)+n-1)/n); portions != want {
				t.Errorf("%q in portions of %d: %d of them", rows, n, portions)
			}
			if !reflect.DeepEqual(exact(after), held) {
				t.Errorf("%q in portions of %d: %+v became %+v", rows, n, held, exact(after))
			}
			for i, it := range after.Items() {
				if it.Order != nil && it.Order == before.Items()[i].Order {
					t.Errorf("%q in portions of %d: the order of row %d was left", rows, n, i)
				}
			}
			// What moves afterwards leaves the others alone.
			d.Merge(list(at(9), entry("10", "2")))
			if !reflect.DeepEqual(exact(after), held) || !reflect.DeepEqual(exact(before), held) {
				t.Errorf("%q in portions of %d: the snapshots changed", rows, n)
			}
		}
	}
}
