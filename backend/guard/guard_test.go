package guard_test

import (
	"reflect"
	"strings"
	"testing"

	"certty/backend"
	"certty/backend/guard"
	"certty/model"
)

// reading names the capabilities that change nothing. One that is not named
// here has to vanish with ReadOnly.
var reading = map[string]bool{"Sweep": true, "Read": true, "SweepDeleted": true, "Versions": true, "Catalog": true,
	"Changes": true, "Collect": true, "Account": true, "Validation": true}

// fields gives every capability of c by its name, and its reason.
func fields(t *testing.T, c backend.Capabilities) (values map[string]reflect.Value, why map[string]string) {
	t.Helper()
	values, why = map[string]reflect.Value{}, map[string]string{}
	v := reflect.ValueOf(c)
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		switch v.Field(i).Kind() {
		case reflect.Interface:
			values[name] = v.Field(i)
		case reflect.String:
			why[strings.TrimSuffix(name, "Why")] = v.Field(i).String()
		default:
			t.Fatalf("field %s is neither a capability nor a reason", name)
		}
	}
	if len(values) == 0 || len(values) != len(why) {
		t.Fatalf("%d capabilities and %d reasons", len(values), len(why))
	}
	return values, why
}

func guarded(v reflect.Value) bool {
	return !v.IsNil() && v.Elem().Type().PkgPath() == "certty/backend/guard"
}

func TestEveryCapabilityIsWrapped(t *testing.T) {
	got, _ := fields(t, guard.Wrap(&fake{}, guard.Options{Journal: &memory{}}).Capabilities())
	for name, v := range got {
		if !guarded(v) {
			t.Errorf("%s is %v, not the guard's", name, v)
		}
	}
}

func TestMissingCapabilitiesStayMissing(t *testing.T) {
	without := backend.Capabilities{}
	v := reflect.ValueOf(&without).Elem()
	for i := range v.NumField() {
		if v.Field(i).Kind() == reflect.String {
			v.Field(i).SetString("no " + v.Type().Field(i).Name)
		}
	}
	b := &fake{caps: func(*fake) backend.Capabilities { return without }}
	for name, o := range map[string]guard.Options{
		"changing": {Journal: &memory{}}, "read-only": {ReadOnly: true, Journal: &memory{}}, "no journal": {},
	} {
		if got := guard.Wrap(b, o).Capabilities(); got != without {
			t.Errorf("%s: %+v, want the backend's own reasons", name, got)
		}
	}
}

func TestReadOnlyTakesChangesAway(t *testing.T) {
	for name, test := range map[string]struct {
		b   *fake
		o   guard.Options
		why string
		ro  bool
	}{
		"option":            {&fake{}, guard.Options{ReadOnly: true, Journal: &memory{}}, "read-only", true},
		"backend":           {&fake{info: backend.Info{Name: "prod", ReadOnly: true}}, guard.Options{Journal: &memory{}}, "read-only", true},
		"without a journal": {&fake{}, guard.Options{}, "no journal", false},
	} {
		t.Run(name, func(t *testing.T) {
			w := guard.Wrap(test.b, test.o)
			if w.Info().ReadOnly != test.ro {
				t.Errorf("Info().ReadOnly = %v", w.Info().ReadOnly)
			}
			values, why := fields(t, w.Capabilities())
			for name, v := range values {
				if reading[name] != guarded(v) {
					t.Errorf("%s is %v", name, v)
				}
				if !reading[name] && !strings.HasPrefix(why[name], test.why) {
					t.Errorf("%sWhy = %q, want %q", name, why[name], test.why)
				}
			}
		})
	}
}

func TestInfoAndPlansPass(t *testing.T) {
	b := &fake{info: backend.Info{Name: "prod", Kind: "vault", Address: "https://x", Sandbox: true}}
	w := guard.Wrap(b, guard.Options{Journal: &memory{}})
	if w.Info() != b.info {
		t.Errorf("Info() = %+v, want %+v", w.Info(), b.info)
	}
	item := &model.Item{}
	if got, want := w.Capabilities().Cancel.PlanCancel(item), b.PlanCancel(item); got != want {
		t.Errorf("PlanCancel = %+v, want %+v", got, want)
	}
}
