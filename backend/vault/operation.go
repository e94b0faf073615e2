package vault

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"certty/backend/text"
	"certty/model"
)

// operationJSON is a pending request (Key Vault REST, CertificateOperation).
type operationJSON struct {
	ID            string     `json:"id"`
	Issuer        issuerJSON `json:"issuer"`
	CSR           string     `json:"csr"`
	CancelAsked   bool       `json:"cancellation_requested"`
	Status        string     `json:"status"`
	StatusDetails string     `json:"status_details"`
	Error         *errorInfo `json:"error"`
	Target        string     `json:"target"`
	RequestID     string     `json:"request_id"`
	PreserveOrder *bool      `json:"preserveCertOrder"`
}

type issuerJSON struct {
	Name         string `json:"name,omitempty"`
	Type         string `json:"cty,omitempty"`
	Transparency *bool  `json:"cert_transparency,omitempty"`
}

func (i issuerJSON) model() model.Issuer {
	return model.Issuer{
		Name:            text.Clean(i.Name),
		CertificateType: text.Clean(i.Type),
		Transparency:    i.Transparency,
	}
}

// decodeOperation reads a pending request and the headers that belong to it.
func decodeOperation(h http.Header, body []byte, now time.Time) (*model.Request, error) {
	var op operationJSON
	if err := unmarshal(body, &op); err != nil {
		return nil, errors.New("it is not the JSON of a certificate operation")
	}
	if op.Status == "" && op.ID == "" {
		return nil, errors.New("it holds no certificate operation")
	}
	r := &model.Request{
		ID:          text.Clean(op.RequestID),
		Status:      text.Clean(op.Status),
		Phase:       model.ParsePhase(op.Status),
		Details:     text.Flat(op.StatusDetails),
		CancelAsked: op.CancelAsked,
		Issuer:      op.Issuer.model(),
		Target:      text.Clean(op.Target),
		RetryAfter:  retryAfter(h, now),

		PreserveCertOrder: op.PreserveOrder,
	}
	if r.ID == "" {
		r.ID = locationRequestID(h)
	}
	if op.Error != nil {
		r.ErrorCode, r.ErrorMessage = op.Error.reason()
	}
	if op.CSR != "" {
		csr, err := decodeBase64(op.CSR)
		if err != nil {
			// The row must not be lost for it, and nobody must take the request
			// for one without a CSR.
			r.Details = text.Flat(r.Details + " (the CSR could not be read: " + err.Error() + ")")
		}
		r.CSR = csr
	}
	return r, nil
}

// reason is why an operation failed: the outer code, which says whose side it
// is, and the message with the inner code where there is one.
func (e *errorInfo) reason() (code, message string) {
	code, message = text.Clean(jsonText(e.Code)), text.Flat(jsonText(e.Message))
	var inner errorInfo
	if isNull(e.Inner) || json.Unmarshal(e.Inner, &inner) != nil {
		return code, message
	}
	if detail, more := inner.reason(); detail != "" || more != "" {
		message = text.Flat(message + " (" + text.Flat(detail+" "+more) + ")")
	}
	return code, message
}

// locationRequestID is the request id in the Location header that create
// answers with (Key Vault, "Monitor and manage certificate creation").
func locationRequestID(h http.Header) string {
	u, err := url.Parse(h.Get("Location"))
	if err != nil {
		return ""
	}
	return text.Clean(u.Query().Get("request_id"))
}
