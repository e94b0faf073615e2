package scenario

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

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
		"several versions, and a renewal waits": func(e vaultserver.Entry) bool {
			return e.Asked != nil && running(e) && len(e.Issued) > 2
		},
		"a request that another client replaces": func(e vaultserver.Entry) bool {
			return e.Asked != nil && running(e) && e.Replaced.After(noon)
		},
		"imported":     func(e vaultserver.Entry) bool { return e.Imported != nil && e.Asked == nil },
		"soft-deleted": func(e vaultserver.Entry) bool { return purgedIn(e) > 30*24*time.Hour && len(e.Issued) > 0 },
		"soft-deleted, its last day": func(e vaultserver.Entry) bool {
			return purgedIn(e) > 0 && purgedIn(e) < 24*time.Hour
		},
		"soft-deleted, nothing issued": func(e vaultserver.Entry) bool { return purgedIn(e) > 0 && len(e.Issued) == 0 },
		"P-521 key":                    func(e vaultserver.Entry) bool { return e.Policy.Key.Curve == "P-521" },
		"longest name":                 func(e vaultserver.Entry) bool { return len(e.Name) == 127 },
		"name like an option":          func(e vaultserver.Entry) bool { return strings.HasPrefix(e.Name, "--") },
		"widest subject": func(e vaultserver.Entry) bool {
			return utf8.RuneCountInString(e.Policy.X509.Subject) == 200 && strings.Count(e.Policy.X509.Subject, wide) > 180
		},
		"escape in a subject": func(e vaultserver.Entry) bool {
			return e.Imported != nil && strings.Contains(fmt.Sprint(e.Imported[0][0].Value), "\x1b]0;")
		},
		"escape in an error": func(e vaultserver.Entry) bool {
			return e.Asked != nil && strings.Contains(e.Asked.Message, "\x1b]52;")
		},
		"escape and direction in tags": func(e vaultserver.Entry) bool {
			all := strings.Join(slices.Concat(slices.Collect(maps.Keys(e.Tags)), slices.Collect(maps.Values(e.Tags))), " ")
			return strings.Contains(all, "\x1b[2J") && strings.Contains(all, "\u202e")
		},
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
	all := []time.Time{e.Made, e.Deleted}
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

// purgedIn is how long a soft-deleted entry has left; 0 for a live one.
func purgedIn(e vaultserver.Entry) time.Duration {
	if e.Deleted.IsZero() {
		return 0
	}
	return e.Deleted.AddDate(0, 0, 90).Sub(noon)
}

// age is how old the current version is; negative when there is none.
func age(e vaultserver.Entry) time.Duration {
	if len(e.Issued) == 0 {
		return -1
	}
	return noon.Sub(e.Issued[len(e.Issued)-1].At)
}
