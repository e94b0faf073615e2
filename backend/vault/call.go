package vault

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"

	"certty/backend"
	"certty/backend/wire"
	"certty/model"
)

// call is one call of the vault.
type call struct {
	// op and ref are what errors speak of.
	op  string
	ref model.Ref
	// vaultWide is true when the call is about the vault and not about a name.
	vaultWide bool
	// changes is true when the call changes something: it is then sent once.
	changes bool
	// want is the one status that means success (Key Vault REST, each
	// operation's "Responses").
	want int
	// query is added to the request's own.
	query url.Values
	// link, where it is set, replaces path and query of the request.
	link *url.URL
}

// answer is what the service said to a call that succeeded.
type answer struct {
	at     time.Time
	header http.Header
	body   []byte
}

// serviceID is the service's own id of the call.
func (a answer) serviceID() string { return serviceID(a.header) }

// do makes a call by send, which must make exactly one request with the
// library. What the library decodes is thrown away: it fails on a field that it
// can't read and drops fields that it does not know.
//
// Every error is a *backend.Error.
func (v *Vault) do(ctx context.Context, c call, send func(context.Context) error) (answer, error) {
	switch {
	case c.changes && v.info.ReadOnly:
		return answer{}, readOnly(c)
	case c.ref.Key == "" && !c.vaultWide:
		return answer{}, &backend.Error{Kind: backend.KindInvalid, Op: c.op, Ref: c.ref, Message: "a name is needed"}
	}
	var (
		way  = attempt{counts: c.changes}
		x    = trip{call: c}
		resp *http.Response
	)
	retries := v.reads
	if c.changes {
		retries = policy.RetryOptions{MaxRetries: -1}
	}
	err := ctx.Err()
	if err == nil {
		ctx := withAttempt(ctx, &way)
		ctx = context.WithValue(ctx, tripKey{}, &x)
		ctx = policy.WithRetryOptions(ctx, retries)
		ctx = policy.WithCaptureResponse(ctx, &resp)
		err = recovered(func() error { return send(ctx) })
	}
	at := v.now()
	if resp != nil && resp.StatusCode == c.want && !isRefusal(err) {
		if x.whole {
			return answer{at: at, header: resp.Header, body: x.body}, nil
		}
	}
	if err == nil {
		err = errors.New("the library gave no answer")
	}
	return answer{}, v.failure(c, way.seen(), err)
}

// isRefusal reports whether err is more than the library's trouble with
// decoding an answer that came whole.
func isRefusal(err error) bool {
	var refused *azcore.ResponseError
	var panicked *panicError
	return errors.As(err, &refused) || errors.As(err, &panicked)
}

// panicError is a panic of the library: its reader of authentication challenges
// indexes without looking (an authority without a path is enough).
type panicError struct{ value any }

func (e *panicError) Error() string {
	return fmt.Sprintf("the authentication challenge could not be understood (%v)", e.value)
}

func recovered(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &panicError{p}
		}
	}()
	return f()
}

type tripKey struct{}

// trip is a call under way.
type trip struct {
	call
	// body is that of the answer, where whole is true: it succeeded and came to
	// its end.
	body  []byte
	whole bool
}

// tripPolicy completes a request's address by what its call says, and takes
// the answer.
type tripPolicy struct{}

func (tripPolicy) Do(req *policy.Request) (*http.Response, error) {
	x, ok := req.Raw().Context().Value(tripKey{}).(*trip)
	if !ok {
		return req.Next()
	}
	x.address(req.Raw().URL)
	resp, err := req.Next()
	if err == nil {
		x.take(resp)
	}
	return resp, err
}

// address completes the address of the request. The library's own list pager is
// given one page each time, because it would follow the link to the next page to
// any host, with the token.
func (x *trip) address(u *url.URL) {
	switch {
	case x.link != nil:
		u.Path, u.RawPath, u.RawQuery = x.link.Path, x.link.RawPath, x.link.RawQuery
	case len(x.query) > 0:
		q := u.Query()
		maps.Copy(q, x.query)
		u.RawQuery = q.Encode()
	}
}

// take keeps the body of a success, and leaves the library one that costs
// nothing to decode: what it decodes is thrown away, and to do so twice is a
// sixth of the time of a read.
func (x *trip) take(resp *http.Response) {
	if resp.StatusCode != x.want {
		return
	}
	body, err := runtime.Payload(resp)
	if err != nil {
		return
	}
	x.body, x.whole = body, true
	resp.Body = io.NopCloser(strings.NewReader("{}"))
}

// readRetries bounds the library's retries of reads to about three seconds,
// and never retries a throttled call: the poller pauses the whole vault
// instead, and says so on the screen.
func readRetries() policy.RetryOptions {
	return policy.RetryOptions{
		MaxRetries:    2,
		RetryDelay:    300 * time.Millisecond,
		MaxRetryDelay: 2 * time.Second,
		ShouldRetry:   worthRetrying,
	}
}

func worthRetrying(resp *http.Response, err error) bool {
	if err != nil {
		// What has timed out has taken long enough; the poller comes again.
		var timeout net.Error
		if errors.As(err, &timeout) && timeout.Timeout() {
			return false
		}
		var badCertificate *tls.CertificateVerificationError
		var unknownAuthority x509.UnknownAuthorityError
		return !errors.As(err, &badCertificate) && !errors.As(err, &unknownAuthority) &&
			!errors.Is(err, wire.ErrTooLong) && !isOurs(err)
	}
	return slices.Contains([]int{
		http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout,
	}, resp.StatusCode)
}
