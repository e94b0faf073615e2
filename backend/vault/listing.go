package vault

import (
	"encoding/hex"
	"encoding/json"
	"errors"

	"certty/backend/text"
	"certty/model"
)

// listJSON is one page of a list (Key Vault REST, CertificateListResult). The
// items are decoded one by one: one that can't be read costs no other.
type listJSON struct {
	Value    *[]json.RawMessage `json:"value"`
	NextLink string             `json:"nextLink"`
}

// listedJSON is an item of a list. Its subject is on the wire but not in the
// service's description.
type listedJSON struct {
	ID         string             `json:"id"`
	Thumbprint string             `json:"x5t"`
	Subject    string             `json:"subject"`
	Attributes attributesJSON     `json:"attributes"`
	Tags       map[string]*string `json:"tags"`
}

// listPage is one decoded page of a list.
type listPage struct {
	items []model.Item
	// next is the link to the next page; "" on the last one.
	next string
	// lost says of each item without a usable id why it can't be shown.
	lost []error
}

// decodeList reads one page of a list of certificates of the named target.
func decodeList(target string, body []byte) (listPage, error) {
	var list listJSON
	if err := unmarshal(body, &list); err != nil {
		return listPage{}, errors.New("it is not the JSON of a list")
	}
	if list.Value == nil {
		return listPage{}, errors.New("it holds no list")
	}
	page := listPage{next: list.NextLink}
	for _, raw := range *list.Value {
		item, err := decodeListed(target, raw)
		if err != nil {
			page.lost = append(page.lost, err)
			continue
		}
		page.items = append(page.items, item)
	}
	return page, nil
}

func decodeListed(target string, raw []byte) (model.Item, error) {
	var it listedJSON
	if err := unmarshal(raw, &it); err != nil {
		return model.Item{}, errors.New("it is not an object")
	}
	name, version, err := objectID(it.ID)
	if err != nil {
		return model.Item{}, err
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
	}, nil
}

func (a attributesJSON) certificate() model.Certificate {
	return model.Certificate{
		Enabled:       a.Enabled,
		NotBefore:     a.NotBefore.Time,
		NotAfter:      a.Expires.Time,
		Created:       a.Created.Time,
		Updated:       a.Updated.Time,
		RecoveryLevel: text.Clean(a.RecoveryLevel),
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
