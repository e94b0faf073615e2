package scmserver

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// The names of operations that are none of the API's.
const (
	opToken   = "Token"
	opUnknown = "Unknown"
)

// handler serves an operation. The caller of serve holds s.mu.
type handler struct {
	operation string
	serve     func(*Server, *call) (*answer, error)
	privilege Privilege
}

// routes are the operations by the shape of their path below /api and by their
// verb. {v} is v1 or v2, {id} a number, {sub} a second one, {word} anything
// else. A nil serve is an operation of the service that the sandbox does not
// serve.
var routes = map[string]map[string]handler{
	"ssl/{v}":                      {http.MethodGet: {"ListCertificates", (*Server).list, ""}, http.MethodHead: {"CountCertificates", (*Server).list, ""}, http.MethodPut: {"UpdateCertificate", (*Server).update, SSLManage}},
	"ssl/{v}/types":                {http.MethodGet: {"ListProfiles", (*Server).listProfiles, ""}},
	"ssl/{v}/customFields":         {http.MethodGet: {"ListCustomFields", (*Server).listFields, ""}},
	"ssl/{v}/enroll":               {http.MethodPost: {"Enroll", (*Server).enroll, SSLRequest}},
	"ssl/{v}/enroll-keygen":        {http.MethodPost: {"EnrollKeygen", nil, SSLRequest}},
	"ssl/{v}/import":               {http.MethodPost: {"Import", nil, SSLManage}},
	"ssl/{v}/{id}":                 {http.MethodGet: {"GetCertificate", (*Server).details, ""}, http.MethodDelete: {"DeleteCertificate", (*Server).remove, SSLManage}},
	"ssl/{v}/{id}/dcv":             {http.MethodGet: {"GetCertificateDCV", (*Server).orderDCV, ""}},
	"ssl/{v}/{id}/dcv/recheck":     {http.MethodPost: {"RecheckCertificateDCV", (*Server).recheckDCV, AllowDCV}},
	"ssl/{v}/{id}/location":        {http.MethodGet: {"ListLocations", (*Server).listLocations, ""}, http.MethodPost: {"CreateLocation", (*Server).createLocation, SSLManage}},
	"ssl/{v}/{id}/location/{sub}":  {http.MethodGet: {"GetLocation", (*Server).getLocation, ""}, http.MethodPut: {"UpdateLocation", (*Server).updateLocation, SSLManage}, http.MethodDelete: {"DeleteLocation", (*Server).deleteLocation, SSLManage}},
	"ssl/{v}/collect/{id}":         {http.MethodGet: {"Collect", (*Server).collect, ""}},
	"ssl/{v}/collect/{id}/{word}":  {http.MethodGet: {"Collect", (*Server).collect, ""}},
	"ssl/{v}/keystore/{id}/{word}": {http.MethodGet: {"Keystore", nil, ""}, http.MethodPost: {"Keystore", nil, ""}},
	"ssl/{v}/approve/{id}":         {http.MethodPost: {"Approve", (*Server).approve, SSLApprove}},
	"ssl/{v}/decline/{id}":         {http.MethodPost: {"Decline", (*Server).decline, SSLApprove}},
	"ssl/{v}/renewById/{id}":       {http.MethodPost: {"RenewByID", (*Server).renewByID, SSLRenew}},
	"ssl/{v}/renew/{word}":         {http.MethodPost: {"Renew", (*Server).renew, SSLRenew}},
	"ssl/{v}/renew/manual/{id}":    {http.MethodPost: {"MarkRenewed", (*Server).markRenewed, SSLRenew}},
	"ssl/{v}/replace/{id}":         {http.MethodPost: {"Replace", (*Server).replace, SSLReplace}},
	"ssl/{v}/revoke/{id}":          {http.MethodPost: {"Revoke", (*Server).revokeByID, SSLRevoke}},
	"ssl/{v}/revoke/serial/{word}": {http.MethodPost: {"RevokeBySerial", (*Server).revokeBySerial, SSLRevoke}},
	"ssl/{v}/revoke/manual":        {http.MethodPost: {"MarkRevoked", (*Server).markRevoked, SSLRevoke}},

	"customField/v2":                   {http.MethodGet: {"ListCustomFieldsV2", (*Server).listFieldsV2, ""}},
	"organization/v1":                  {http.MethodGet: {"ListOrganizations", (*Server).listOrganizations, ""}},
	"organization/v1/{id}":             {http.MethodGet: {"GetOrganization", (*Server).getOrganization, ""}},
	"organization/v2/{id}/validations": {http.MethodGet: {"ListValidations", (*Server).listValidations, ""}},
	"domain/v1":                        {http.MethodGet: {"ListDomains", (*Server).listDomains, ""}, http.MethodHead: {"CountDomains", (*Server).listDomains, ""}},
	"domain/v1/count":                  {http.MethodGet: {"CountDomains", (*Server).countDomains, ""}},
	"domain/v1/{id}":                   {http.MethodGet: {"GetDomain", (*Server).getDomain, ""}},

	"dcv/{v}/validation":                      {http.MethodGet: {"ListDomainValidations", (*Server).listDCV, ""}, http.MethodHead: {"ListDomainValidations", (*Server).listDCV, ""}},
	"dcv/{v}/validation/status":               {http.MethodPost: {"GetDomainValidation", (*Server).getDCV, AllowDCV}},
	"dcv/{v}/validation/sync":                 {http.MethodPost: {"SyncDomainValidation", (*Server).syncDCV, AllowDCV}},
	"dcv/{v}/validation/start/domain/{word}":  {http.MethodPost: {"StartDomainValidation", (*Server).startDCV, AllowDCV}},
	"dcv/{v}/validation/submit/domain/{word}": {http.MethodPost: {"SubmitDomainValidation", (*Server).submitDCV, AllowDCV}},

	"report/v1/ssl-certificates": {http.MethodPost: {"ReportCertificates", (*Server).report, ""}},
	"admin/v1/password":          {http.MethodGet: {opPassword, (*Server).getPassword, ""}},
	"admin/v1/changepassword":    {http.MethodPost: {opChangePassword, (*Server).changePassword, ""}},
}

