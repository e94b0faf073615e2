package model

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
)

// SerialText writes a serial number as the rows carry it: in lower-case
// hexadecimal and whole bytes, as openssl does, so that equal numbers are equal
// texts. It is empty for nil.
func SerialText(n *big.Int) string {
	if n == nil {
		return ""
	}
	s := hex.EncodeToString(n.Bytes())
	switch {
	case s == "":
		return "00"
	case n.Sign() < 0: // forbidden by RFC 5280 §4.1.2.2, and met
		return "-" + s
	}
	return s
}

// SerialPairs writes a serial number in hexadecimal as people compare it: in
// pairs, upper case.
func SerialPairs(hexadecimal string) string {
	hexadecimal, negative := strings.CutPrefix(strings.ToUpper(hexadecimal), "-")
	if len(hexadecimal)%2 == 1 {
		hexadecimal = "0" + hexadecimal
	}
	var pairs []string
	for i := 0; i+2 <= len(hexadecimal); i += 2 {
		pairs = append(pairs, hexadecimal[i:i+2])
	}
	sign := ""
	if negative {
		sign = "-"
	}
	return sign + strings.Join(pairs, ":")
}

// Fingerprint is the SHA-256 of the certificate in lower-case hexadecimal; ""
// while the certificate itself is not known.
func (c *Certificate) Fingerprint() string {
	if len(c.DER) == 0 {
		return ""
	}
	return fmt.Sprintf("%x", sha256.Sum256(c.DER))
}

// longestTyped is the longest name that somebody is made to type, in characters:
// that of a common name (RFC 5280, upper bounds).
const longestTyped = 64

// Typed is what a person types to confirm something about the row that can't be
// undone: its name, unless that is empty, too long, or has signs that not every
// keyboard has; then, as isID says, the order's id.
func (it *Item) Typed() (typed string, isID bool) {
	name := it.Name()
	placed := it.Order != nil && it.Order.ID != ""
	if !placed || typeable(name) && name != it.Order.ID {
		return name, false
	}
	return it.Order.ID, true
}

func typeable(name string) bool {
	return name != "" && len(name) <= longestTyped &&
		strings.IndexFunc(name, func(r rune) bool { return r <= ' ' || r > '~' || r == '\\' }) < 0
}
