package scenario

import (
	"time"

	"certty/backend/sandbox/vaultserver"
)

const day = 24 * time.Hour

// lifetime is a public TLS certificate's, as the sandbox's CA makes it.
const lifetime = 199 * day

// Vault lists the objects of a fresh vault at now, in a fixed order. Most keys
// are EC, because making RSA keys would keep the first screen waiting.
func Vault(now time.Time) []vaultserver.Entry {
	now = now.Truncate(time.Second)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	// left is a version of which that share of its life is left.
	left := func(share float64) vaultserver.Issue {
		return vaultserver.Issue{At: ago(time.Duration(float64(lifetime) * (1 - share))), Lifetime: lifetime}
	}
	return []vaultserver.Entry{
		// Waiting for a person.
		{
			Name: "shop-example-com", Tags: owner("shop"),
			Policy: tls("CN=shop.example.com, O=Example, C=US", manual, rsa, "shop.example.com", "www.shop.example.com", "static.shop.example.com"),
			Issued: []vaultserver.Issue{left(0.15)}, Asked: &vaultserver.Asked{At: ago(3 * day)},
		},
		{
			Name: "partner-gateway", Tags: owner("integration"),
			Policy: tls("CN=partners.example.com, O=Example, C=US", manual, ec, "partners.example.com"),
			Asked:  &vaultserver.Asked{At: ago(26 * time.Hour)},
		},
		{
			Name: "mail-relay", Tags: owner("mail"),
			Policy: tls("CN=relay.example.com", manual, rsa, "relay.example.com"),
			Asked:  &vaultserver.Asked{At: ago(40 * time.Minute)},
		},
		// Waiting for somebody else.
		{
			Name: "legacy-mail", Tags: owner("mail"),
			Policy: tls("CN=legacy-mail.example.com", vaultserver.IssuerSlow, ec, "legacy-mail.example.com"),
			Asked:  &vaultserver.Asked{At: ago(2 * time.Hour), CancelAsked: ago(time.Minute)},
		},
		{
			Name: "intranet", Tags: owner("it"),
			Policy: tls("CN=intranet.example.com, O=Example, C=US", vaultserver.IssuerSlow, ec, "intranet.example.com"),
			Issued: []vaultserver.Issue{left(0.24)}, Asked: &vaultserver.Asked{At: ago(4 * time.Minute)},
		},
		// Ended without a certificate.
		{
			Name: "api-eu", Tags: owner("api"),
			Policy: tls("CN=api.eu.example.com, O=Example GmbH, C=DE", vaultserver.IssuerStrict, ec, "api.eu.example.com"),
			Asked:  &vaultserver.Asked{At: ago(2 * time.Hour), Outcome: vaultserver.Failed},
		},
		{
			Name: "billing", Tags: owner("finance"),
			Policy: tls("CN=billing.example.com", vaultserver.IssuerBroken, ec, "billing.example.com"),
			Issued: []vaultserver.Issue{left(0.31)}, Asked: &vaultserver.Asked{At: ago(50 * time.Minute), Outcome: vaultserver.Failed},
		},
		{
			Name:   "summer-sale",
			Policy: tls("CN=sale.example.com", manual, ec, "sale.example.com"),
			Asked:  &vaultserver.Asked{At: ago(6 * day), Outcome: vaultserver.Cancelled, CancelAsked: ago(5 * day)},
		},
		{
			// Its request was deleted; the object keeps the name.
			Name:   "test-drive",
			Policy: tls("CN=test.example.com", manual, ec, "test.example.com"),
			Made:   ago(9 * day),
		},
		// Live certificates.
		{
			Name: "vpn-gw", Tags: owner("network"),
			Policy: tls("CN=vpn.example.com", manual, ec, "vpn.example.com"),
			Issued: []vaultserver.Issue{left(0.04)}, Asked: ended(left(0.04)),
		},
		{
			Name: "www", Tags: owner("web"),
			Policy: tls("CN=www.example.com, O=Example, C=US", vaultserver.IssuerContoso, rsa, "www.example.com", "example.com"),
			Issued: []vaultserver.Issue{{At: ago(180 * day), Lifetime: lifetime}, {At: ago(20 * time.Minute), Lifetime: lifetime}},
			Asked:  &vaultserver.Asked{At: ago(21 * time.Minute), Outcome: vaultserver.Completed},
		},
		{
			Name: "shomeisho-shanai", Tags: owner("tokyo"),
			Policy: tls("CN=証明書-社内, O=株式会社サンプル, C=JP", manual, ec, "shanai.example.jp"),
			Issued: []vaultserver.Issue{left(0.65)}, Asked: ended(left(0.65)),
		},
		{
			Name: "api-us", Tags: owner("api"),
			Policy: tls("CN=api.us.example.com, O=Example, C=US", vaultserver.IssuerContoso, p384, "api.us.example.com"),
			Issued: []vaultserver.Issue{{At: ago(260 * day), Lifetime: lifetime}, left(0.45)}, Asked: ended(left(0.45)),
		},
		{
			Name: "build-agents", Tags: owner("ci"),
			Policy: tls("CN=agents.internal, O=Example", self, ec, "agents.internal"),
			Issued: []vaultserver.Issue{{At: ago(30 * day), Lifetime: 365 * day}}, Asked: ended(vaultserver.Issue{}),
		},
		{
			Name:   "wildcard-dev",
			Policy: tls("CN=*.dev.example.com", manual, ec, "*.dev.example.com"),
			Issued: []vaultserver.Issue{left(0.83)},
		},
		// Beyond their life, or out of use.
		{
			Name: "old-blog", Tags: owner("web"),
			Policy: tls("CN=blog.example.com", manual, ec, "blog.example.com"),
			Issued: []vaultserver.Issue{{At: ago(lifetime + 11*day), Lifetime: lifetime}},
		},
		{
			Name: "old-portal", Tags: owner("web"), Disabled: true,
			Policy: tls("CN=portal.example.com", manual, ec, "portal.example.com"),
			Issued: []vaultserver.Issue{left(0.30)},
		},
	}
}

// The issuers that are no objects of the vault.
const (
	manual = "Unknown"
	self   = "Self"
)

// ended is the pending object that a completed request leaves behind.
func ended(last vaultserver.Issue) *vaultserver.Asked {
	return &vaultserver.Asked{At: last.At, Outcome: vaultserver.Completed}
}

func owner(team string) map[string]string { return map[string]string{"owner": team} }

func rsa() *vaultserver.KeyProperties { return &vaultserver.KeyProperties{Kty: "RSA", Size: 2048} }
func ec() *vaultserver.KeyProperties  { return &vaultserver.KeyProperties{Kty: "EC", Curve: "P-256"} }
func p384() *vaultserver.KeyProperties {
	return &vaultserver.KeyProperties{Kty: "EC", Curve: "P-384"}
}

func tls(subject, issuer string, key func() *vaultserver.KeyProperties, names ...string) vaultserver.Policy {
	return vaultserver.Policy{
		Key:    key(),
		X509:   &vaultserver.X509Properties{Subject: subject, SANs: &vaultserver.AlternativeNames{DNSNames: names}},
		Issuer: &vaultserver.IssuerParameters{Name: issuer},
	}
}