// The operations that an expired password still opens.
const (
	opPassword       = "GetPassword"
	opChangePassword = "ChangePassword"
)

// target is an operation on something that was named in the path.
type target struct {
	operation string
	prefix    string
	handler   handler
	id, sub   int
	word      string
}

// Operations are the names of all operations, for faults and counts.
func Operations() []string {
	all := []string{opToken}
	for _, byVerb := range routes {
		for _, h := range byVerb {
			all = append(all, h.operation)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// The prefixes of the API: with a password or a token, and with a TLS client
// certificate.
const (
	apiPrefix     = "/api/"
	privatePrefix = "/private/api/"
)

// route finds the operation that a request means; found is false for a path
// that is none of the API's.
func route(r *http.Request) (t target, found bool) {
	path := r.URL.EscapedPath()
	rest, isAPI := strings.CutPrefix(path, apiPrefix)
	t.prefix = strings.TrimSuffix(apiPrefix, "/")
	if !isAPI {
		if rest, isAPI = strings.CutPrefix(path, privatePrefix); !isAPI {
			return target{}, false
		}
		t.prefix = strings.TrimSuffix(privatePrefix, "/")
	}
	shape, ok := t.shapeOf(strings.Split(strings.TrimSuffix(rest, "/"), "/"))
	byVerb := routes[shape]
	if !ok || byVerb == nil {
		t.operation = opUnknown
		t.handler.serve = answerWith(&failure{http.StatusNotFound, -1, "Unknown error."})
		return t, true
	}
	h, allowed := byVerb[r.Method]
	if !allowed {
		t.operation = opUnknown
		t.handler.serve = answerWith(&failure{http.StatusMethodNotAllowed, -1, "Unknown error."})
		return t, true
	}
	t.operation, t.handler = h.operation, h
	if h.serve == nil {
		t.handler.serve = answerWith(&failure{http.StatusNotImplemented, -1, "This sandbox does not serve " + h.operation + "."})
	}
	return t, true
}

func answerWith(f *failure) func(*Server, *call) (*answer, error) {
	return func(*Server, *call) (*answer, error) { return nil, f }
}

// words are path segments that are no names.
var words = func() map[string]bool {
	all := map[string]bool{}
	for shape := range routes {
		for segment := range strings.SplitSeq(shape, "/") {
			if !strings.HasPrefix(segment, "{") {
				all[segment] = true
			}
		}
	}
	return all
}()

// shapeOf reduces a path to the key of routes and keeps what it names.
func (t *target) shapeOf(segments []string) (shape string, ok bool) {
	numbers := 0
	for i, segment := range segments {
		value, err := url.PathUnescape(segment)
		if err != nil || value == "" {
			return "", false
		}
		switch n, err := strconv.Atoi(value); {
		case i == 1 && (value == "v1" || value == "v2") && versioned[segments[0]]:
			segments[i] = "{v}"
		case words[value] && !(i == 3 && segments[2] == "renew" && value != "manual"):
		case i == 3 && segments[2] == "renew", i == 4 && (segments[3] == "serial" || segments[2] == "collect" || segments[2] == "keystore"), i == 5 && segments[4] == "domain":
			segments[i], t.word = "{word}", value
		case err == nil && n >= 0 && n <= 1<<31-1 && numbers == 0:
			segments[i], t.id, numbers = "{id}", n, 1
		case err == nil && n >= 0 && n <= 1<<31-1 && numbers == 1:
			segments[i], t.sub, numbers = "{sub}", n, 2
		default:
			return "", false
		}
	}
	return strings.Join(segments, "/"), true
}

// versioned are the parts of the API whose versions are the same here.
var versioned = map[string]bool{"ssl": true, "dcv": true}

// newCall reads what every operation needs.
func (s *Server) newCall(w http.ResponseWriter, r *http.Request, t target, base string) (*call, *failure) {
	c := &call{id: t.id, sub: t.sub, word: t.word, query: r.URL.Query(), base: base, prefix: t.prefix, now: s.now(), head: r.Method == http.MethodHead}
	c.account = s.caller(r)
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, &failure{http.StatusRequestEntityTooLarge, -1, "Unknown error."}
		}
		return nil, unparsable()
	}
	c.body = body
	return c, nil
}
