package wait

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"certty/backend"
	"certty/backend/store"
	"certty/config"
	"certty/model"
	"certty/ui/cli/command"
)

// slow is a vault whose one request goes on with each look.
type slow struct {
	answers []answer
	looks   []time.Duration // since the first look
	began   time.Time
}

// answer is what a look at the request brings.
type answer struct {
	phase model.Phase
	after time.Duration
	err   error
}

func (s *slow) Info() backend.Info {
	return backend.Info{Name: "prod", Kind: string(config.KindVault)}
}
func (s *slow) Capabilities() backend.Capabilities { return backend.Capabilities{Read: s} }

func (s *slow) Read(_ context.Context, ref model.Ref) (model.Page, error) {
	page := model.Page{AsOf: time.Now(), Fields: model.FieldCertificate, Items: []model.Item{{Ref: ref.Row()}}}
	if ref.Kind == model.KindCertificate {
		return page, nil
	}
	if s.began.IsZero() {
		s.began = time.Now()
	}
	s.looks = append(s.looks, time.Since(s.began))
	a := s.answers[0]
	if len(s.answers) > 1 {
		s.answers = s.answers[1:]
	}
	if a.err != nil {
		return model.Page{}, a.err
	}
	page.Fields, page.Items[0].Request = model.FieldRequest, &model.Request{ID: "r", Status: string(a.phase), Phase: a.phase, RetryAfter: a.after, Issuer: model.Issuer{Name: "ca"}}
	return page, nil
}

// TestWaiter: it looks as often as the vault asks for, waits for what passes, and
// ends as it should.
func TestWaiter(t *testing.T) {
	const going, done, failed = model.PhaseInProgress, model.PhaseCompleted, model.PhaseFailed
	down := &backend.Error{Kind: backend.KindUnavailable, Op: "read", RetryAfter: 20 * time.Second}
	for _, tt := range []struct {
		name    string
		answers []answer
		timeout time.Duration
		code    int
		looks   []time.Duration
		says    []string
	}{
		{"done at once", []answer{{phase: done}}, time.Minute, command.ExitDone, []time.Duration{0}, []string{"prod/web  "}},
		{"as often as it asks", []answer{{phase: going, after: 10 * time.Second}, {phase: going}, {phase: done}}, time.Minute, command.ExitDone,
			[]time.Duration{0, 10 * time.Second, 15 * time.Second}, []string{"in progress"}},
		{"not more often than each second", []answer{{phase: going, after: time.Millisecond}, {phase: done}}, time.Minute, command.ExitDone, []time.Duration{0, time.Second}, nil},
		{"at the timeout", []answer{{phase: going, after: 40 * time.Second}}, time.Minute, command.ExitPending,
			[]time.Duration{0, 40 * time.Second, time.Minute}, nil},
		{"one look", []answer{{phase: going}}, 0, command.ExitPending, []time.Duration{0}, nil},
		{"ended otherwise", []answer{{phase: going}, {phase: failed}}, time.Minute, command.ExitFailed, []time.Duration{0, 5 * time.Second}, []string{"failed"}},
		{"in trouble", []answer{{phase: going}, {err: down}, {phase: done}}, time.Minute, command.ExitDone,
			[]time.Duration{0, 5 * time.Second, 25 * time.Second}, []string{"not read: "}},
		{"not allowed any more", []answer{{phase: going}, {err: &backend.Error{Kind: backend.KindPermission, Op: "read"}}}, time.Minute, command.ExitFailed,
			[]time.Duration{0, 5 * time.Second}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "state")
			s, err := store.Open(t.Context(), store.Options{StateDir: dir, CacheDir: dir})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			v := &slow{answers: tt.answers}
			synctest.Test(t, func(t *testing.T) {
				var said strings.Builder
				f := &command.Fleet{Store: s, Targets: []command.Target{{Backend: v}}}
				row, err := f.Find(t.Context(), "web", "")
				if err != nil {
					t.Fatal(err)
				}
				w := waiter{env: &command.Env{Stderr: &said, Now: time.Now}, fleet: f, row: row, want: forCompleted, until: time.Now().Add(tt.timeout)}
				if err := w.run(t.Context()); command.ExitCode(err) != tt.code {
					t.Errorf("it ended with %d: %v", command.ExitCode(err), err)
				}
				if len(v.looks) != len(tt.looks) {
					t.Fatalf("looked after %v, want %v", v.looks, tt.looks)
				}
				for i := range tt.looks {
					if v.looks[i] != tt.looks[i] {
						t.Errorf("looked after %v, want %v", v.looks, tt.looks)
					}
				}
				for _, want := range tt.says {
					if !strings.Contains(said.String(), want) {
						t.Errorf("%q was not said:\n%s", want, said.String())
					}
				}
			})
		})
	}
}
