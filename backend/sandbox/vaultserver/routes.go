package vaultserver

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"certty/model"
)

// target is an operation on something that was named in the path.
type target struct {
	operation     string
	name, version string
	serve         func(*Server, *call) (*answer, error)
}

// routes are the operations by the shape of their path and their verb, under
// the operationId of Key Vault's OpenAPI document. {n} is a certificate's
// name, {v} a version, {i} an issuer's name. A nil handler is an operation of
// the service that the sandbox does not serve.
var routes = map[string]map[string]handler{
	"certificates":                    {http.MethodGet: {"GetCertificates", (*Server).list}},
	"certificates/{n}":                {http.MethodGet: {"GetCertificate", (*Server).getCertificate}, http.MethodPatch: {"UpdateCertificate", (*Server).updateCertificate}, http.MethodDelete: {"DeleteCertificate", (*Server).deleteCertificate}},
	"certificates/{n}/{v}":            {http.MethodGet: {"GetCertificate", (*Server).getCertificate}, http.MethodPatch: {"UpdateCertificate", (*Server).updateCertificate}},
	"certificates/{n}/create":         {http.MethodPost: {"CreateCertificate", (*Server).create}},
	"certificates/{n}/import":         {http.MethodPost: {"ImportCertificate", (*Server).importCertificate}},
	"certificates/{n}/backup":         {http.MethodPost: {"BackupCertificate", nil}},
	"certificates/restore":            {http.MethodPost: {"RestoreCertificate", nil}},
	"certificates/{n}/versions":       {http.MethodGet: {"GetCertificateVersions", (*Server).listVersions}},
	"certificates/{n}/policy":         {http.MethodGet: {"GetCertificatePolicy", (*Server).getPolicy}, http.MethodPatch: {"UpdateCertificatePolicy", (*Server).updatePolicy}},
	"certificates/{n}/pending":        {http.MethodGet: {"GetCertificateOperation", (*Server).getPending}, http.MethodPatch: {"UpdateCertificateOperation", (*Server).updatePending}, http.MethodDelete: {"DeleteCertificateOperation", (*Server).deletePending}},
	"certificates/{n}/pending/merge":  {http.MethodPost: {"MergeCertificate", (*Server).merge}},
	"certificates/contacts":           {http.MethodGet: {"GetCertificateContacts", (*Server).getContacts}, http.MethodPut: {"SetCertificateContacts", (*Server).setContacts}, http.MethodDelete: {"DeleteCertificateContacts", (*Server).deleteContacts}},
	"certificates/issuers":            {http.MethodGet: {"GetCertificateIssuers", (*Server).listIssuers}},
	"certificates/issuers/{i}":        {http.MethodGet: {"GetCertificateIssuer", (*Server).getIssuer}, http.MethodPut: {"SetCertificateIssuer", (*Server).setIssuer}, http.MethodPatch: {"UpdateCertificateIssuer", (*Server).updateIssuer}, http.MethodDelete: {"DeleteCertificateIssuer", (*Server).deleteIssuer}},
	"deletedcertificates":             {http.MethodGet: {"GetDeletedCertificates", (*Server).listDeleted}},
	"deletedcertificates/{n}":         {http.MethodGet: {"GetDeletedCertificate", (*Server).getDeleted}, http.MethodDelete: {"PurgeDeletedCertificate", (*Server).purge}},
	"deletedcertificates/{n}/recover": {http.MethodPost: {"RecoverDeletedCertificate", (*Server).recover}},
}

type handler struct {
	operation string
	serve     func(*Server, *call) (*answer, error)
}

// words are path segments that are no names.
var words = setOf("certificates", "deletedcertificates", "create", "import", "backup", "restore",
	"versions", "policy", "pending", "merge", "contacts", "issuers", "recover")

