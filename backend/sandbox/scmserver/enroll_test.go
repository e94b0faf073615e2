package scmserver

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"net/http"
	"strings"
	"sync"
	"testing"
)

const enrollPath = "/api/ssl/v1/enroll"

// weakKey is a key that is made once; it guards nothing.
var weakKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 1024) })

func TestEnrollRefuses(t *testing.T) {
	b := start(t)
	weak, err := weakKey()
	if err != nil {
		t.Skip("skipped: no key of 1024 bits to be had: ", err)
	}
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	odd, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	good := csrFor(t, newKey(t), "www.example.com")
	der, _ := pem.Decode([]byte(good))
	broken := strings.Clone(string(der.Bytes))
	forged := []byte(broken)
	forged[len(forged)-1] ^= 1
	field := func(name, value string) func(members) {
		return set("customFields", []members{{"name": "Cost centre", "value": "1"}, {"name": name, "value": value}})
	}
	csr := func(text string) func(members) { return set("csr", text) }
	names := func(text string) func(members) {
		return func(m members) { m["subjAltNames"], m["csr"] = text, csrFor(t, newKey(t), strings.Split(text, ",")[0]) }
	}
	for name, c := range map[string]struct {
		code   int
		change func(members)
	}{
		"no organization":              {-1001, func(m members) { delete(m, "orgId") }},
		"organization 0":               {-1601, set("orgId", 0)},
		"unknown organization":         {-639, set("orgId", 4711)},
		"API switched off":             {-1021, set("orgId", orgNoAPI)},
		"organization not validated":   {-843, set("orgId", orgNoOV)},
		"unknown profile":              {-39, set("certType", 4711)},
		"profile of others":            {-39, set("certType", foreign)},
		"no profile":                   {-39, func(m members) { delete(m, "certType") }},
		"term of another profile":      {-36, set("term", 365)},
		"no term":                      {-36, func(m members) { delete(m, "term") }},
		"term 0":                       {-1601, set("term", 0)},
		"no mandatory field":           {-62, func(m members) { delete(m, "customFields") }},
		"empty mandatory field":        {-62, set("customFields", []members{{"name": "Cost centre", "value": " "}})},
		"unknown field":                {-135, field("Colour", "red")},
		"not a date":                   {-1601, field("Go-live", "21.11.2026")},
		"field without a value":        {-1001, set("customFields", []members{{"name": "Cost centre"}})},
		"field too long":               {-1601, set("customFields", []members{{"name": "Cost centre", "value": strings.Repeat("x", 257)}})},
		"comments too long":            {-1601, set("comments", strings.Repeat("x", 1025))},
		"an emoji at the limit":        {-1601, set("comments", strings.Repeat("x", 1023)+"🙂")},
		"requester too long":           {-1601, set("externalRequester", strings.Repeat("x", 513))},
		"requester no address":         {-1601, set("externalRequester", "a@example.com, nobody")},
		"names as an array":            {-1002, set("subjAltNames", []string{"www.example.com"})},
		"no JSON":                      {-1002, nil},
		"no CSR":                       {-7, func(m members) { delete(m, "csr") }},
		"empty CSR":                    {-1601, csr("")},
		"blank CSR":                    {-7, csr("  \n")},
		"CSR with other letters":       {-9, csr("#" + good)},
		"CSR no base64":                {-9, csr("abc")},
		"CSR no PKCS#10":               {-10, csr(base64.StdEncoding.EncodeToString([]byte("hello")))},
		"CSR with a wrong signature":   {-138, csr(base64.StdEncoding.EncodeToString(forged))},
		"RSA 1024":                     {-141, csr(csrFor(t, weak, "www.example.com"))},
		"Ed25519":                      {-11, csr(csrFor(t, edwards, "www.example.com"))},
		"curve that the profile lacks": {-13, csr(csrFor(t, odd, "www.example.com"))},
		"EC where there is only RSA":   {-170, set("certType", extended)},
		"domain of nobody":             {-1010, names("www.example.org")},
		"domain looks alike":           {-1010, names("badexample.com")},
		"domain whose time is over":    {-737, names("www.old.example")},
		"domain not validated":         {-737, names("www.fresh.example")},
		"delegation not approved":      {-1010, names("www.asked.example")},
		"domain asleep":                {-715, names("www.asleep.example")},
		"apex only":                    {-1010, names("www.apex.example")},
		"for mail only":                {-1010, names("www.mail.example")},
		"one name of two":              {-737, names("www.example.com,www.old.example")},
		"no host name":                 {-732, names("under score.example.com")},
		"DCV for each order, no mode":  {-1001, set("certType", perOrder)},
		"an unknown DCV mode":          {-1601, set("dcvMode", "PIGEON")},
		"common name too long":         {-1601, names(strings.Repeat("a", 60) + ".example.com")},
	} {
		t.Run(name, func(t *testing.T) {
			var body any = "{"
			if c.change != nil {
				body = orderBody(t, c.change)
			}
			b.expect(http.StatusBadRequest, c.code, http.MethodPost, enrollPath, body)
		})
	}
	if orders, err := b.Orders(); err != nil || len(orders) != 0 {
		t.Errorf("%d orders were made, %v", len(orders), err)
	}
}

