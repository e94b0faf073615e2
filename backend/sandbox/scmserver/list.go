package scmserver

import (
	"crypto/x509"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// pageLimit is the largest page; an example of the documents leaves the size
// away, and what a page holds then is not documented.
const pageLimit = 200

// page cuts what a request asked for out of a list.
func page[T any](c *call, all []T) (part []T, total *int, f *failure) {
	n := len(all)
	size, f := wholeNumber(c.query, "size", pageLimit)
	if f != nil {
		return nil, nil, f
	}
	position, f := wholeNumber(c.query, "position", 0)
	if f != nil {
		return nil, nil, f
	}
	if size > pageLimit {
		return nil, nil, invalidField("size")
	}
	start := min(position, n)
	return all[start:min(start+size, n)], &n, nil
}

// wholeNumber reads a number of the query that can't be negative; an empty one
// counts as left out.
func wholeNumber(query url.Values, name string, otherwise int) (int, *failure) {
	said := query.Get(name)
	if said == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(said, 10, 32)
	if err != nil || n < 0 {
		return 0, invalidField(name)
	}
	return int(n), nil
}

// identity is SSLIdentity.
type identity struct {
	SSLID        int      `json:"sslId"`
	CommonName   string   `json:"commonName"`
	Names        []string `json:"subjectAlternativeNames,omitempty"`
	SerialNumber string   `json:"serialNumber,omitempty"`
}

func (s *Server) list(c *call) (*answer, error) {
	match, f := readFilter(c.query)
	if f != nil {
		return nil, f
	}
	orders, err := s.all(c.now)
	if err != nil {
		return nil, err
	}
	seen := c.now.Add(-c.settings.ListingDelay)
	var found []*order
	for _, o := range orders {
		if past := o.as(seen); past != nil && match(past, c.now) {
			found = append(found, past)
		}
	}
	found, total, f := page(c, found)
	if f != nil {
		return nil, f
	}
	rows := []identity{}
	for _, o := range found {
		row := identity{SSLID: o.ID, CommonName: o.CommonName, Names: o.Names}
		if cert := o.certificate(); cert != nil {
			row.SerialNumber = colons(cert.SerialNumber)
		}
		rows = append(rows, row)
	}
	return &answer{status: http.StatusOK, body: rows, total: total}, nil
}

// filter reports whether a list shows an order.
type filter func(o *order, now time.Time) bool

// filters are those of the certificate list. How texts are compared is not
// documented: a part of it is enough here, in any case.
var filters = map[string]func(want string) (filter, *failure){
	"commonName":             byText(func(o *order) []string { return []string{o.CommonName} }),
	"subjectAlternativeName": byText(func(o *order) []string { return o.Names }),
	"requester":              byText(func(o *order) []string { return []string{o.Requester} }),
	"externalRequester":      byText(func(o *order) []string { return []string{o.ExternalRequester} }),
	"vendor":                 byText(func(*order) []string { return []string{vendorSectigo} }),
	"issuer":                 byCertificate(func(cert *x509.Certificate, want string) bool { return contains(cert.Issuer.String(), want) }),
	"signatureAlgorithm":     byCertificate(func(cert *x509.Certificate, want string) bool { return contains(signatureName(cert), want) }),
	"keyUsage":               byCertificate(func(cert *x509.Certificate, want string) bool { return anyContains(keyUsages(cert), want) }),
	"extendedKeyUsage":       byCertificate(func(cert *x509.Certificate, want string) bool { return anyContains(extendedKeyUsages(cert), want) }),
	"serialNumber":           byCertificate(func(cert *x509.Certificate, want string) bool { return sameSerial(want, cert.SerialNumber) }),
	"sha1Hash": byCertificate(func(cert *x509.Certificate, want string) bool {
		return strings.EqualFold(hashes(cert).sha1, bare(want))
	}),
	"md5Hash": byCertificate(func(cert *x509.Certificate, want string) bool { return strings.EqualFold(hashes(cert).md5, bare(want)) }),
	"sha256Hash": byCertificate(func(cert *x509.Certificate, want string) bool {
		return strings.EqualFold(hashes(cert).sha256, bare(want))
	}),
	"keyAlgorithm":  byKey(func(k keyFacts, want string) bool { return strings.EqualFold(k.algorithm, want) }),
	"keySize":       byKey(func(k keyFacts, want string) bool { return strconv.Itoa(k.size) == want }),
	"keyParam":      byKey(func(k keyFacts, want string) bool { return strings.EqualFold(k.param, want) }),
	"sslTypeId":     byNumber(func(o *order) int { return o.ProfileID }),
	"orgId":         byNumber(func(o *order) int { return o.OrgID }),
	"status":        byStatus,
	"installStatus": byWord(installStates, func(*order) string { return notConfigured }),
	"renewalStatus": byWord(renewalStates, func(o *order) string { return o.AutoRenew.state() }),
	"requestedVia":  byWord(requestedVia, func(o *order) string { return o.Via }),
	"discoveryStatus": byWord([]string{"NotDeployed", "Deployed"}, func(o *order) string {
		if o.Via == ViaDiscovery {
			return "Deployed"
		}
		return "NotDeployed"
	}),
}

// limits are the longest texts that filters take.
var limits = map[string]int{
	"vendor": 128, "serialNumber": 128, "requester": 128, "externalRequester": 512, "signatureAlgorithm": 32, "keyAlgorithm": 32,
	"keyParam": 32, "sha1Hash": 40, "md5Hash": 32, "sha256Hash": 64, "keyUsage": 256, "extendedKeyUsage": 512,
}

// The enumerations of filters, as the newer documents spell them.
var (
	statuses = []string{
		string(StatusInvalid), string(StatusRequested), string(StatusApproved), string(StatusDeclined), string(StatusApplied), string(StatusIssued),
		string(StatusRevoked), string(StatusExpired), string(StatusReplaced), string(StatusRejected), string(StatusSAApproved), string(StatusInit),
	}
	installStates = []string{
		notConfigured, "Not started", "Key processing", "Key and CSR ready", "Certificate processing", "Installation scheduled",
		"Installation processing", "Action required", "Ready for install", "Server restart required", "Completed", "Invalid configuration",
	}
	requestedVia = []string{
		ViaForm, ViaAdmin, "Web API", ViaDiscovery, ViaImport, "SCEP", "CD Agent", "MS Agent", "MS CA", "Bulk Request", "ACME", "EST", ViaAPI,
	}
	// olderVia are names that the older documents have for some.
	olderVia = map[string]string{"webform": ViaForm, "api": "Web API", "rest": ViaAPI}
)

const notConfigured = "Not configured"

// readFilter makes one filter of all that a query asks for. Parameters that the
// documents don't have are passed over.
func readFilter(query url.Values) (filter, *failure) {
	var all []filter
	for _, name := range sortedKeys(query) {
		want, build := query.Get(name), filters[name]
		if build == nil || want == "" {
			continue
		}
		if most := limits[name]; most > 0 && len(want) > most {
			return nil, invalidField(name)
		}
		f, refused := build(want)
		if refused != nil {
			return nil, invalidField(name)
		}
		all = append(all, f)
	}
	return func(o *order, now time.Time) bool {
		return !slices.ContainsFunc(all, func(f filter) bool { return !f(o, now) })
	}, nil
}

func byText(of func(*order) []string) func(string) (filter, *failure) {
	return func(want string) (filter, *failure) {
		return func(o *order, _ time.Time) bool { return anyContains(of(o), want) }, nil
	}
}

func byCertificate(match func(*x509.Certificate, string) bool) func(string) (filter, *failure) {
	return func(want string) (filter, *failure) {
		return func(o *order, _ time.Time) bool {
			cert := o.certificate()
			return cert != nil && match(cert, want)
		}, nil
	}
}

func byKey(match func(keyFacts, string) bool) func(string) (filter, *failure) {
	return func(want string) (filter, *failure) {
		return func(o *order, _ time.Time) bool {
			k, known := o.key()
			return known && match(k, want)
		}, nil
	}
}

func byNumber(of func(*order) int) func(string) (filter, *failure) {
	return func(want string) (filter, *failure) {
		n, err := strconv.ParseInt(want, 10, 32)
		if err != nil {
			return nil, invalidField("")
		}
		return func(o *order, _ time.Time) bool { return of(o) == int(n) }, nil
	}
}

func byStatus(want string) (filter, *failure) {
	status, known := oneOf(statuses, want)
	if !known {
		return nil, invalidField("status")
	}
	return func(o *order, now time.Time) bool { return string(o.statusAt(now)) == status }, nil
}

func byWord(allowed []string, of func(*order) string) func(string) (filter, *failure) {
	return func(want string) (filter, *failure) {
		word, known := oneOf(allowed, want)
		if !known {
			return nil, invalidField("")
		}
		return func(o *order, _ time.Time) bool { return of(o) == word }, nil
	}
}

// oneOf finds a word of an enumeration, in the spelling of any release:
// "SAApproved" is "SA Approved", "NOT_STARTED" is "Not started".
func oneOf(allowed []string, said string) (string, bool) {
	plain := plainWord(said)
	i := slices.IndexFunc(allowed, func(word string) bool { return plainWord(word) == plain })
	if i < 0 {
		word, known := olderVia[plain]
		return word, known && slices.Contains(allowed, word)
	}
	return allowed[i], true
}

func plainWord(s string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "_", "", "-", "").Replace(s))
}

func contains(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

func anyContains(texts []string, part string) bool {
	return slices.ContainsFunc(texts, func(text string) bool { return contains(text, part) })
}

// bare is a fingerprint without colons.
func bare(hash string) string { return strings.ReplaceAll(hash, ":", "") }
