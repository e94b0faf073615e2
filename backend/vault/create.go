package vault

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azcertificates"

	"certty/backend"
	"certty/model"
)

// sinceNames is the first api-version that knows URIs and IP addresses as
// alternative names. An older one ignores them without a word.
const sinceNames = "2025-07-01"

// sinceOrder is the first api-version that knows preserveCertOrder.
const sinceOrder = "7.6"

// Create asks for a certificate (Key Vault REST, "Create Certificate"): 202 and
// a request, whose id is taken from the answer or from its Location.
//
// With a zero Policy the service uses the one that the certificate has already.
func (v *Vault) Create(ctx context.Context, spec model.CreateSpec) (backend.Change, error) {
	return v.create(ctx, opCreate, spec)
}

// NewVersion asks for a new version from the stored policy: it is Create
// without a policy. One that is sent replaces the stored one.
//
// One that leaves its operation's id (see [backend.OperationTag]) takes the tags of
// the current version along: the service is not documented to, and nothing says
// that it would beside a tag that is sent.
func (v *Vault) NewVersion(ctx context.Context, ref model.Ref) (backend.Change, error) {
	spec := model.CreateSpec{Name: ref.Key}
	if backend.Operation(ctx) != "" {
		b, _, err := v.readCertificate(ctx, opNewVersion, v.certificateRef(ref.Key))
		if err != nil || !sameTags(b.certificate.Tags, b.tags) {
			// Who can't send the tags back as they are must not replace them.
			ctx = backend.WithOperation(ctx, "")
		} else {
			spec.Tags = b.certificate.Tags
		}
	}
	return v.create(ctx, opNewVersion, spec)
}

func (v *Vault) create(ctx context.Context, op string, spec model.CreateSpec) (backend.Change, error) {
	c := call{op: op, ref: v.requestRef(spec.Name, ""), want: http.StatusAccepted, changes: true}
	if err := v.checkSpec(spec); err != nil {
		return backend.Change{}, invalid(c, err.Error())
	}
	if err := v.refusePending(ctx, c); err != nil {
		return backend.Change{}, err
	}
	spec.Tags = operationTags(ctx, spec.Tags)
	a, err := v.do(ctx, c, func(ctx context.Context) error {
		_, err := v.client.CreateCertificate(ctx, spec.Name, createParameters(spec), nil)
		return err
	})
	if err != nil {
		return backend.Change{}, err
	}
	r, err := decodeOperation(a.header, a.body, a.at)
	if err != nil {
		return backend.Change{}, unreadable(c, a, err)
	}
	return backend.Change{Page: v.requestPage(spec.Name, r, a.at), ServiceRequestID: a.serviceID()}, nil
}

// checkSpec refuses what would be misunderstood on the way. What the service
// itself refuses with a reason is left to it.
func (v *Vault) checkSpec(spec model.CreateSpec) error {
	if err := model.CheckName(spec.Name); err != nil {
		return fmt.Errorf("name: %w", err)
	}
	if err := v.checkNames(spec.Policy.SANs); err != nil {
		return err
	}
	return v.checkOrder(spec.PreserveCertOrder)
}

func (v *Vault) checkNames(sans model.SANs) error {
	if len(sans.URIs)+len(sans.IPs) > 0 && v.older(sinceNames) {
		return fmt.Errorf("alternative names: api-version %s does not know URIs and IP addresses, %s does", v.apiVersion, sinceNames)
	}
	return nil
}

func (v *Vault) checkOrder(preserve *bool) error {
	if preserve != nil && v.older(sinceOrder) {
		return fmt.Errorf("order of the chain: api-version %s can't preserve it, %s can", v.apiVersion, sinceOrder)
	}
	return nil
}

// refusePending finds a request in progress before a call that it would be in
// the way of. Key Vault allows one at a time, and how it says so (409) is known
// from its documents only. Whoever may not read is left to that answer.
func (v *Vault) refusePending(ctx context.Context, c call) error {
	if v.info.ReadOnly {
		return readOnly(c)
	}
	r, _, err := v.readRequest(ctx, c.op, v.requestRef(c.ref.Key, ""))
	switch {
	case backend.KindOf(err) == backend.KindPermission:
		return nil
	case err != nil:
		return err
	case r != nil && r.Phase == model.PhaseInProgress:
		return &backend.Error{
			Kind: backend.KindState, State: backend.StatePending, Op: c.op, Ref: c.ref,
			Message: "a request is in progress under this name; nothing was sent",
		}
	}
	return nil
}

