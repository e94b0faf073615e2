package scm

import (
	"encoding/json"
	"math/big"
	"strings"

	"certty/model"
)

// serial is a certificate's serial number as model.SerialText writes it: SCM
// writes them with colons, with and without leading zeros, and in either case.
// bad tells that something stood there that is none.
type serial struct {
	hex string
	bad bool
}

func (s *serial) UnmarshalJSON(raw []byte) error {
	var written string
	if json.Unmarshal(raw, &written) == nil {
		s.hex, s.bad = parseSerial(written)
	} else {
		s.bad = string(raw) != "null"
	}
	return nil
}

// parseSerial reads a serial number. RFC 5280 §4.1.2.2 allows 20 octets; some
// authorities use more.
func parseSerial(written string) (hex string, bad bool) {
	const longest = 128
	plain := strings.ToLower(strings.NewReplacer(":", "", " ", "", "-", "").Replace(written))
	plain = strings.TrimPrefix(plain, "0x")
	switch plain {
	case "", "n/a":
		return "", false
	}
	// Signs and underscores are none of a serial number's, and big.Int takes them.
	if len(plain) > longest || strings.Trim(plain, "0123456789abcdef") != "" {
		return "", true
	}
	n, ok := new(big.Int).SetString(plain, 16)
	if !ok {
		return "", true
	}
	return model.SerialText(n), false
}

// sameSerial compares serial numbers as numbers.
func sameSerial(a, b string) bool {
	x, _ := parseSerial(a)
	y, _ := parseSerial(b)
	return x == y
}
