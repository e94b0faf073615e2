package scm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"certty/backend"
	"certty/backend/wire"
	"certty/model"
	"certty/model/x5c"
)

// collectFormats are asked for until one brings certificates: PEM with the
// chain, and PKCS#7 (SCM REST API, "Collect SSL certificate").
var collectFormats = []string{"x509", "base64"}

// Collect fetches the certificate with its chain, in whatever order the service
// sends it: PEM comes root first, and other formats otherwise.
//
// After a replacement the service goes on handing out the old certificate for a
// while. So a revision in ref is the serial number that is waited for, and any
// other leaf counts as not issued yet.
func (b *Backend) Collect(ctx context.Context, ref model.Ref) ([][]byte, error) {
	id, err := orderID(opCollect, ref)
	if err != nil {
		return nil, err
	}
	var chain [][]byte
	for _, format := range collectFormats {
		chain, err = b.collect(ctx, ref, id, format)
		if kind := backend.KindOf(err); err == nil || kind != backend.KindUnsupported && kind != backend.KindOther {
			break
		}
	}
	return chain, err
}

// collect fetches a certificate in one format.
func (b *Backend) collect(ctx context.Context, ref model.Ref, id int, format string) ([][]byte, error) {
	c := call{
		op: opCollect, ref: ref, method: http.MethodGet, path: "ssl/v1/collect/" + strconv.Itoa(id),
		query: url.Values{"format": {format}}, want: http.StatusOK,
	}
	a, err := b.do(ctx, c)
	if err != nil {
		return nil, err
	}
	notYet := func(message string) error {
		return &backend.Error{
			Kind: backend.KindState, State: backend.StateNotIssued, Advice: adviceNotIssued, Op: opCollect, Ref: ref,
			Status: c.want, Message: message, RetryAfter: wire.RetryAfter(a.header, a.at),
		}
	}
	if len(bytes.TrimSpace(a.body)) == 0 {
		return nil, notYet("the answer is empty: the certificate is not there yet")
	}
	chain, serials, err := readChain(a.body)
	if err != nil {
		return nil, unreadable(c, a, err)
	}
	if want := ref.Revision; want != "" && len(serials) > 0 && !anySerial(serials, want) {
		return nil, notYet(fmt.Sprintf("the certificate with serial number %s is not there yet; the account still gives out %s", want, strings.Join(serials, ", ")))
	}
	return chain, nil
}

// readChain reads the certificates of an answer, PEM or PKCS#7, and the serial
// numbers of those that are no authority's. A page in HTML is none, whatever it
// quotes.
func readChain(body []byte) (chain [][]byte, leaves []string, err error) {
	if start := bytes.ToLower(bytes.TrimSpace(body)); bytes.HasPrefix(start, []byte("<")) || bytes.HasPrefix(start, []byte("{")) {
		return nil, nil, errors.New("it holds no certificate")
	}
	bundle, err := x5c.Read(body)
	if err != nil {
		return nil, nil, err
	}
	for _, cert := range bundle.Certificates {
		chain = append(chain, cert.Raw)
		if !cert.IsCA {
			leaves = append(leaves, model.SerialText(cert.SerialNumber))
		}
	}
	return chain, leaves, nil
}

func anySerial(serials []string, want string) bool {
	for _, s := range serials {
		if sameSerial(s, want) {
			return true
		}
	}
	return false
}
