package vault

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"certty/model"
)

// flatten gives the leaves of a JSON object under their paths.
func flatten(t *testing.T, body []byte) map[string]any {
	t.Helper()
	if len(body) == 0 || string(body) == "null" {
		return map[string]any{}
	}
	var object map[string]any
	if err := json.Unmarshal(body, &object); err != nil {
		t.Fatal(err)
	}
	leaves := map[string]any{}
	var walk func(path string, value any)
	walk = func(path string, value any) {
		if object, ok := value.(map[string]any); ok {
			for key, inner := range object {
				walk(strings.TrimPrefix(path+"."+key, "."), inner)
			}
			return
		}
		leaves[path] = value
	}
	walk("", object)
	return leaves
}

// compare checks that every recorded leaf is in the model, or is one of those
// that the model has no room for.
func compare(t *testing.T, raw, got map[string]any, noRoom ...string) {
	t.Helper()
	for path, want := range raw {
		if want == nil || hasPrefix(path, noRoom) {
			continue
		}
		have, known := got[path]
		if !known {
			t.Errorf("nobody reads the recorded %s = %v", path, want)
			continue
		}
		if fmt.Sprint(have) != fmt.Sprint(want) {
			t.Errorf("%s = %v, recorded %v", path, have, want)
		}
	}
}

func hasPrefix(path string, prefixes []string) bool {
	for _, p := range prefixes {
		if path == p || strings.HasPrefix(path, p+".") {
			return true
		}
	}
	return false
}

// pointed is what a pointer points to; nil where it does not.
func pointed(p any) any {
	if v := reflect.ValueOf(p); !v.IsNil() {
		return v.Elem().Interface()
	}
	return nil
}

// seconds is a time as JSON holds it.
func seconds(t time.Time) any { return float64(t.Unix()) }

func certificateFields(c model.Certificate) map[string]any {
	x5t, err := hex.DecodeString(c.Thumbprint)
	if err != nil {
		x5t = nil
	}
	got := map[string]any{
		"x5t": base64.RawURLEncoding.EncodeToString(x5t), "subject": c.Subject,
		"attributes.enabled": c.Enabled, "attributes.nbf": seconds(c.NotBefore), "attributes.exp": seconds(c.NotAfter),
		"attributes.created": seconds(c.Created), "attributes.updated": seconds(c.Updated),
		"attributes.recoveryLevel": c.RecoveryLevel, "attributes.recoverylevel": c.RecoveryLevel,
		"attributes.recoverableDays": c.RecoverableDays,
	}
	for key, value := range c.Tags {
		got["tags."+key] = value
	}
	return got
}

// policyFields are a policy's, each under a prefix.
func policyFields(into map[string]any, prefix string, p *model.Policy) {
	got := map[string]any{}
	defer func() {
		for path, value := range got {
			into[prefix+strings.TrimPrefix(path, "policy.")] = value
		}
	}()
	got["policy.key_props.exportable"] = pointed(p.Key.Exportable)
	got["policy.key_props.kty"] = p.Key.Type
	got["policy.key_props.key_size"] = p.Key.Size
	got["policy.key_props.crv"] = p.Key.Curve
	got["policy.key_props.reuse_key"] = pointed(p.Key.ReuseKey)
	got["policy.secret_props.contentType"] = p.ContentType
	got["policy.x509_props.subject"] = p.Subject
	got["policy.x509_props.sans.emails"] = p.SANs.Emails
	got["policy.x509_props.sans.dns_names"] = p.SANs.DNS
	got["policy.x509_props.sans.upns"] = p.SANs.UPNs
	got["policy.x509_props.ekus"] = p.EKUs
	got["policy.x509_props.key_usage"] = p.KeyUsage
	got["policy.x509_props.validity_months"] = p.ValidityMonths
	got["policy.issuer.name"] = p.Issuer.Name
	got["policy.issuer.cty"] = p.Issuer.CertificateType
	got["policy.issuer.cert_transparency"] = pointed(p.Issuer.Transparency)
	var actions []any
	for _, a := range p.LifetimeActions {
		trigger := map[string]any{}
		if a.Percentage != 0 {
			trigger["lifetime_percentage"] = a.Percentage
		}
		if a.DaysBeforeExpiry != 0 {
			trigger["days_before_expiry"] = a.DaysBeforeExpiry
		}
		actions = append(actions, map[string]any{"trigger": trigger, "action": map[string]any{"action_type": a.Action}})
	}
	got["policy.lifetime_actions"] = actions
}
