package model

import (
	"encoding/asn1"
	"fmt"
	"strings"
	"unicode"
)

// attributeOIDs are the keywords of RFC 4514 §3 and of Windows' CertStrToName,
// in capitals.
var attributeOIDs = map[string]asn1.ObjectIdentifier{
	"CN":           {2, 5, 4, 3},
	"SN":           {2, 5, 4, 4},
	"SURNAME":      {2, 5, 4, 4},
	"SERIALNUMBER": {2, 5, 4, 5},
	"C":            {2, 5, 4, 6},
	"L":            {2, 5, 4, 7},
	"S":            {2, 5, 4, 8},
	"ST":           {2, 5, 4, 8},
	"STREET":       {2, 5, 4, 9},
	"O":            {2, 5, 4, 10},
	"OU":           {2, 5, 4, 11},
	"T":            {2, 5, 4, 12},
	"TITLE":        {2, 5, 4, 12},
	"DESCRIPTION":  {2, 5, 4, 13},
	"POSTALCODE":   {2, 5, 4, 17},
	"G":            {2, 5, 4, 42},
	"GN":           {2, 5, 4, 42},
	"GIVENNAME":    {2, 5, 4, 42},
	"I":            {2, 5, 4, 43},
	"INITIALS":     {2, 5, 4, 43},
	"DNQUALIFIER":  {2, 5, 4, 46},
	"DC":           oidDomainComponent,
	"UID":          {0, 9, 2342, 19200300, 100, 1, 1},
	"E":            oidEmailAddress,
	"EMAIL":        oidEmailAddress,
	"EMAILADDRESS": oidEmailAddress,
}

var (
	oidCommonName      = asn1.ObjectIdentifier{2, 5, 4, 3}
	oidCountry         = asn1.ObjectIdentifier{2, 5, 4, 6}
	oidDomainComponent = asn1.ObjectIdentifier{0, 9, 2342, 19200300, 100, 1, 25}
	oidEmailAddress    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}
)

// attributeOID finds the object identifier for a keyword or dotted number.
func attributeOID(keyword string) (asn1.ObjectIdentifier, bool) {
	upper := strings.ToUpper(keyword)
	if oid, ok := attributeOIDs[upper]; ok {
		return oid, true
	}
	return parseOID(strings.TrimPrefix(upper, "OID."))
}

// typedValue gives a value the string type that its attribute asks for; where
// that is left to encoding/asn1 the value stays a string.
func typedValue(oid asn1.ObjectIdentifier, value any) (any, error) {
	text, ok := value.(string)
	if !ok || !oid.Equal(oidDomainComponent) && !oid.Equal(oidEmailAddress) {
		return value, nil
	}
	for _, r := range text {
		if r > unicode.MaxASCII {
			return nil, fmt.Errorf("only ASCII characters can stand here, not %q", r)
		}
	}
	return asn1.RawValue{Class: asn1.ClassUniversal, Tag: asn1.TagIA5String, Bytes: []byte(text)}, nil
}
