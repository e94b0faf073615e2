package vault

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"certty/backend/text"
	"certty/model"
)

// beside replays what stands beside certificates, and decodes the answers to
// calls that the vault does not make.
func (r replay) beside(t *testing.T, op string) bool {
	t.Helper()
	raw := flatten(t, r.e.bytes())
	switch op {
	case "GET contacts":
		contacts, err := r.vault.Contacts(t.Context())
		if r.e.Status == http.StatusNotFound {
			if err != nil || contacts != nil {
				t.Errorf("got %v and %v, want no contacts", contacts, err)
			}
			return true
		}
		r.contacts(t, contacts, err)
	case "PUT contacts", "DELETE contacts":
		contacts, err := decodeContacts(r.e.bytes())
		r.contacts(t, contacts, err)
	case "GET issuers":
		r.issuers(t)
	case "GET issuer", "PUT issuer", "PATCH issuer", "DELETE issuer":
		issuer, err := r.vault.issuer(t.Context(), "recorded")
		r.issuer(t, raw, issuer, err)
	case "GET deleted", "POST restore":
		if r.e.Status >= 300 {
			f := decodeFault(http.Header{}, r.e.bytes())
			if !f.json || f.codes[0] != raw["error.code"] || f.message != text.Flat(fmt.Sprint(raw["error.message"])) {
				t.Errorf("refusal %+v, recorded %v", f, raw)
			}
			return true
		}
		b, err := decodeBundle(r.e.bytes())
		if err != nil {
			t.Fatal(err)
		}
		r.deletedFields(t, raw, b.certificate, b.policy, b.deletion.model(r.vault.now()))
	case "POST backup":
		// A sealed blob: there is nothing in it to show.
	default:
		return false
	}
	return true
}

func (r replay) issuers(t *testing.T) {
	t.Helper()
	values := r.values(t, "/certificates/issuers")
	// Each says of itself what the list says.
	r.service.on("/certificates/issuers/{name}", func(w http.ResponseWriter, req *http.Request) {
		writeJSON(w, 200, `{"id":"https://kv/certificates/issuers/`+req.PathValue("name")+`","provider":"of `+req.PathValue("name")+`"}`)
	})
	list, err := r.vault.Issuers(t.Context())
	if err != nil || len(list) != len(values) {
		t.Fatalf("%d issuers, error %v; recorded %d", len(list), err, len(values))
	}
	for i, value := range values {
		listed, err := decodeIssuer(value)
		raw := flatten(t, value)
		if err != nil || listed.Provider != raw["provider"] || !strings.HasSuffix(fmt.Sprint(raw["id"]), "/"+listed.Name) || list[i].Name != listed.Name {
			t.Errorf("listed as %+v and read as %+v, recorded %v", listed, list[i], raw)
		}
	}
}

func (r replay) issuer(t *testing.T, raw map[string]any, issuer model.IssuerInfo, err error) {
	t.Helper()
	if r.refused(t, raw, err) {
		return
	}
	got := map[string]any{
		"id": raw["id"], "provider": issuer.Provider, "credentials.account_id": issuer.AccountID, "org_details.id": issuer.OrganizationID,
		"attributes.enabled": issuer.Enabled, "attributes.created": seconds(issuer.Created), "attributes.updated": seconds(issuer.Updated),
	}
	if !strings.HasSuffix(fmt.Sprint(raw["id"]), "/"+issuer.Name) {
		t.Errorf("name %q of %v", issuer.Name, raw["id"])
	}
	admins, _ := raw["org_details.admin_details"].([]any)
	if len(admins) != len(issuer.Admins) {
		t.Errorf("admins %+v, recorded %v", issuer.Admins, admins)
	}
	for i, a := range issuer.Admins {
		admin := admins[i].(map[string]any)
		first, last := fmt.Sprint(admin["first_name"]), fmt.Sprint(admin["last_name"])
		name := strings.TrimSpace(strings.ReplaceAll(first+" "+last, "<nil>", ""))
		if a.Name != name || a.Email != orNothing(admin["email"]) || a.Phone != orNothing(admin["phone"]) {
			t.Errorf("admin %+v, recorded %v", a, admin)
		}
	}
	compare(t, raw, got, "org_details.zip", "org_details.admin_details")
}

func (r replay) contacts(t *testing.T, contacts []model.Contact, err error) {
	t.Helper()
	var recorded struct {
		Contacts []map[string]any `json:"contacts"`
	}
	if err := json.Unmarshal(r.e.bytes(), &recorded); err != nil {
		t.Fatal(err)
	}
	if err != nil || len(contacts) != len(recorded.Contacts) {
		t.Fatalf("contacts %+v, error %v; recorded %v", contacts, err, recorded.Contacts)
	}
	for i, c := range contacts {
		raw := recorded.Contacts[i]
		got := map[string]any{"name": c.Name, "email": c.Email, "phone": c.Phone}
		for key := range got {
			if got[key] != orNothing(raw[key]) {
				t.Errorf("contact %+v, recorded %v", c, raw)
			}
		}
	}
}

func orNothing(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}
