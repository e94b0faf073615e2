package scmserver

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// What is filled while the stored state is being loaded must outlive that: a
// sandbox serves before it has loaded.
func TestFillWaitsForTheStoredState(t *testing.T) {
	root, err := authority()
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		s := New(Options{Dir: t.TempDir(), CA: root, Account: NewAccount(noon), Now: func() time.Time { return noon }})
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if filled, err := s.Fill(ended, smallScenario()); filled || !errors.Is(err, context.Canceled) {
			t.Errorf("it did not wait: filled %t, %v", filled, err)
		}
		scenario := smallScenario()
		scenario.Orders = []Entry{{CommonName: "www.example.com", Organization: orgAcme, Profile: quick, Term: 199, Requested: noon, Status: StatusRequested}}
		var filled bool
		var fillErr error
		go func() { filled, fillErr = s.Fill(t.Context(), scenario) }()
		synctest.Wait() // it waits, or is done too early
		if err := s.Load(); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if orders, err := s.Orders(); !filled || fillErr != nil || err != nil || len(orders) != 1 {
			t.Errorf("filled %t (%v) and holds %d orders (%v)", filled, fillErr, len(orders), err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}
