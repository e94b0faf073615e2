package vault

import (
	"context"
	"iter"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azcertificates"

	"certty/model"
)

// Sweep lists every certificate of the vault with its attributes, those that
// have no version yet included (Key Vault REST, "Get Certificates", with
// includePending). One page of the sequence is one answer, as it arrives; empty
// ones are passed over, and the last carries the summary.
//
// Objects without a usable id are listed to the end and then reported as one
// KindOther error, so that they are not taken for gone.
func (v *Vault) Sweep(ctx context.Context) iter.Seq2[model.Page, error] {
	return v.sweep(ctx, model.FieldListing, decodeListed,
		func() *walk {
			return v.walk(opList, v.certificateRef(""), "/certificates", func(ctx context.Context) error {
				_, err := v.client.NewListCertificatePropertiesPager(&azcertificates.ListCertificatePropertiesOptions{
					IncludePending: new(true),
				}).NextPage(ctx)
				return err
			})
		})
}

// SweepDeleted lists every soft-deleted certificate, those that never had a
// version included (Key Vault REST, "Get Deleted Certificates", with
// includePending). The sequence has the form of [Vault.Sweep]'s, with pages of
// model.FieldDeleted.
func (v *Vault) SweepDeleted(ctx context.Context) iter.Seq2[model.Page, error] {
	return v.sweep(ctx, model.FieldDeleted, decodeDeleted,
		func() *walk {
			return v.walk(opListDeleted, v.certificateRef(""), "/deletedcertificates", func(ctx context.Context) error {
				_, err := v.client.NewListDeletedCertificatePropertiesPager(&azcertificates.ListDeletedCertificatePropertiesOptions{
					IncludePending: new(true),
				}).NextPage(ctx)
				return err
			})
		})
}

// deletedSweeper is SweepDeleted as the capability of its own that it is.
type deletedSweeper struct{ vault *Vault }

func (d deletedSweeper) Sweep(ctx context.Context) iter.Seq2[model.Page, error] {
	return d.vault.SweepDeleted(ctx)
}

// itemDecoder reads an item of a list that was answered at a moment.
type itemDecoder func(target string, raw []byte, at time.Time) (model.Item, error)

func (v *Vault) sweep(ctx context.Context, fields model.Fields, decode itemDecoder, start func() *walk) iter.Seq2[model.Page, error] {
	return func(yield func(model.Page, error) bool) {
		s := sweep{walk: start(), fields: fields, decode: decode}
		s.sum = model.Summary{Started: v.now(), Total: -1}
		for {
			page, err := s.next(ctx)
			if unchanged(err) {
				// Nothing new, and no way to tell what is there: no news.
				yield(s.cutShort(), nil)
				return
			}
			if err != nil {
				// What came with the page stays true.
				if len(page.Items) == 0 || yield(page, nil) {
					yield(s.cutShort(), err)
				}
				return
			}
			last := s.walk.ended
			if last {
				s.sum.Complete = true
				page.Summary = &s.sum
			}
			if last || len(page.Items) > 0 {
				if !yield(page, nil) || last {
					return
				}
			}
		}
	}
}

// sweep is a walk whose items become pages of news.
type sweep struct {
	walk   *walk
	fields model.Fields
	decode itemDecoder
	sum    model.Summary
	lost   []error
	same   repeats
}

// next reads one page.
func (s *sweep) next(ctx context.Context) (model.Page, error) {
	raw, a, err := s.walk.next(ctx)
	page := model.Page{Fields: s.fields, AsOf: a.at, Items: make([]model.Item, 0, len(raw))}
	for _, r := range raw {
		item, err := s.decode(s.walk.vault.info.Name, r, a.at)
		if err != nil {
			s.lost = append(s.lost, err)
			continue
		}
		s.same.share(&item.Certificate)
		page.Items = append(page.Items, item)
	}
	s.sum.Seen += len(page.Items)
	if err == nil && s.walk.ended {
		err = s.walk.lostItems(a, s.lost)
	}
	return page, err
}

// cutShort is the page that goes with an error.
func (s *sweep) cutShort() model.Page {
	return model.Page{Fields: s.fields, AsOf: s.walk.vault.now(), Summary: &s.sum}
}
