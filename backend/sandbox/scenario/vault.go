package scenario

import (
	"slices"
	"time"

	"certty/backend/sandbox/vaultserver"
)

const day = 24 * time.Hour

// takeover is how long after the vault was filled another client replaces a
// request: long enough to have seen the first one.
const takeover = 90 * time.Second

// lifetime is a public TLS certificate's, as the sandbox's CA makes it.
const lifetime = 199 * day

// The issuers that are no objects of the vault.
const (
	manual = "Unknown"
	self   = "Self"
)

// Vault lists the objects of a fresh vault at now, in a fixed order. Most keys
// are EC, because making RSA keys would keep the first screen waiting.
func Vault(now time.Time) []vaultserver.Entry {
	at := moment(now.Truncate(time.Second))
	return slices.Concat(at.waitingForYou(), at.waitingForOthers(), at.endedWithout(), at.live(), at.retired(), at.deleted(), at.hostile())
}

// moment is when the scenario plays.
type moment time.Time

func (m moment) ago(d time.Duration) time.Time { return time.Time(m).Add(-d) }

// left is a version of which that share of its life is left.
func (m moment) left(share float64) vaultserver.Issue {
	return vaultserver.Issue{At: m.ago(time.Duration(float64(lifetime) * (1 - share))), Lifetime: lifetime}
}

// waitingForYou are manual requests; two of them renew a live certificate.
func (m moment) waitingForYou() []vaultserver.Entry {
	return []vaultserver.Entry{
		{
			Name: "shop-example-com", Tags: owner("shop"),
			Policy: tls("CN=shop.example.com, O=Example, C=US", manual, rsa(), "shop.example.com", "www.shop.example.com", "static.shop.example.com"),
			Issued: []vaultserver.Issue{m.left(0.15)}, Asked: &vaultserver.Asked{At: m.ago(3 * day)},
		},
		{
			Name: "partner-gateway", Tags: owner("integration"),
			Policy: tls("CN=partners.example.com, O=Example, C=US", manual, ec(), "partners.example.com"),
			Asked:  &vaultserver.Asked{At: m.ago(26 * time.Hour)},
		},
		{
			// Renewed every half year; the next renewal waits.
			Name: "edge-proxy", Tags: owner("network"),
			Policy: tls("CN=edge.example.com, O=Example, C=US", manual, ec(), "edge.example.com", "edge.example.net"),
			Issued: []vaultserver.Issue{{At: m.ago(540 * day), Lifetime: lifetime}, {At: m.ago(365 * day), Lifetime: lifetime}, m.left(0.12)},
			Asked:  &vaultserver.Asked{At: m.ago(9 * time.Hour)},
		},
		{
			// Another client takes its name over while one watches.
			Name: "shared-lb", Tags: owner("platform"),
			Policy: tls("CN=lb.example.com", manual, ec(), "lb.example.com"),
			Asked:  &vaultserver.Asked{At: m.ago(5 * time.Hour)}, Replaced: m.ago(-takeover),
		},
		{
			Name: "mail-relay", Tags: owner("mail"),
			Policy: tls("CN=relay.example.com", manual, ec(), "relay.example.com"),
			Asked:  &vaultserver.Asked{At: m.ago(40 * time.Minute)},
		},
	}
}

func (m moment) waitingForOthers() []vaultserver.Entry {
	return []vaultserver.Entry{
		{
			Name: "legacy-mail", Tags: owner("mail"),
			Policy: tls("CN=legacy-mail.example.com", vaultserver.IssuerSlow, ec(), "legacy-mail.example.com"),
			Asked:  &vaultserver.Asked{At: m.ago(2 * time.Hour), CancelAsked: m.ago(time.Minute)},
		},
		{
			Name: "intranet", Tags: owner("it"),
			Policy: tls("CN=intranet.example.com, O=Example, C=US", vaultserver.IssuerSlow, ec(), "intranet.example.com"),
			Issued: []vaultserver.Issue{m.left(0.24)}, Asked: &vaultserver.Asked{At: m.ago(4 * time.Minute)},
		},
	}
}

