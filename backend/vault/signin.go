package vault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"certty/backend"
	"certty/backend/text"
)

const (
	// signInTimeout bounds a sign-in; Microsoft Entra ID's codes live for 15
	// minutes (RFC 8628 §3.2, expires_in).
	signInTimeout = 20 * time.Minute
	// signInPatience is how long a call waits for the person. It is less than a
	// read is given, so that the reason reaches the screen.
	signInPatience = 45 * time.Second
)

// signIn gets tokens by a person who signs in on another device (RFC 8628). A
// call that needs a token waits for a while only; the sign-in goes on without
// it, and the next call joins it instead of asking for another code.
type signIn struct {
	inner    azcore.TokenCredential
	patience time.Duration

	mu      sync.Mutex
	current *flight
	// untold is a sign-in that failed while nobody waited for it: the next call
	// is told, instead of asking for another code.
	untold *flight
}

// flight is one sign-in, or one silent renewal of it.
type flight struct {
	claims  string
	waiting int           // calls; guarded by signIn.mu
	done    chan struct{} // closed when token and err are set
	token   azcore.AccessToken
	err     error
}

func newSignIn(c *credential) (*signIn, error) {
	s := &signIn{patience: signInPatience}
	inner, err := azidentity.NewDeviceCodeCredential(&azidentity.DeviceCodeCredentialOptions{
		ClientOptions: c.options, DisableInstanceDiscovery: c.trusted, TenantID: c.set.TenantID, ClientID: c.set.ClientID,
		UserPrompt: prompt(c.set.Prompt),
	})
	s.inner = inner
	return s, err
}

// GetToken waits for the sign-in, or begins one.
func (s *signIn) GetToken(ctx context.Context, want policy.TokenRequestOptions) (azcore.AccessToken, error) {
	patience := time.NewTimer(s.patience)
	defer patience.Stop()
	for {
		f := s.join(ctx, want)
		select {
		case <-f.done:
			if f.claims == want.Claims {
				return f.token, f.err
			}
		case <-ctx.Done():
			s.leave(f)
			return azcore.AccessToken{}, ctx.Err()
		case <-patience.C:
			s.leave(f)
			return azcore.AccessToken{}, &credentialError{
				kind: backend.KindSignIn, message: "waiting for the sign-in with the code that is shown; nothing was sent",
			}
		}
	}
}

// join is the sign-in that is under way, or a new one.
func (s *signIn) join(ctx context.Context, want policy.TokenRequestOptions) *flight {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.untold; f != nil {
		s.untold = nil
		return f
	}
	if s.current == nil {
		s.current = &flight{claims: want.Claims, done: make(chan struct{})}
		go s.fly(context.WithoutCancel(ctx), s.current, want)
	}
	s.current.waiting++
	return s.current
}

// leave ends a call's waiting for f.
func (s *signIn) leave(f *flight) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.waiting--
}

// fly signs in. It is the only writer of f before done is closed.
func (s *signIn) fly(ctx context.Context, f *flight, want policy.TokenRequestOptions) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	ctx, cancel := context.WithTimeout(ctx, signInTimeout)
	defer cancel()
	// Of its own, because all who wait for it are told how it went.
	way := attempt{keeps: true}
	f.err = recovered(func() (err error) {
		f.token, err = s.inner.GetToken(context.WithValue(withAttempt(ctx, &way), stopKey{}, stop), want)
		return err
	})
	if f.err != nil {
		f.err = signInFailure(ctx, f.err, way.seen())
	}
	s.mu.Lock()
	s.current = nil
	if f.err != nil && f.waiting == 0 {
		s.untold = f
	}
	s.mu.Unlock()
	close(f.done)
}

// signInFailure explains what the library's errors, which wrap nothing, hide.
func signInFailure(ctx context.Context, err error, way seen) error {
	var given *givenUpError
	var failed *azidentity.AuthenticationFailedError
	switch {
	case errors.As(context.Cause(ctx), &given):
		return &credentialError{kind: backend.KindAuth, message: given.Error(), advice: adviceDeviceCode}
	case strings.Contains(err.Error(), context.DeadlineExceeded.Error()):
		return &credentialError{
			kind: backend.KindAuth, message: "nobody signed in while the code was good; the next try shows another one", advice: adviceDeviceCode,
		}
	case errors.As(err, &failed) && failed.RawResponse != nil && way.refusal != nil:
		// The library has read the body, to learn whether it has to go on waiting.
		failed.RawResponse.Body = io.NopCloser(bytes.NewReader(way.refusal))
	case way.err != nil:
		out := &credentialError{}
		out.unreached(way.err)
		return out
	}
	return err
}

// stopKey is under which a sign-in's context holds the function that ends it.
type stopKey struct{}

// givenUpError says that the prompt gave the sign-in up.
type givenUpError struct{ err error }

func (e *givenUpError) Error() string { return fmt.Sprintf("the sign-in was given up: %v", e.err) }

// prompt hands the code to show, cleaned, and does not wait for it: the library
// begins to ask for the token when it returns. The library's own prompt prints
// to standard output, over the screen.
func prompt(show func(ctx context.Context, message, url, code string) error) func(context.Context, azidentity.DeviceCodeMessage) error {
	return func(ctx context.Context, m azidentity.DeviceCodeMessage) error {
		go func() {
			err := show(ctx, text.Flat(m.Message), text.Clean(m.VerificationURL), text.Clean(m.UserCode))
			stop, ok := ctx.Value(stopKey{}).(context.CancelCauseFunc)
			if err != nil && ok {
				stop(&givenUpError{err})
			}
		}()
		return nil
	}
}