func TestEnrollTakes(t *testing.T) {
	b := start(t)
	for name, change := range map[string]func(members){
		"department":                set("orgId", deptWeb),
		"the shortest term":         set("term", 90),
		"the longest comments":      set("comments", strings.Repeat("x", 1022)+"🙂"),
		"members of older releases": func(m members) { m["numberServers"], m["serverType"] = 1, -1 },
		"numbers as text":           func(m members) { m["orgId"], m["term"] = "10", "199" },
		"two external requesters":   set("externalRequester", "a@example.com, b@example.com"),
		"no names but the CSR's":    func(m members) { delete(m, "subjAltNames") },
		"a wildcard":                set("subjAltNames", "*.example.com"),
		"a date":                    set("customFields", []members{{"name": "Cost centre", "value": "1"}, {"name": "Go-live", "value": "2026-12-01"}}),
		"bare base64": func(m members) {
			block, _ := pem.Decode([]byte(m["csr"].(string)))
			m["csr"] = base64.StdEncoding.EncodeToString(block.Bytes)
		},
		"null for what is not said": func(m members) { m["dcvMode"], m["dcvEmail"], m["externalRequester"] = nil, nil, nil },
		"DCV for each order":        func(m members) { m["certType"], m["dcvMode"] = perOrder, "CNAME" },
		"the domain itself":         set("subjAltNames", "example.com, apex.example"),
		"a name of the CSR not listed": func(m members) {
			m["csr"] = csrFor(t, newKey(t), "a.example.com", "b.example.com")
			delete(m, "subjAltNames")
		},
	} {
		t.Run(name, func(t *testing.T) {
			b.expect(http.StatusOK, 0, http.MethodPost, strings.Replace(enrollPath, "v1", "v2", 1), orderBody(t, change))
		})
	}
}

// A strict server takes what Sectigo's OpenAPI document describes and nothing
// else.
func TestStrictSchema(t *testing.T) {
	b := start(t, func(o *Options) { o.Settings.Strict = true })
	b.order()
	for name, change := range map[string]func(members){
		"an unknown member":  set("numberServers", 1),
		"a number as text":   set("orgId", "10"),
		"a text as a number": set("comments", 5),
		"deep inside":        set("customFields", []members{{"name": "Cost centre", "value": "1", "id": 5}}),
	} {
		t.Run(name, func(t *testing.T) {
			b.expect(http.StatusBadRequest, -1002, http.MethodPost, enrollPath, orderBody(t, change))
		})
	}
	id := b.issued()
	b.expect(http.StatusNoContent, 0, http.MethodPost, "/api/ssl/v1/revoke/"+itoa(id), members{"reasonCode": "1", "reason": "stolen"})
	b.expect(http.StatusNoContent, 0, http.MethodPost, "/api/ssl/v1/revoke/"+itoa(b.issued()), members{"reasonCode": 1, "reason": "stolen"})
}

func TestPrivileges(t *testing.T) {
	b := start(t)
	id := b.issued()
	waiting := b.order(set("certType", approval))
	message := members{"message": "no"}
	for privilege, request := range map[Privilege][2]string{
		SSLRequest: {http.MethodPost, enrollPath}, SSLApprove: {http.MethodPost, "/api/ssl/v1/approve/" + itoa(waiting)},
		SSLRenew: {http.MethodPost, "/api/ssl/v1/renewById/" + itoa(id)}, SSLReplace: {http.MethodPost, "/api/ssl/v1/replace/" + itoa(id)},
		SSLRevoke: {http.MethodPost, "/api/ssl/v1/revoke/" + itoa(id)}, SSLManage: {http.MethodPut, "/api/ssl/v1"},
		AllowDCV: {http.MethodPost, "/api/dcv/v2/validation/status"},
	} {
		b.SetSettings(Settings{Denied: []Privilege{privilege}})
		b.expect(http.StatusBadRequest, -3, request[0], request[1], message)
	}
	b.SetSettings(Settings{Restricted: true})
	b.expect(http.StatusBadRequest, -993, http.MethodPost, enrollPath, orderBody(t))
	b.expect(http.StatusBadRequest, -993, http.MethodPost, "/api/ssl/v1/renewById/"+itoa(id), "")
	b.SetSettings(Settings{AutoApprove: true})
	b.issued(set("certType", approval))
	orders, err := b.Orders()
	if err != nil || orders[len(orders)-1].Status != StatusIssued {
		t.Errorf("%+v %v", orders, err)
	}
}

// The request's own subject may hold anything; what is issued is what was
// validated.
func TestWhatIsIssuedIsWhatWasValidated(t *testing.T) {
	b := start(t)
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{
		Subject: pkix.Name{CommonName: "www.example.com", Organization: []string{"Somebody else"}}, DNSNames: []string{"evil.example.org"},
	}, newKey(t))
	if err != nil {
		t.Fatal(err)
	}
	id := b.issued(set("csr", base64.StdEncoding.EncodeToString(der)), set("subjAltNames", "shop.example.com"))
	leaf := chainOf(t, b.expect(http.StatusOK, 0, http.MethodGet, "/api/ssl/v1/collect/"+itoa(id)+"/x509CO", nil).body)[0]
	if got := leaf.Subject.Organization[0] + " " + strings.Join(leaf.DNSNames, " "); got != "Acme www.example.com shop.example.com" {
		t.Error(got)
	}
}
