package store

import (
	"bytes"
	"fmt"
	"reflect"
	"testing"
	"time"

	"certty/model"
)

// fill sets every field below v to something that is not its zero value. A
// field that the codec forgets comes back empty.
func fill(t *testing.T, v reflect.Value, n *int) {
	t.Helper()
	*n++
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Unix(int64(1_700_000_000+*n), int64(*n)).UTC()))
		return
	case v.Type() == reflect.TypeFor[model.Ref]():
		v.Set(reflect.ValueOf(model.Ref{Target: "prod", Kind: model.KindCertificate, Key: "shop"}))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for _, field := range v.Fields() {
			fill(t, field, n)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(t, v.Index(0), n)
		fill(t, v.Index(1), n)
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{"b": "2", "a": "1"}))
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(-*n))
	case reflect.Uint8:
		v.SetUint(uint64(*n % 250))
	default:
		t.Fatalf("the test can't fill a %s", v.Type())
	}
}

func TestCodecForgetsNoField(t *testing.T) {
	var want model.Item
	n := 0
	fill(t, reflect.ValueOf(&want).Elem(), &n)
	want.Record = nil // the repository's
	got, _, err := decodeItem("prod", appendItem(nil, &want))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, &want) {
		t.Errorf("\n got %+v\nwant %+v", got, &want)
	}
}

func TestCodecKeepsWhatIsUnset(t *testing.T) {
	off := false
	for name, want := range map[string]model.Item{
		"nothing":        {},
		"empty request":  {Request: &model.Request{}},
		"empty policy":   {Policy: &model.Policy{}},
		"switched off":   {Policy: &model.Policy{Key: model.KeyProperties{Exportable: &off}}},
		"before 1970":    {ListedAt: time.Date(1901, 1, 1, 0, 0, 0, 5, time.UTC)},
		"9999 (RFC5280)": {Certificate: model.Certificate{NotAfter: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)}},
	} {
		t.Run(name, func(t *testing.T) {
			want.Ref = model.Ref{Target: "prod", Kind: model.KindCertificate, Key: "shop"}
			got, _, err := decodeItem("prod", appendItem(nil, &want))
			if err != nil || !reflect.DeepEqual(got, &want) {
				t.Errorf("%v\n got %+v\nwant %+v", err, got, &want)
			}
		})
	}
}

func TestEveryCutIsNoticed(t *testing.T) {
	it := fullItem("prod", 1)
	value := appendItem(nil, &it)
	for n := range value {
		if _, _, err := decodeItem("prod", value[:n]); err == nil {
			t.Fatalf("a value cut after %d of %d bytes was read", n, len(value))
		}
	}
	if _, _, err := decodeItem("prod", append(value, 0)); err == nil {
		t.Error("a value with a byte too many was read")
	}
}

func FuzzDecodeItem(f *testing.F) {
	full := fullItem("prod", 1)
	f.Add(appendItem(nil, &full))
	f.Add(appendItem(nil, &model.Item{Policy: &model.Policy{LifetimeActions: make([]model.LifetimeAction, 2)}}))
	f.Add(unhex(f, firstItem))
	f.Add(unhex(f, secondItem))
	f.Add(unhex(f, fourthItem))
	f.Add(appendItem(nil, &model.Item{Order: &model.Order{ID: "55", Validation: &model.OrderValidation{Domains: make([]model.DomainValidation, 2)}}}))
	f.Add([]byte{itemVersion, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Fuzz(func(t *testing.T, value []byte) {
		it, _, err := decodeItem("prod", value)
		if err != nil {
			return
		}
		// What was read has one encoding, and that reads as the same.
		again := appendItem(nil, it)
		back, _, err := decodeItem("prod", again)
		if err != nil || !bytes.Equal(again, appendItem(nil, back)) {
			t.Fatalf("%x was read as %+v, which does not come back: %v", value, it, err)
		}
	})
}

func FuzzSightings(f *testing.F) {
	f.Add(encodeSightings(fullSnapshot("prod", 3)), "shop-frontend-00001")
	f.Add([]byte{}, "")
	f.Add([]byte{itemVersion, 0}, "a")
	f.Add(unhex(f, firstSightings), "shop")
	f.Fuzz(func(_ *testing.T, value []byte, key string) {
		s := newSightings(value)
		s.find(key)
		s.find(key + "z")
	})
}
