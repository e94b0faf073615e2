package x5c_test

import (
	"fmt"
	"strings"
	"testing"

	"certty/model/x5c"
)

// hostile is input of a length that was made to take long.
func hostile(t testing.TB, length int) map[string]string {
	t.Helper()
	fill := func(s string) string { return strings.Repeat(s, length/len(s)) }
	signed := "\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02" // the beginning of PKCS#7
	certificate := b64(newPKI(t).leaf.cert.Raw)
	return map[string]string{
		"beginnings of certificates": fill("MIID" + certificate[4:43] + " "),
		"beginnings, one per line":   fill(certificate[:44] + "\n"),
		"small values":               fill(b64([]byte{0x30, 4, 0x30, 2, 6, 0}) + " "),
		"coats":                      fill("LS0tAAAA\n"),
		"coats in one word":          fill("LS0t"),
		"hollow PKCS#7":              fill(b64([]byte(signed+"\x30\x80")) + "!"),
		"deep BER":                   signed + fill("\x30\x80")[:length-100],
		"wide BER":                   signed + fill("\x02\x01\x01")[:length-100],
		"reaching BER":               signed + fill("\x30\x02\x30\x7f")[:length-100],
		"BEGIN lines":                fill("-----BEGIN X-----\n"),
		"END lines":                  fill("-----END X-----\n"),
		"different labels":           labels(length),
		"hyphens":                    fill("-"),
		"equals signs":               fill("=\n"),
		"reply marks":                fill(">"),
		"brackets":                   fill("["),
		"backslashes":                fill(`\n`),
	}
}

func TestReadHostile(t *testing.T) {
	for name, in := range hostile(t, x5c.MaxBytes/16) {
		t.Run(name, func(t *testing.T) {
			if b, err := x5c.Read([]byte(in)); err == nil {
				t.Errorf("Read = %v, want an error", b.Notes)
			}
		})
	}
}

// BenchmarkReadHostile shows that the worst input costs time in proportion to
// its length: the speeds at both lengths must be alike.
func BenchmarkReadHostile(b *testing.B) {
	for _, length := range []int{x5c.MaxBytes / 16, x5c.MaxBytes} {
		for name, in := range hostile(b, length) {
			b.Run(fmt.Sprintf("%s/%d", name, length), func(b *testing.B) {
				b.SetBytes(int64(len(in)))
				for b.Loop() {
					if _, err := x5c.Read([]byte(in)); err == nil {
						b.Fatal("no error")
					}
				}
			})
		}
	}
}

func labels(length int) string {
	var b strings.Builder
	for i := 0; b.Len() < length-50; i++ {
		fmt.Fprintf(&b, "-----BEGIN X%d-----\n", i)
	}
	return b.String()
}
