package vault

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"certty/backend/text"
)

// unmarshal reads a JSON object and forgives fields of a foreign type: they
// stay empty, the others are read.
func unmarshal(body []byte, into any) error {
	err := json.Unmarshal(body, into)
	var foreign *json.UnmarshalTypeError
	if errors.As(err, &foreign) && foreign.Field != "" {
		return nil
	}
	return err
}

// unixTime is a time as Key Vault writes it, in seconds since 1970 UTC. What is
// no such number, or beyond the years that Go can write, is the zero time.
type unixTime struct{ time.Time }

func (t *unixTime) UnmarshalJSON(raw []byte) error {
	const year10000 = 253402300800
	seconds, err := strconv.ParseFloat(string(raw), 64)
	if err == nil && seconds > 0 && seconds < year10000 {
		t.Time = time.Unix(int64(seconds), 0).UTC()
	}
	return nil
}

// attributesJSON are the attributes of a certificate (Key Vault REST,
// CertificateAttributes).
type attributesJSON struct {
	Enabled         bool      `json:"enabled"`
	NotBefore       unixTime  `json:"nbf"`
	Expires         unixTime  `json:"exp"`
	Created         unixTime  `json:"created"`
	Updated         unixTime  `json:"updated"`
	RecoveryLevel   string    `json:"recoveryLevel"`
	RecoverableDays retention `json:"recoverableDays"`
}

// retention is how many days a vault keeps what is deleted: 7 to 90, and 0
// without soft-delete (Key Vault REST, CertificateAttributes). What is no such
// number is 0.
type retention int

func (r *retention) UnmarshalJSON(raw []byte) error {
	days, err := strconv.Atoi(string(raw))
	if err == nil && days > 0 && days <= 90 {
		*r = retention(days)
	}
	return nil
}

// objectID takes an object's URL apart: https://HOST/certificates/NAME and
// perhaps a version behind it.
func objectID(id string) (name, version string, err error) {
	u, err := url.Parse(id)
	if err != nil {
		return "", "", errors.New("its id is not a URL")
	}
	parts := strings.Split(strings.Trim(u.EscapedPath(), "/"), "/")
	if len(parts) < 2 || parts[0] != "certificates" {
		return "", "", fmt.Errorf("its id %q does not name a certificate", text.Clean(id))
	}
	name, err = url.PathUnescape(parts[1])
	if err != nil || name == "" || text.Clean(name) != name || strings.Contains(name, "/") {
		return "", "", fmt.Errorf("its id %q holds no usable name", text.Clean(id))
	}
	if len(parts) > 2 && parts[2] != "pending" {
		version = text.Clean(parts[2])
	}
	return name, version, nil
}

// base64Forms turns every form of base64 into one.
var base64Forms = strings.NewReplacer("\r", "", "\n", "", " ", "", "-", "+", "_", "/")

// decodeBase64 reads base64 in the standard alphabet (csr, cer) or the URL's
// (x5t), padded or not, with or without line breaks.
func decodeBase64(s string) ([]byte, error) {
	b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(base64Forms.Replace(s), "="))
	if err != nil {
		return nil, errors.New("it is not base64")
	}
	return b, nil
}

func cleanTags(tags map[string]*string) map[string]string {
	if len(tags) == 0 {
		return nil
	}
	out := make(map[string]string, len(tags))
	for key, value := range tags {
		if value == nil {
			out[text.Clean(key)] = ""
			continue
		}
		out[text.Clean(key)] = text.Clean(*value)
	}
	return out
}

// sameTags reports whether tags are what the service wrote.
func sameTags(tags map[string]string, written map[string]*string) bool {
	if len(tags) != len(written) {
		return false
	}
	for key, value := range written {
		if is, ok := tags[key]; !ok || value == nil || is != *value {
			return false
		}
	}
	return true
}

// restoreTags puts what the service wrote in place of the tags that nobody changed:
// those that a person saw were made fit to be shown.
func restoreTags(tags, written map[string]*string) {
	for key, value := range written {
		shown := text.Clean(key)
		if is := tags[shown]; is != nil && value != nil && *is == text.Clean(*value) {
			delete(tags, shown)
			tags[key] = value
		}
	}
}

func cleanAll(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = text.Clean(s)
	}
	return out
}
