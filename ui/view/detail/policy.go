package detail

import (
	"fmt"
	"strings"

	"certty/model"
	"certty/model/x5c"
)

// policy shows what the next version will be made from: in full, or in a line.
func (l *lines) policy(p *model.Policy) {
	if p == nil {
		return
	}
	if !l.all {
		parts := []string{key(p.Key)}
		parts = append(parts, months(p.ValidityMonths))
		for _, a := range p.LifetimeActions {
			parts = append(parts, lifetime(a))
		}
		l.title("POLICY")
		l.pair("in short", strings.Join(filled(parts), ", "))
		l.gap()
		return
	}
	l.title("POLICY of the next version")
	l.pair("subject", p.Subject)
	l.pair("sans", strings.Join(p.SANs.All(), "\n"))
	l.pair("issuer", issuer(p.Issuer))
	if t := p.Issuer.Transparency; t != nil {
		l.pair("", "certificate transparency: "+yes(*t))
	}
	l.pair("key", strings.Join(filled([]string{key(p.Key), exportable(p.Key), reuse(p.Key)}), ", "))
	l.pair("usage", strings.Join(p.KeyUsage, ", "))
	l.pair("ext usage", strings.Join(ekus(p.EKUs), ", "))
	l.pair("validity", months(p.ValidityMonths))
	for _, a := range p.LifetimeActions {
		l.pair("then", lifetime(a))
	}
	l.pair("secret as", content(p.ContentType))
	l.gap()
}

func filled(parts []string) []string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// key is the type and size of a key, "RSA 2048" or "EC-HSM P-256".
func key(k model.KeyProperties) string {
	switch {
	case k.Curve != "":
		return strings.TrimSpace(k.Type + " " + k.Curve)
	case k.Size != 0:
		return strings.TrimSpace(fmt.Sprintf("%s %d", k.Type, k.Size))
	}
	return k.Type
}

func exportable(k model.KeyProperties) string {
	switch {
	case k.Exportable == nil:
		return ""
	case *k.Exportable:
		return "exportable"
	}
	return "not exportable"
}

func reuse(k model.KeyProperties) string {
	switch {
	case k.ReuseKey == nil:
		return ""
	case *k.ReuseKey:
		return "used again in the next version"
	}
	return "a new one for each version"
}

func ekus(oids []string) []string {
	names := make([]string, len(oids))
	for i, oid := range oids {
		names[i] = x5c.EKUName(oid)
	}
	return names
}

func months(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 month"
	}
	return fmt.Sprintf("%d months", n)
}

// lifetime is what the vault does by itself, and when.
func lifetime(a model.LifetimeAction) string {
	if a.Percentage != 0 {
		return fmt.Sprintf("%s at %d %% of the lifetime", a.Action, a.Percentage)
	}
	return fmt.Sprintf("%s %d days before expiry", a.Action, a.DaysBeforeExpiry)
}

func content(contentType string) string {
	switch contentType {
	case string(model.ImportPFX):
		return "PKCS#12"
	case string(model.ImportPEM):
		return "PEM"
	}
	return contentType
}
