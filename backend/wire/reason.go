package wire

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"certty/backend/text"
)

// Reason is an error of the network as a person needs it, brief and clean:
// without the request line that net/http puts before it, and for a certificate
// that was not accepted with who signed it or whose it is. wayOut is what to do
// about an authority that is not trusted here.
func Reason(err error, wayOut string) string {
	if why := distrust(err, wayOut); why != "" {
		return Brief(why)
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	return Brief(err.Error())
}

// Brief is [text.Flat] for texts that were made to be read in a log: 500
// characters at most.
func Brief(s string) string {
	const most = 500
	s = text.Flat(s)
	if r := []rune(s); len(r) > most {
		s = string(r[:most-1]) + "…"
	}
	return s
}

// EndOfContext is the end of a context that err tells of, context.Canceled or
// context.DeadlineExceeded, and nil for every other error. It keeps what
// errors.Is is asked for and nothing else: libraries' errors may hold what was
// sent, and whole answers, uncleaned.
func EndOfContext(err error) error {
	for _, end := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, end) {
			return end
		}
	}
	return nil
}

// RedirectTarget is where a 3xx answer points to, without its query, which may
// hold secrets; "" for other answers. It is as it came: whoever shows it takes
// secrets out and cleans it, in this order.
func RedirectTarget(resp *http.Response) string {
	if resp.StatusCode < 300 || resp.StatusCode > 399 {
		return ""
	}
	u, err := resp.Location()
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host + u.EscapedPath()
}

// LongestWait is the most that is believed of how long a service asks to wait.
const LongestWait = 24 * time.Hour

// RetryAfter is how long the service asks to wait: seconds, or a date that is
// counted from now (RFC 9110 §10.2.3). It is between 0, where there is nothing
// sensible, and [LongestWait].
func RetryAfter(h http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	wait := time.Duration(0)
	if s, err := strconv.ParseUint(value, 10, 31); err == nil {
		wait = time.Duration(s) * time.Second
	} else if date, err := http.ParseTime(value); err == nil {
		wait = date.Sub(now)
	}
	return max(0, min(LongestWait, wait))
}
