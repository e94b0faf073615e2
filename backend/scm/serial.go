package scm

import (
	"encoding/json"
	"strings"
)

// serial is a certificate's serial number in lower-case hexadecimal without
// leading zeros, so that equal numbers are equal texts: SCM writes them with
// colons, with and without leading zeros, and in either case. bad tells that
// something stood there that is none.
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
	if len(plain) > longest || strings.Trim(plain, "0123456789abcdef") != "" {
		return "", true
	}
	if plain = strings.TrimLeft(plain, "0"); plain == "" {
		plain = "0"
	}
	return plain, false
}

// sameSerial compares serial numbers as numbers.
func sameSerial(a, b string) bool {
	x, _ := parseSerial(a)
	y, _ := parseSerial(b)
	return x == y
}
