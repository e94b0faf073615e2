package scmserver

import (
	"fmt"
	"net/http"
)

// failure is an error the service answers with. Codes and texts are those of
// the "Errors" section of Sectigo's "Certificate Manager REST API", mistakes
// included, or observed.
type failure struct {
	status      int
	code        int
	description string
}

func (f *failure) Error() string { return fmt.Sprintf("%d: %s", f.code, f.description) }

// errorAnswer is the body of an error.
type errorAnswer struct {
	Code        int    `json:"code"`
	Description string `json:"description"`
}

// refuse is a 400, which is what the service answers with for nearly
// everything.
func refuse(code int, format string, args ...any) *failure {
	return &failure{http.StatusBadRequest, code, fmt.Sprintf(format, args...)}
}

// unknownUser is the one answer to whoever is not let in.
func unknownUser() *failure { return &failure{http.StatusUnauthorized, -16, "Unknown user"} }

// unparsable was observed for alternative names sent as an array.
func unparsable() *failure { return refuse(-1002, "Cannot parse message body") }

// missing was observed for a query parameter that was left out.
func missing(field string) *failure { return refuse(-1001, "Value of '%s' must not be null.", field) }

func invalidField(field string) *failure {
	return refuse(-1601, "Field '%s' has invalid value.", field)
}

// notAuthorized is 400, not 403: so does a published client's test double.
func notAuthorized(action string) *failure {
	return refuse(-3, "You are not authorized to perform %s.", action)
}

// wrongID answers calls whose documents know no 404.
func wrongID(id int) *failure { return refuse(-124, "Wrong SSL certificate id %d.", id) }

// notFound answers calls whose documents have a 404; which code it carries is
// not documented, the text fits.
func notFound(id int) *failure {
	return &failure{http.StatusNotFound, -5101, fmt.Sprintf("Certificate not found. %d", id)}
}

func notInOrganization(id int) *failure {
	return &failure{http.StatusNotFound, -1023, fmt.Sprintf("Organization '%d' not found.", id)}
}

func noSuchDomain(name string) *failure {
	return &failure{http.StatusNotFound, -727, fmt.Sprintf("The domain '%s' does not exist.", name)}
}