// endedWithout are requests that ended without a certificate.
func (m moment) endedWithout() []vaultserver.Entry {
	return []vaultserver.Entry{
		{
			Name: "api-eu", Tags: owner("api"),
			Policy: tls("CN=api.eu.example.com, O=Example GmbH, C=DE", vaultserver.IssuerStrict, ec(), "api.eu.example.com"),
			Asked:  &vaultserver.Asked{At: m.ago(2 * time.Hour), Outcome: vaultserver.Failed},
		},
		{
			Name: "billing", Tags: owner("finance"),
			Policy: tls("CN=billing.example.com", vaultserver.IssuerBroken, ec(), "billing.example.com"),
			Issued: []vaultserver.Issue{m.left(0.31)}, Asked: &vaultserver.Asked{At: m.ago(50 * time.Minute), Outcome: vaultserver.Failed},
		},
		{
			Name: "summer-sale", Tags: owner("shop"),
			Policy: tls("CN=sale.example.com", manual, ec(), "sale.example.com"),
			Asked:  &vaultserver.Asked{At: m.ago(6 * day), CancelAsked: m.ago(5 * day), Outcome: vaultserver.Cancelled},
		},
		{
			// Its request was deleted; the object keeps the name.
			Name: "test-drive", Made: m.ago(9 * day), Forgotten: true,
			Policy: tls("CN=test.example.com", manual, ec(), "test.example.com"),
		},
	}
}

func (m moment) live() []vaultserver.Entry {
	return []vaultserver.Entry{
		{
			Name: "vpn-gw", Tags: owner("network"),
			Policy: tls("CN=vpn.example.com", manual, rsa(), "vpn.example.com"),
			Issued: []vaultserver.Issue{m.left(0.04)},
		},
		{
			// Renewed a moment ago.
			Name: "www", Tags: owner("web"),
			Policy: tls("CN=www.example.com, O=Example, C=US", vaultserver.IssuerContoso, ec(), "www.example.com", "example.com"),
			Issued: []vaultserver.Issue{m.left(0.1), {At: m.ago(20 * time.Minute), Lifetime: lifetime}},
		},
		{
			Name: "shomeisho-shanai", Tags: owner("tokyo"),
			Policy: tls("CN=証明書-社内, O=株式会社サンプル, C=JP", manual, ec(), "shanai.example.jp"),
			Issued: []vaultserver.Issue{m.left(0.65)},
		},
		{
			Name: "api-us", Tags: owner("api"),
			Policy: tls("CN=api.us.example.com, O=Example, C=US", vaultserver.IssuerContoso, p384(), "api.us.example.com"),
			Issued: []vaultserver.Issue{{At: m.ago(260 * day), Lifetime: lifetime}, m.left(0.45)},
		},
		{
			Name: "build-agents", Tags: owner("ci"),
			Policy: tls("CN=agents.internal, O=Example", self, ec(), "agents.internal"),
			Issued: []vaultserver.Issue{{At: m.ago(30 * day), Lifetime: 365 * day}},
		},
		{
			// It came with its key from elsewhere and never had a request.
			Name: "appliance", Tags: owner("network"), Imported: name("appliance.example.com"),
			Policy: tls("", manual, p521(), "appliance.example.com"),
			Issued: []vaultserver.Issue{{At: m.ago(100 * day), Lifetime: 3 * 365 * day}},
		},
		{
			Name: "wildcard-dev", Forgotten: true,
			Policy: tls("CN=*.dev.example.com", manual, ec(), "*.dev.example.com"),
			Issued: []vaultserver.Issue{m.left(0.83)},
		},
	}
}

// retired are certificates beyond their life or out of use.
func (m moment) retired() []vaultserver.Entry {
	return []vaultserver.Entry{
		{
			Name: "old-blog", Tags: owner("web"), Forgotten: true,
			Policy: tls("CN=blog.example.com", manual, ec(), "blog.example.com"),
			Issued: []vaultserver.Issue{{At: m.ago(lifetime + 11*day), Lifetime: lifetime}},
		},
		{
			Name: "old-portal", Tags: owner("web"), Disabled: true, Forgotten: true,
			Policy: tls("CN=portal.example.com", manual, ec(), "portal.example.com"),
			Issued: []vaultserver.Issue{m.left(0.30)},
		},
	}
}

func owner(team string) map[string]string { return map[string]string{"owner": team} }

func rsa() *vaultserver.KeyProperties { return &vaultserver.KeyProperties{Kty: "RSA", Size: 2048} }

func ec() *vaultserver.KeyProperties { return &vaultserver.KeyProperties{Kty: "EC", Curve: "P-256"} }

func p384() *vaultserver.KeyProperties { return &vaultserver.KeyProperties{Kty: "EC", Curve: "P-384"} }

func p521() *vaultserver.KeyProperties { return &vaultserver.KeyProperties{Kty: "EC", Curve: "P-521"} }

func tls(subject, issuer string, key *vaultserver.KeyProperties, names ...string) vaultserver.Policy {
	return vaultserver.Policy{
		Key:    key,
		X509:   &vaultserver.X509Properties{Subject: subject, SANs: &vaultserver.AlternativeNames{DNSNames: names}, ValidityMonths: 6},
		Issuer: &vaultserver.IssuerParameters{Name: issuer},
	}
}