// older reports whether the api-version that is set is older than another.
func (v *Vault) older(than string) bool {
	return v.apiVersion != "" && olderVersion(v.apiVersion, than)
}

// olderVersion compares api-versions: 2016-10-01 came first, then 7.0 to 7.6,
// then dates again.
func olderVersion(version, than string) bool {
	era := func(v string) int {
		switch {
		case strings.HasPrefix(v, "2016-"):
			return 0
		case strings.HasPrefix(v, "20") && strings.Contains(v, "-"):
			return 2
		}
		return 1
	}
	if a, b := era(version), era(than); a != b {
		return a < b
	}
	return version < than
}

func createParameters(spec model.CreateSpec) azcertificates.CreateCertificateParameters {
	p := azcertificates.CreateCertificateParameters{Tags: optionalTags(spec.Tags), PreserveCertOrder: spec.PreserveCertOrder}
	if spec.Enabled != nil {
		p.CertificateAttributes = &azcertificates.CertificateAttributes{Enabled: spec.Enabled}
	}
	if !reflect.ValueOf(spec.Policy).IsZero() {
		p.CertificatePolicy = createPolicy(spec.Policy)
	}
	return p
}

func createPolicy(p model.Policy) *azcertificates.CertificatePolicy {
	out := &azcertificates.CertificatePolicy{
		IssuerParameters: &azcertificates.IssuerParameters{
			// An absent issuer means a manual request too; it is sent, because
			// a stored policy may name another one.
			Name:                    new(model.IssuerUnknown),
			CertificateType:         optional(p.Issuer.CertificateType),
			CertificateTransparency: p.Issuer.Transparency,
		},
		X509CertificateProperties: &azcertificates.X509CertificateProperties{
			Subject:                 optional(p.Subject),
			SubjectAlternativeNames: createNames(p.SANs),
			EnhancedKeyUsage:        pointers[string](p.EKUs),
			KeyUsage:                pointers[azcertificates.KeyUsageType](p.KeyUsage),
			ValidityInMonths:        optionalInt(p.ValidityMonths),
		},
	}
	if p.Issuer.Name != "" {
		out.IssuerParameters.Name = &p.Issuer.Name
	}
	if k := p.Key; k != (model.KeyProperties{}) {
		out.KeyProperties = &azcertificates.KeyProperties{
			KeySize:    optionalInt(k.Size),
			Exportable: k.Exportable,
			ReuseKey:   k.ReuseKey,
			KeyType:    (*azcertificates.KeyType)(optional(k.Type)),
			Curve:      (*azcertificates.CurveName)(optional(k.Curve)),
		}
	}
	if p.ContentType != "" {
		out.SecretProperties = &azcertificates.SecretProperties{ContentType: &p.ContentType}
	}
	for _, a := range p.LifetimeActions {
		out.LifetimeActions = append(out.LifetimeActions, &azcertificates.LifetimeAction{
			Action: &azcertificates.LifetimeActionType{ActionType: new(azcertificates.CertificatePolicyAction(a.Action))},
			Trigger: &azcertificates.LifetimeActionTrigger{
				LifetimePercentage: optionalInt(a.Percentage),
				DaysBeforeExpiry:   optionalInt(a.DaysBeforeExpiry),
			},
		})
	}
	return out
}

func createNames(s model.SANs) *azcertificates.SubjectAlternativeNames {
	if s.Len() == 0 {
		return nil
	}
	return &azcertificates.SubjectAlternativeNames{
		DNSNames:           pointers[string](s.DNS),
		Emails:             pointers[string](s.Emails),
		UserPrincipalNames: pointers[string](s.UPNs),
		URIs:               pointers[string](s.URIs),
		IPAddresses:        pointers[string](s.IPs),
	}
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func optionalInt(n int) *int32 {
	if n == 0 {
		return nil
	}
	// What does not fit is refused by the service as too large.
	return new(int32(min(max(n, -1<<31), 1<<31-1)))
}

func optionalTags(tags map[string]string) map[string]*string {
	if len(tags) == 0 {
		return nil
	}
	return allTags(tags)
}

// allTags also stands for none at all: an empty map is sent, nil is not.
func allTags(tags map[string]string) map[string]*string {
	out := make(map[string]*string, len(tags))
	for key, value := range tags {
		out[key] = &value
	}
	return out
}

func pointers[T ~string](list []string) []*T {
	if len(list) == 0 {
		return nil
	}
	out := make([]*T, len(list))
	for i, s := range list {
		out[i] = new(T(s))
	}
	return out
}
