package bundle

import "encoding/asn1"

// MaxIterations is how often a PKCS#12 file may have its password hashed for
// each of its parts. .NET has the same bound (Microsoft KB5025823); the
// service's own is not known. Without one a small file keeps a processor busy
// for hours.
const MaxIterations = 600_000

// maxNesting is deeper than the parts of any PKCS#12 file lie.
const maxNesting = 24

// Costly reports whether a PKCS#12 file asks for more iterations than that, as
// far as it can be seen without the password: in the parameters of PBES1 and
// PBES2 (RFC 8018, Appendix A) and of the MAC (RFC 7292 §4) the count follows
// the salt, an OCTET STRING.
func Costly(der []byte) bool { return costly(der, 0) }

func costly(der []byte, depth int) bool {
	afterSalt := false
	for rest := der; len(rest) > 0; {
		var v asn1.RawValue
		var err error
		if rest, err = asn1.Unmarshal(rest, &v); err != nil {
			return false // what can't be read is not reached either
		}
		universal := v.Class == asn1.ClassUniversal
		if universal && v.Tag == asn1.TagInteger && afterSalt && tooMany(v.FullBytes) {
			return true
		}
		afterSalt = universal && v.Tag == asn1.TagOctetString
		if (v.IsCompound || afterSalt) && depth < maxNesting && costly(v.Bytes, depth+1) {
			return true
		}
	}
	return false
}

func tooMany(der []byte) bool {
	var n int64
	_, err := asn1.Unmarshal(der, &n)
	return err != nil || n > MaxIterations
}
