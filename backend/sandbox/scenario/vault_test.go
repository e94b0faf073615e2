package scenario

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"certty/backend/sandbox/vaultserver"
	"certty/model"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func TestVaultIsBelievable(t *testing.T) {
	entries := Vault(noon)
	if len(entries) < 12 {
		t.Errorf("only %d entries", len(entries))
	}
	seen := map[string]bool{}
	rsaKeys := 0
	for _, e := range entries {
		if err := model.CheckName(e.Name); err != nil || seen[e.Name] {
			t.Errorf("name %s: %v, twice %v", e.Name, err, seen[e.Name])
		}
		seen[e.Name] = true
		if err := model.CheckSubject(e.Policy.X509.Subject); err != nil {
			t.Errorf("%s: %v", e.Name, err)
		}
		for _, at := range moments(e) {
			if at.After(noon) {
				t.Errorf("%s: something happened at %s, which is still to come", e.Name, at)
			}
		}
		if e.Policy.Key.Kty == "RSA" {
			rsaKeys += len(e.Issued)
			if e.Asked != nil {
				rsaKeys++
			}
		}
	}
	if rsaKeys == 0 || rsaKeys > 4 {
		t.Errorf("%d RSA keys: some belong in, many make the start slow", rsaKeys)
	}
}

func TestVaultIsTheSameEachTime(t *testing.T) {
	if !reflect.DeepEqual(Vault(noon), Vault(noon)) {
		t.Error("two vaults of one moment differ")
	}
}

func TestVaultHasEveryState(t *testing.T) {
	entries := Vault(noon)
	for state, is := range map[string]func(vaultserver.Entry) bool{
		"manual request":        func(e vaultserver.Entry) bool { return e.Asked != nil && running(e) && e.Policy.Issuer.Name == manual },
		"renewal of a live one": func(e vaultserver.Entry) bool { return e.Asked != nil && running(e) && len(e.Issued) > 0 },
		"issuer at work":        func(e vaultserver.Entry) bool { return e.Asked != nil && running(e) && e.Policy.Issuer.Name != manual },
		"cancel asked": func(e vaultserver.Entry) bool {
			return e.Asked != nil && e.Asked.Outcome == vaultserver.Running && !e.Asked.CancelAsked.IsZero()
		},
		"cancelled": func(e vaultserver.Entry) bool { return e.Asked != nil && e.Asked.Outcome == vaultserver.Cancelled },
		"rejected": func(e vaultserver.Entry) bool {
			return e.Asked != nil && e.Policy.Issuer.Name == vaultserver.IssuerStrict
		},
		"issuer error": func(e vaultserver.Entry) bool {
			return e.Asked != nil && e.Policy.Issuer.Name == vaultserver.IssuerBroken
		},
		"request deleted": func(e vaultserver.Entry) bool { return e.Forgotten && len(e.Issued) == 0 },
		"just completed":  func(e vaultserver.Entry) bool { return e.Asked == nil && age(e) >= 0 && age(e) < time.Hour },
		"expired":         func(e vaultserver.Entry) bool { return age(e) > lifetime },
		"expires":         func(e vaultserver.Entry) bool { return age(e) > lifetime*8/10 && age(e) < lifetime },
		"disabled":        func(e vaultserver.Entry) bool { return e.Disabled },
		"CJK subject": func(e vaultserver.Entry) bool {
			return slices.ContainsFunc([]rune(e.Policy.X509.Subject), func(r rune) bool { return r > 0x2e80 })
		},
	} {
		if !slices.ContainsFunc(entries, is) {
			t.Errorf("no entry shows: %s", state)
		}
	}
}

// moments are all the times an entry holds.
func moments(e vaultserver.Entry) []time.Time {
	all := []time.Time{e.Made}
	for _, issue := range e.Issued {
		all = append(all, issue.At)
	}
	if e.Asked != nil {
		all = append(all, e.Asked.At, e.Asked.CancelAsked)
	}
	return all
}

func running(e vaultserver.Entry) bool {
	return e.Asked.Outcome == vaultserver.Running && e.Asked.CancelAsked.IsZero()
}

// age is how old the current version is; negative when there is none.
func age(e vaultserver.Entry) time.Duration {
	if len(e.Issued) == 0 {
		return -1
	}
	return noon.Sub(e.Issued[len(e.Issued)-1].At)
}
