package act_test

import (
	"testing"

	"certty/backend"
	"certty/model"
	"certty/ui/keys"
	"certty/ui/view/act"
	"certty/ui/view/viewtest"
)

// TestStepFirst: the first of the hints takes the next step that the row names.
func TestStepFirst(t *testing.T) {
	vault := func(change func(*model.Item)) func(*viewtest.Stage) *model.Item {
		return func(*viewtest.Stage) *model.Item { return viewtest.Item("prod", "shop", change) }
	}
	order := func(r model.Record) func(*viewtest.Stage) *model.Item {
		return func(s *viewtest.Stage) *model.Item {
			it := viewtest.OrderItem("17", "pay.example.com", nil)
			r.ChainSerial = it.Certificate.Serial
			s.Account().Held(it, backend.Holding{Record: r})
			return it
		}
	}
	for next, tt := range map[string]struct {
		item func(*viewtest.Stage) *model.Item
		want string
	}{
		"merge": {vault(func(it *model.Item) {
			viewtest.Unissued(it)
			viewtest.Pending(it, model.Request{ID: "1", Phase: model.PhaseInProgress, CSR: []byte{0x30, 0x00}})
		}), keys.Merge.ID},
		"create again": {vault(func(it *model.Item) {
			viewtest.Unissued(it)
			viewtest.Pending(it, model.Request{ID: "1", Gone: true, Phase: model.PhaseInProgress})
		}), keys.NewVersion.ID},
		"make keystore": {order(model.Record{Step: model.StepCollected, KeyHeld: true, Keystore: model.KeystoreWaits}), keys.Keystore.ID},
		"check its key": {order(model.Record{Step: model.StepCollected, KeyHeld: true, Files: model.FilesWithheld}), keys.OpenRow.ID},
	} {
		t.Run(next, func(t *testing.T) {
			s := viewtest.New(t)
			it := tt.item(s)
			s.Put(it)
			row := s.Row(it.Ref.Target, it.Ref.Key)
			if row.Status.Next != next {
				t.Fatalf("the next step is %q", row.Status.Next)
			}
			actions := append([]keys.Action{{Def: keys.OpenRow}}, act.Row(s.Session, row)...)
			act.StepFirst(s.Session, row, actions)
			if hints := keys.Hints(actions); hints[0].ID != tt.want {
				t.Errorf("the first hint is %s, want %s", hints[0].ID, tt.want)
			}
		})
	}
}
