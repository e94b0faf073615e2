package vault

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azcertificates"

	"certty/backend"
	"certty/backend/text"
	"certty/model"
)

// maxEmptyPages bounds how many pages in a row may be empty. The service sends
// empty pages between full ones; without a bound a broken one never ends.
const maxEmptyPages = 1000

// Sweep lists every certificate of the vault with its attributes, those that
// have no version yet included (Key Vault REST, "Get Certificates", with
// includePending). One page of the sequence is one answer, as it arrives; empty
// ones are passed over, and the last carries the summary.
//
// Objects without a usable id are listed to the end and then reported as one
// KindOther error, so that they are not taken for gone.
func (v *Vault) Sweep(ctx context.Context) iter.Seq2[model.Page, error] {
	return func(yield func(model.Page, error) bool) {
		s := sweep{vault: v, ctx: ctx, call: call{op: opList, ref: v.certificateRef(""), want: http.StatusOK}}
		s.sum = model.Summary{Started: v.now(), Total: -1}
		s.call.query = url.Values{"maxresults": {"25"}}
		for {
			page, more, err := s.next()
			if err != nil {
				// What came with the page stays true.
				if len(page.Items) == 0 || yield(page, nil) {
					yield(s.cutShort(), err)
				}
				return
			}
			if !more {
				s.sum.Complete = true
				page.Summary = &s.sum
			}
			if !more || len(page.Items) > 0 {
				if !yield(page, nil) || !more {
					return
				}
			}
		}
	}
}

// sweep is one walk through a list.
type sweep struct {
	vault *Vault
	ctx   context.Context //nolint:containedctx // lives exactly as long as the sequence
	call  call
	sum   model.Summary
	// visited holds the links that were followed.
	visited map[string]bool
	empty   int
	lost    []error
}

// next reads one page. more is false when it is the last one.
func (s *sweep) next() (page model.Page, more bool, err error) {
	v := s.vault
	a, err := v.do(s.ctx, s.call, func(ctx context.Context) error {
		_, err := v.client.NewListCertificatePropertiesPager(&azcertificates.ListCertificatePropertiesOptions{
			IncludePending: new(true),
		}).NextPage(ctx)
		return err
	})
	if err != nil {
		return page, false, err
	}
	list, err := decodeList(v.info.Name, a.body)
	if err != nil {
		return page, false, unreadable(s.call, a, err)
	}
	s.sum.Seen += len(list.items)
	s.lost = append(s.lost, list.lost...)
	page = model.Page{Fields: model.FieldListing, AsOf: a.at, Items: list.items}
	if list.next == "" {
		return page, false, s.lostItems(a)
	}
	if err := s.follow(list); err != nil {
		return page, false, &backend.Error{
			Kind: backend.KindOther, Op: s.call.op, Ref: s.call.ref, Status: s.call.want,
			RequestID: a.serviceID(), Message: text.Flat(err.Error()),
		}
	}
	return page, true, nil
}

// follow turns to the next page, whose link must lead to this vault's list and
// to where the sweep has not been.
func (s *sweep) follow(list listPage) error {
	link, err := url.Parse(list.next)
	switch {
	case err != nil:
		return errors.New("the link to the list's next page is not a URL")
	case link.Scheme != "https" || canonicalHost(link) != s.vault.host:
		return fmt.Errorf("the link to the list's next page leads to another host, %s; it is not followed, because the token would go there", link.Host)
	case strings.TrimSuffix(link.Path, "/") != "/certificates":
		return fmt.Errorf("the link to the list's next page leads to %s", link.Path)
	case s.visited[link.RawQuery]:
		return errors.New("the list goes in circles: the link to its next page was followed before")
	}
	if s.empty++; len(list.items) > 0 {
		s.empty = 0
	}
	if s.empty > maxEmptyPages {
		return fmt.Errorf("the list does not end: %d empty pages in a row", s.empty)
	}
	if s.visited == nil {
		s.visited = map[string]bool{}
	}
	s.visited[link.RawQuery] = true
	s.call.link, s.call.query = link, nil
	return nil
}

// cutShort is the page that goes with an error.
func (s *sweep) cutShort() model.Page {
	return model.Page{Fields: model.FieldListing, AsOf: s.vault.now(), Summary: &s.sum}
}

// lostItems is the error of a list that ended well but for objects that can't
// be shown.
func (s *sweep) lostItems(a answer) error {
	if len(s.lost) == 0 {
		return nil
	}
	return &backend.Error{
		Kind: backend.KindOther, Op: s.call.op, Ref: s.call.ref, Status: s.call.want, RequestID: a.serviceID(),
		Message: text.Flat(fmt.Sprintf("%d listed objects can't be shown; of the first: %v", len(s.lost), s.lost[0])),
	}
}
