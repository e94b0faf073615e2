package doctor

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"certty/backend"
	"certty/model"
	"certty/model/timetext"
)

// Target is what is examined.
type Target struct {
	backend.Backend
	// Endpoints are the hosts that have to be reached, the service's own first.
	Endpoints []Endpoint
	// Tenant is the one that is configured; "" for none.
	Tenant string
	// APIVersion is the configured version of a vault's API; "" is the default.
	APIVersion string
	// Latch says when the credential was refused; nil when it was not. With one
	// nothing is asked that needs the credential.
	Latch *backend.Latch
}

// Check is one thing that was looked at.
type Check struct {
	// Host is HOST:PORT of the endpoint that it is about, and For what that is
	// needed for; both are "" for what the credential may do.
	Host, For string
	backend.Finding
}

// Options say how to look; zero values mean the defaults.
type Options struct {
	// Now is the clock that is compared with the services'; time.Now by default.
	Now func() time.Time
	// Resolve resolves a host's name; the system's resolver by default.
	Resolve func(ctx context.Context, host string) ([]string, error)
	// Getenv reads the environment, to say where a proxy comes from.
	Getenv func(string) string
}

func (o Options) complete() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Resolve == nil {
		o.Resolve = net.DefaultResolver.LookupHost
	}
	if o.Getenv == nil {
		o.Getenv = func(string) string { return "" }
	}
	return o
}

// Examine looks at everything, endpoints beside each other. It ends when it is
// done or ctx ends; what was not answered by then is said.
func Examine(ctx context.Context, t Target, o Options) []Check {
	o = o.complete()
	reached := make([][]Check, len(t.Endpoints))
	var wait sync.WaitGroup
	for i, e := range t.Endpoints {
		wait.Go(func() { reached[i] = e.examine(ctx, t.Tenant, o) })
	}
	var allowed []Check
	wait.Go(func() { allowed = permissions(ctx, t) })
	wait.Wait()
	var out []Check
	for _, checks := range reached {
		out = append(out, checks...)
	}
	return append(out, allowed...)
}

// permissions looks at what the credential may do.
func permissions(ctx context.Context, t Target) []Check {
	if t.Latch != nil {
		err := &backend.Error{Kind: backend.KindAuth, Op: "sign in", Ref: model.Ref{Target: t.Info().Name}, Message: t.Latch.Reason}
		return []Check{{Finding: backend.Finding{
			What: "credential", Verdict: backend.VerdictBad,
			Text: "refused at " + timetext.Moment(t.Latch.At) + ", so nothing was asked: " + t.Latch.Reason,
			Fix:  "Once it is right, press retry in a console, or run certty work --retry.", Err: err,
		}}}
	}
	var found []backend.Finding
	if account := t.Capabilities().Account; account != nil {
		found = account.Probe(ctx)
	} else {
		found = examineVault(ctx, t)
	}
	out := make([]Check, len(found))
	for i, f := range found {
		out[i] = Check{Finding: f}
	}
	return out
}

// Worst is the gravest verdict among checks; what is unknown counts as good.
func Worst(checks []Check) backend.Verdict {
	worst := backend.VerdictGood
	for _, c := range checks {
		worst = max(worst, c.Verdict)
	}
	return worst
}

// SignedIn reports whether none of the checks says that the credential is not
// accepted.
func SignedIn(checks []Check) bool {
	for _, c := range checks {
		switch backend.KindOf(c.Err) { //nolint:exhaustive // the rest is no matter of the credential
		case backend.KindAuth, backend.KindSignIn:
			return false
		}
	}
	return true
}

// refused is the finding of a read that met an error.
func refused(what string, err error) backend.Finding {
	advice := backend.AdviceFor(err)
	f := backend.Finding{What: what, Verdict: backend.VerdictBad, Text: err.Error(), Fix: advice.Next, Err: err}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		f.Text = "no answer in time"
	}
	if advice.Who != model.ActorNobody {
		f.Fix += " (" + string(advice.Who) + ")"
	}
	return f
}