// route finds the operation a request means.
func route(r *http.Request) (target, *failure) {
	verb, f := effectiveVerb(r)
	if f != nil {
		return target{}, f
	}
	shape, name, version, ok := shapeOf(r.URL.EscapedPath())
	byVerb := routes[shape]
	if !ok || byVerb == nil {
		return target{}, &failure{status: http.StatusNotFound, code: "ResourceNotFound", message: "The requested resource was not found: " + r.URL.Path}
	}
	h, ok := byVerb[verb]
	if !ok {
		return target{}, &failure{status: http.StatusMethodNotAllowed, code: "MethodNotAllowed", message: "The method " + verb + " is not allowed here."}
	}
	t := target{operation: h.operation, name: name, version: version, serve: h.serve}
	if t.serve == nil {
		t.serve = func(*Server, *call) (*answer, error) {
			return nil, &failure{status: http.StatusNotImplemented, code: "NotImplemented", message: "This sandbox does not serve " + t.operation + "."}
		}
	}
	return t, nil
}

// shapeOf reduces a path to the key of routes and what it names.
func shapeOf(path string) (shape, name, version string, ok bool) {
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	// An empty version at the end means the current one.
	if n := len(segments); n == 3 && segments[2] == "" && segments[0] == "certificates" {
		segments = segments[:2]
	}
	for i, segment := range segments {
		value, err := url.PathUnescape(segment)
		if err != nil || value == "" {
			return "", "", "", false
		}
		switch {
		case i != 1 && words[value], i == 1 && (value == "contacts" || value == "issuers" || value == "restore"):
		case i == 1:
			segments[i], name = "{n}", value
		case i == 2 && segments[1] == "issuers":
			segments[i], name = "{i}", value
		case i == 2:
			segments[i], version = "{v}", value
		default:
			return "", "", "", false
		}
	}
	return strings.Join(segments, "/"), name, version, true
}

// effectiveVerb applies the override of Key Vault's "HTTP POST" section, which
// calls the header X-HTTP-METHOD in one place and X-HTTP-REQUEST in another.
// No recording shows it.
func effectiveVerb(r *http.Request) (string, *failure) {
	override := r.Header.Get("X-HTTP-METHOD")
	if override == "" {
		override = r.Header.Get("X-HTTP-REQUEST")
	}
	if override == "" || r.Method != http.MethodPost {
		return r.Method, nil
	}
	switch verb := strings.ToUpper(override); verb {
	case http.MethodPut, http.MethodPatch:
		return verb, nil
	case http.MethodGet, http.MethodDelete:
		if r.ContentLength != 0 {
			return "", badParameter("A POST that stands for " + verb + " must have an empty body.")
		}
		return verb, nil
	}
	return "", badParameter("The method override " + override + " is not supported.")
}

var apiVersionForm = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2}|\d+\.\d+)(-preview(\.\d+)?)?$`)

// latestVersion is what a request with a version that there is not is told.
const latestVersion = "2025-07-01"

// newCall checks what every operation needs, and reads the body.
func (s *Server) newCall(w http.ResponseWriter, r *http.Request, t target, base string) (*call, *failure) {
	c := &call{name: t.name, version: t.version, query: r.URL.Query(), accept: r.Header.Get("Accept"), base: base, now: s.now(), recovery: s.recovery}
	c.apiVersion = c.query.Get("api-version")
	switch {
	case c.apiVersion == "":
		return nil, badParameter("api-version must be specified")
	case !apiVersionForm.MatchString(c.apiVersion):
		return nil, badParameter("The specified version (" + c.apiVersion + ") is not recognized. Consider using the latest supported version (" + latestVersion + ").")
	case t.name != "" && model.CheckName(t.name) != nil:
		return nil, badParameter("The request URI contains an invalid name: " + t.name)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, &failure{status: http.StatusRequestEntityTooLarge, code: "RequestEntityTooLarge", message: "The request body is too large."}
		}
		return nil, badParameter("The request body can't be read.")
	}
	c.body = body
	return c, nil
}
