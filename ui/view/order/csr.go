package order

import (
	"strings"

	"certty/model"
	"certty/model/x5c"
	"certty/ui/view"
)

// request is a CSR that was understood.
type request struct {
	der []byte
	// name is its common name, names its DNS names; cleaned.
	name  string
	names []string
	key   model.OrderKey
	// password is true where a challenge password stands in it.
	password bool
}

// readCSR reads what [x5c.FindRequest] finds.
func readCSR(data []byte) (*request, error) {
	found, err := x5c.FindRequest(data)
	if err != nil {
		return nil, err
	}
	key, err := model.KeyOf(found.Raw)
	if err != nil {
		return nil, x5c.ErrBrokenRequest
	}
	r := &request{der: found.Raw, name: view.Clean(found.Subject.CommonName), key: key, password: x5c.HasChallengePassword(found)}
	for _, name := range x5c.NamesAsked(found).DNS {
		r.names = append(r.names, view.Clean(name))
	}
	return r, nil
}

// common is the name that an order with this CSR is for.
func (r *request) common() string {
	if r.name == "" && len(r.names) > 0 {
		return r.names[0]
	}
	return r.name
}

// String says what it is for.
func (r *request) String() string {
	text := "for " + r.common() + ", " + r.key.String()
	if others := without(r.names, r.common()); len(others) > 0 {
		text += "; names " + strings.Join(others, ", ")
	}
	return text
}

// careful says what is unwise about sending it; "" when nothing is.
func (r *request) careful() string {
	if !r.password {
		return ""
	}
	return "a challenge password stands in the CSR (RFC 2985): it goes to SCM in clear text with it, and stays readable in the local state here. Make a CSR without one, unless the password is meant for that."
}

// without lists the names that are not name.
func without(names []string, name string) []string {
	var out []string
	for _, n := range names {
		if !strings.EqualFold(n, name) {
			out = append(out, n)
		}
	}
	return out
}
