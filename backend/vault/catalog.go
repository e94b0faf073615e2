package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"certty/backend"
	"certty/backend/text"
	"certty/model"
)

// Issuers lists the issuers that are set up in the vault (Key Vault REST, "Get
// Certificate Issuers"), each with what itself says ("Get Certificate Issuer").
// One that the credential may list and not read comes with its name and
// provider only.
func (v *Vault) Issuers(ctx context.Context) ([]model.IssuerInfo, error) {
	var list []model.IssuerInfo
	w := v.walk(opIssuers, v.certificateRef(""), "/certificates/issuers", func(ctx context.Context) error {
		_, err := v.client.NewListIssuerPropertiesPager(nil).NextPage(ctx)
		return err
	})
	err := w.all(ctx, func(raw []byte) error {
		issuer, err := decodeIssuer(raw)
		if err == nil {
			list = append(list, issuer)
		}
		return err
	})
	if err != nil {
		return list, err
	}
	return v.detailed(ctx, list)
}

// detailed reads each of the listed issuers.
func (v *Vault) detailed(ctx context.Context, list []model.IssuerInfo) ([]model.IssuerInfo, error) {
	out := list[:0]
	for _, listed := range list {
		issuer, err := v.issuer(ctx, listed.Name)
		switch backend.KindOf(err) {
		case backend.KindPermission:
			issuer = listed
		case backend.KindNotFound:
			// Deleted since it was listed.
			continue
		default:
			if err != nil {
				return nil, err
			}
		}
		out = append(out, issuer)
	}
	return out, nil
}

func (v *Vault) issuer(ctx context.Context, name string) (model.IssuerInfo, error) {
	c := call{op: opIssuers, ref: v.certificateRef(""), want: http.StatusOK, vaultWide: true}
	a, err := v.do(ctx, c, func(ctx context.Context) error {
		_, err := v.client.GetIssuer(ctx, name, nil)
		return err
	})
	if err != nil {
		return model.IssuerInfo{}, err
	}
	issuer, err := decodeIssuer(a.body)
	if err != nil {
		return model.IssuerInfo{}, unreadable(c, a, err)
	}
	return issuer, nil
}

// Contacts lists who is told about certificates of the vault (Key Vault REST,
// "Get Certificate Contacts"). That there is none the service says with a 404.
func (v *Vault) Contacts(ctx context.Context) ([]model.Contact, error) {
	c := call{op: opContacts, ref: v.certificateRef(""), want: http.StatusOK, vaultWide: true}
	a, err := v.do(ctx, c, func(ctx context.Context) error {
		_, err := v.client.GetContacts(ctx, nil)
		return err
	})
	if err != nil {
		var e *backend.Error
		if errors.As(err, &e) && e.Status == http.StatusNotFound && strings.EqualFold(e.Code, "ContactsNotFound") {
			return nil, nil
		}
		return nil, err
	}
	list, err := decodeContacts(a.body)
	if err != nil {
		return nil, unreadable(c, a, err)
	}
	return list, nil
}

// issuerDetailsJSON is an issuer (Key Vault REST, IssuerBundle) or an item of
// the list of them, which holds id and provider only. A password is never told.
type issuerDetailsJSON struct {
	ID          string `json:"id"`
	Provider    string `json:"provider"`
	Credentials struct {
		AccountID string `json:"account_id"`
	} `json:"credentials"`
	Organization struct {
		ID     string      `json:"id"`
		Admins []adminJSON `json:"admin_details"`
	} `json:"org_details"`
	Attributes struct {
		Enabled bool     `json:"enabled"`
		Created unixTime `json:"created"`
		Updated unixTime `json:"updated"`
	} `json:"attributes"`
}

type adminJSON struct {
	First string `json:"first_name"`
	Last  string `json:"last_name"`
	Email string `json:"email"`
	Phone string `json:"phone"`
}

func decodeIssuer(body []byte) (model.IssuerInfo, error) {
	var i issuerDetailsJSON
	if err := unmarshal(body, &i); err != nil {
		return model.IssuerInfo{}, errors.New("it is not the JSON of an issuer")
	}
	name, err := issuerName(i.ID)
	if err != nil {
		return model.IssuerInfo{}, err
	}
	out := model.IssuerInfo{
		Name:           name,
		Provider:       text.Clean(i.Provider),
		Enabled:        i.Attributes.Enabled,
		AccountID:      text.Clean(i.Credentials.AccountID),
		OrganizationID: text.Clean(i.Organization.ID),
		Created:        i.Attributes.Created.Time,
		Updated:        i.Attributes.Updated.Time,
	}
	for _, a := range i.Organization.Admins {
		out.Admins = append(out.Admins, model.Contact{
			Name:  text.Flat(a.First + " " + a.Last),
			Email: text.Clean(a.Email),
			Phone: text.Clean(a.Phone),
		})
	}
	return out, nil
}

// issuerName is the name at the end of https://HOST/certificates/issuers/NAME.
func issuerName(id string) (string, error) {
	if u, err := url.Parse(id); err == nil {
		name, ok := strings.CutPrefix(u.Path, "/certificates/issuers/")
		if ok && name != "" && !strings.Contains(name, "/") && text.Clean(name) == name {
			return name, nil
		}
	}
	return "", fmt.Errorf("its id %q does not name an issuer", text.Clean(id))
}

func decodeContacts(body []byte) ([]model.Contact, error) {
	var list struct {
		Contacts *[]json.RawMessage `json:"contacts"`
	}
	if err := unmarshal(body, &list); err != nil || list.Contacts == nil {
		return nil, errors.New("it is not the JSON of contacts")
	}
	var out []model.Contact
	for _, raw := range *list.Contacts {
		var c struct {
			Name  string `json:"name"`
			Email string `json:"email"`
			Phone string `json:"phone"`
		}
		if err := unmarshal(raw, &c); err != nil {
			return nil, errors.New("it holds a contact that is not an object")
		}
		out = append(out, model.Contact{Name: text.Clean(c.Name), Email: text.Clean(c.Email), Phone: text.Clean(c.Phone)})
	}
	return out, nil
}
