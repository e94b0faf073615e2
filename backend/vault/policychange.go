package vault

import (
	"context"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azcertificates"

	"certty/backend"
	"certty/model"
)

// UpdatePolicy changes the stored policy (Key Vault REST, "Update Certificate
// Policy"). What is stored is read just before and has to be what the person
// saw. The page is the policy as the service answers.
//
// Of the service's groups of properties (key, secret, X.509, lifetime actions,
// issuer) those are sent that differ, each whole: the documents say that a
// member which is left out stays, and do not say whether that holds inside a
// group.
func (v *Vault) UpdatePolicy(ctx context.Context, ref model.Ref, was, want model.Policy) (backend.Change, error) {
	c := call{op: opUpdatePolicy, ref: ref, want: http.StatusOK, changes: true}
	change := policyChange(was, want)
	if reflect.ValueOf(change).IsZero() {
		return backend.Change{}, invalid(c, "there is nothing to change")
	}
	if err := v.checkNames(want.SANs); err != nil {
		return backend.Change{}, invalid(c, err.Error())
	}
	if err := v.confirmPolicy(ctx, c, was); err != nil {
		return backend.Change{}, err
	}
	a, err := v.do(ctx, c, func(ctx context.Context) error {
		_, err := v.client.UpdateCertificatePolicy(ctx, ref.Key, change, nil)
		return err
	})
	if err != nil {
		return backend.Change{}, err
	}
	p, err := decodePolicy(a.body)
	if err != nil {
		return backend.Change{}, unreadable(c, a, err)
	}
	return backend.Change{
		Page: model.Page{
			Fields: model.FieldPolicy, AsOf: a.at,
			Items: []model.Item{{Ref: v.certificateRef(ref.Key), Policy: p}},
		},
		ServiceRequestID: a.serviceID(),
	}, nil
}

// confirmPolicy reads the stored policy (Key Vault REST, "Get Certificate
// Policy") and compares it with the one that the change was made from.
func (v *Vault) confirmPolicy(ctx context.Context, change call, was model.Policy) error {
	if v.info.ReadOnly {
		return readOnly(change)
	}
	c := call{op: change.op, ref: change.ref, want: http.StatusOK}
	a, err := v.do(ctx, c, func(ctx context.Context) error {
		_, err := v.client.GetCertificatePolicy(ctx, c.ref.Key, nil)
		return err
	})
	if err != nil {
		return err
	}
	stored, err := decodePolicy(a.body)
	if err != nil {
		return unreadable(c, a, err)
	}
	if parts := differences(was, *stored); len(parts) > 0 {
		return &backend.Error{
			Kind: backend.KindConflict, Op: c.op, Ref: c.ref, RequestID: a.serviceID(),
			Message: "the stored policy is another one by now (" + strings.Join(parts, ", ") + "); nothing was sent",
		}
	}
	return nil
}

// differences names the groups in which two policies differ.
func differences(a, b model.Policy) []string {
	var parts []string
	for i, group := range groups(a) {
		if !reflect.DeepEqual(group.value, groups(b)[i].value) {
			parts = append(parts, group.name)
		}
	}
	return parts
}

type group struct {
	name  string
	value any
}

// groups are the groups of a policy's properties in which the service keeps
// them. An empty list and none are the same.
func groups(p model.Policy) []group {
	s := p.SANs
	names := [][]string{some(s.DNS), some(s.Emails), some(s.UPNs), some(s.URIs), some(s.IPs)}
	key := p.Key
	transparency := boolOf(p.Issuer.Transparency)
	return []group{
		{"key", []any{key.Type, key.Size, key.Curve, boolOf(key.Exportable), boolOf(key.ReuseKey)}},
		{"secret", p.ContentType},
		{"X.509", []any{p.Subject, names, some(p.EKUs), some(p.KeyUsage), p.ValidityMonths}},
		{"lifetime actions", some(p.LifetimeActions)},
		{"issuer", []any{p.Issuer.Name, p.Issuer.CertificateType, transparency}},
	}
}

func some[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

// boolOf is a comparable form of an optional bool.
func boolOf(b *bool) any {
	if b == nil {
		return nil
	}
	return *b
}

// policyChange is what to send to turn was into want. What was there and is to
// be empty is sent as empty: left out it would stay.
func policyChange(was, want model.Policy) azcertificates.CertificatePolicy {
	var change azcertificates.CertificatePolicy
	whole := createPolicy(want)
	parts := differences(was, want)
	if slices.Contains(parts, "key") {
		change.KeyProperties = whole.KeyProperties
	}
	if slices.Contains(parts, "secret") {
		change.SecretProperties = whole.SecretProperties
	}
	if slices.Contains(parts, "X.509") {
		change.X509CertificateProperties = whole.X509CertificateProperties
		emptyX509(change.X509CertificateProperties, was, want)
	}
	if slices.Contains(parts, "lifetime actions") {
		change.LifetimeActions = whole.LifetimeActions
		if len(want.LifetimeActions) == 0 {
			change.LifetimeActions = []*azcertificates.LifetimeAction{}
		}
	}
	if slices.Contains(parts, "issuer") {
		change.IssuerParameters = whole.IssuerParameters
		if was.Issuer.CertificateType != "" && want.Issuer.CertificateType == "" {
			change.IssuerParameters.CertificateType = new("")
		}
	}
	return change
}

// emptyX509 adds what is to become empty.
func emptyX509(x *azcertificates.X509CertificateProperties, was, want model.Policy) {
	if was.Subject != "" && want.Subject == "" {
		x.Subject = new("")
	}
	if len(was.EKUs) > 0 && len(want.EKUs) == 0 {
		x.EnhancedKeyUsage = []*string{}
	}
	if len(was.KeyUsage) > 0 && len(want.KeyUsage) == 0 {
		x.KeyUsage = []*azcertificates.KeyUsageType{}
	}
	names := x.SubjectAlternativeNames
	if names == nil {
		names = &azcertificates.SubjectAlternativeNames{}
	}
	emptied := false
	for _, kind := range []struct {
		was, want []string
		field     *[]*string
	}{
		{was.SANs.DNS, want.SANs.DNS, &names.DNSNames},
		{was.SANs.Emails, want.SANs.Emails, &names.Emails},
		{was.SANs.UPNs, want.SANs.UPNs, &names.UserPrincipalNames},
		{was.SANs.URIs, want.SANs.URIs, &names.URIs},
		{was.SANs.IPs, want.SANs.IPs, &names.IPAddresses},
	} {
		if len(kind.was) > 0 && len(kind.want) == 0 {
			*kind.field = []*string{}
			emptied = true
		}
	}
	if emptied {
		x.SubjectAlternativeNames = names
	}
}
