package model_test

import (
	"testing"

	"certty/model"
)

func TestParsePhase(t *testing.T) {
	for status, want := range map[string]model.Phase{
		"inProgress": model.PhaseInProgress, "InProgress": model.PhaseInProgress, " in progress ": model.PhaseInProgress,
		"completed": model.PhaseCompleted, "Complete": model.PhaseCompleted,
		"cancelled": model.PhaseCancelled, "Canceled": model.PhaseCancelled,
		"failed": model.PhaseFailed,
		"":       model.PhaseUnknown, "done": model.PhaseUnknown, "complet": model.PhaseUnknown,
	} {
		if got := model.ParsePhase(status); got != want {
			t.Errorf("ParsePhase(%q) = %d, want %d", status, got, want)
		}
	}
}

func TestRequestOpen(t *testing.T) {
	for phase, want := range map[model.Phase]bool{
		model.PhaseUnknown: true, model.PhaseInProgress: true,
		model.PhaseCompleted: false, model.PhaseCancelled: false, model.PhaseFailed: false,
	} {
		r := &model.Request{Phase: phase}
		if r.Open() != want || phase.Final() == want {
			t.Errorf("phase %d: open %v, final %v", phase, r.Open(), phase.Final())
		}
		if r.Gone = true; r.Open() {
			t.Errorf("phase %d: open although gone", phase)
		}
	}
	if (*model.Request)(nil).Open() {
		t.Error("no request is open")
	}
}

func TestIssuerManual(t *testing.T) {
	for name, want := range map[string]bool{"": true, "Unknown": true, "unknown": true, "Self": false, "DigiCert": false} {
		r := model.Request{Issuer: model.Issuer{Name: name}}
		if r.Manual() != want {
			t.Errorf("issuer %q: manual %v, want %v", name, r.Manual(), want)
		}
	}
}

func TestRef(t *testing.T) {
	it := &model.Item{Ref: ref("a")}
	if got := it.RequestRef(); got != (model.Ref{Target: "prod", Kind: model.KindRequest, Key: "a"}) || got.String() != "prod/a" {
		t.Errorf("without a request: %+v", got)
	}
	it.Request = &model.Request{ID: "r"}
	r := it.RequestRef()
	if r.Revision != "r" || r.String() != "prod/a@r" {
		t.Errorf("with a request: %+v", r)
	}
	if r.Row() != ref("a") {
		t.Errorf("its row is %+v", r.Row())
	}
}
