package vault

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"certty/backend/text"
	"certty/model"
)

// listJSON is one page of a list (Key Vault REST, CertificateListResult and its
// kin).
type listJSON struct {
	Value    *[]json.RawMessage `json:"value"`
	NextLink string             `json:"nextLink"`
}

// decodeList reads one page of a list. The items are left to be decoded one by
// one: one that can't be read costs no other. next is the link to the next
// page; "" on the last one.
func decodeList(body []byte) (items []json.RawMessage, next string, err error) {
	var list listJSON
	if err := unmarshal(body, &list); err != nil {
		return nil, "", errors.New("it is not the JSON of a list")
	}
	if list.Value == nil {
		return nil, "", errors.New("it holds no list")
	}
	return *list.Value, list.NextLink, nil
}

// listedJSON is an item of a list of certificates, of their versions, or of
// deleted ones. Its subject is on the wire but not in the service's
// description.
type listedJSON struct {
	ID         string             `json:"id"`
	Thumbprint string             `json:"x5t"`
	Subject    string             `json:"subject"`
	Attributes attributesJSON     `json:"attributes"`
	Tags       map[string]*string `json:"tags"`
	deletionJSON
}

// deletionJSON is what a deleted certificate says more than a live one (Key
// Vault REST, DeletedCertificateItem and DeletedCertificateBundle).
type deletionJSON struct {
	RecoveryID string   `json:"recoveryId"`
	Deleted    unixTime `json:"deletedDate"`
	Purge      unixTime `json:"scheduledPurgeDate"`
}

func (d deletionJSON) model(at time.Time) *model.Deletion {
	return &model.Deletion{At: d.Deleted.Time, PurgeAt: d.Purge.Time, SeenAt: at}
}

// decodeListed reads an item of the list of certificates or of one's versions.
func decodeListed(target string, raw []byte, _ time.Time) (model.Item, error) {
	item, _, err := decodeItem(target, raw)
	return item, err
}

// decodeDeleted reads an item of the list of deleted certificates.
func decodeDeleted(target string, raw []byte, at time.Time) (model.Item, error) {
	item, deletion, err := decodeItem(target, raw)
	if err != nil {
		return model.Item{}, err
	}
	item.Deletion = deletion.model(at)
	return item, nil
}

func decodeItem(target string, raw []byte) (model.Item, deletionJSON, error) {
	var it listedJSON
	if err := unmarshal(raw, &it); err != nil {
		return model.Item{}, deletionJSON{}, errors.New("it is not an object")
	}
	name, version, err := objectID(it.ID)
	if err != nil {
		return model.Item{}, deletionJSON{}, err
	}
	c := it.Attributes.certificate()
	c.Version = version
	c.Subject = text.Clean(it.Subject)
	c.Tags = cleanTags(it.Tags)
	// An object that never had a certificate has no thumbprint; its dates are
	// placeholders.
	c.Issued = it.Thumbprint != ""
	c.Thumbprint = thumbprint(it.Thumbprint)
	return model.Item{
		Ref:         model.Ref{Target: target, Kind: model.KindCertificate, Key: name},
		Certificate: c,
	}, it.deletionJSON, nil
}

func (a attributesJSON) certificate() model.Certificate {
	return model.Certificate{
		Enabled:         a.Enabled,
		NotBefore:       a.NotBefore.Time,
		NotAfter:        a.Expires.Time,
		Created:         a.Created.Time,
		Updated:         a.Updated.Time,
		RecoveryLevel:   text.Clean(a.RecoveryLevel),
		RecoverableDays: int(a.RecoverableDays),
	}
}

// thumbprint turns x5t into hexadecimal; one that is no base64 stays as it is.
func thumbprint(x5t string) string {
	sum, err := decodeBase64(x5t)
	if err != nil {
		return text.Clean(x5t)
	}
	return hex.EncodeToString(sum)
}
