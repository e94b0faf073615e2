package vaultserver

import "net/http"

// failure is an error the service answers with. Its texts are the service's
// own, mistakes included, as far as they are recorded or documented.
type failure struct {
	status        int
	code, message string
	inner         string // the code of innererror; "" when there is none
}

func (f *failure) Error() string { return f.code + ": " + f.message }

func (f *failure) answer() errorAnswer {
	body := errorBody{Code: f.code, Message: f.message}
	if f.inner != "" {
		body.InnerError = &innerError{f.inner}
	}
	return errorAnswer{body}
}

func badParameter(message string) *failure {
	return &failure{status: http.StatusBadRequest, code: "BadParameter", message: message}
}

// invalidProperty has the recorded form of "Property policy.x509_props has
// invalid value. Invalid X.500 distinguished name\r\n".
func invalidProperty(name, detail string) *failure {
	return badParameter("Property " + name + " has invalid value. " + detail + "\r\n")
}

func certificateNotFound(name string) *failure {
	return &failure{status: http.StatusNotFound, code: "CertificateNotFound", message: "A certificate with (name/id) " + name +
		" was not found in this key vault. If you recently deleted this certificate you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182"}
}

func pendingNotFound(name string) *failure {
	return &failure{status: http.StatusNotFound, code: "PendingCertificateNotFound", message: "Pending certificate not found: " + name}
}

// pendingInTheWay has the documented code; no recording shows it.
func pendingInTheWay() *failure {
	return &failure{status: http.StatusConflict, code: "Forbidden", message: "A new key vault certificate can not be created or imported while a pending key vault certificate's status is inProgress."}
}

// notInProgress answers a cancellation that comes too late: the documents say
// 400, the real service was seen to say 403.
func notInProgress() *failure {
	return &failure{status: http.StatusForbidden, code: "Forbidden", message: "Pending status must be in progress to allow update."}
}

// mergeForbidden is documented, spelling included.
func mergeForbidden(issuer string) *failure {
	return &failure{status: http.StatusForbidden, code: "Forbidden", message: "Merge is forbidden on pending object created with issuer : " + issuer + " while it is in progess."}
}

func noValidX5C() *failure {
	return badParameter("Property x5c has invalid value X5C must has at least one valid item")
}

func badDER() *failure {
	return badParameter("ASN1 bad tag value met.\r\n")
}

func publicKeyMismatch() *failure {
	return badParameter("The public key of the end-entity certificate in the specified X.509 certificate content does not match the public part of the specified private key. Please check if certificate is valid.")
}

func issuerNotFound() *failure {
	return &failure{status: http.StatusNotFound, code: "CertificateIssuerNotFound", message: "Issuer not found"}
}

func contactsNotFound() *failure {
	return &failure{status: http.StatusNotFound, code: "ContactsNotFound", message: "Contacts not found"}
}

func deletedNotFound(name string) *failure {
	return &failure{status: http.StatusNotFound, code: "CertificateNotFound", message: "Deleted Certificate not found: " + name}
}

// nameInUse is what a create or an import onto a soft-deleted name is told.
func nameInUse(name string) *failure {
	return conflict("ObjectIsDeletedButRecoverable", "Certificate "+name+
		" is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the certificate can only be recovered or purged.")
}

// beingDeleted and beingRecovered have the words that the service uses for
// secrets; for certificates only the inner codes are known.
func beingDeleted(name string) *failure {
	return conflict("ObjectIsBeingDeleted", "Certificate "+name+" is currently being deleted.")
}

func beingRecovered(name string) *failure {
	return conflict("ObjectIsBeingRecovered", "Certificate "+name+" is currently being recovered.")
}

func conflict(inner, message string) *failure {
	return &failure{status: http.StatusConflict, code: "Conflict", message: message, inner: inner}
}

// purgeProtected has the service's words for secrets; which inner code it has
// is not known.
func purgeProtected() *failure {
	return &failure{status: http.StatusForbidden, code: "Forbidden",
		message: `Operation "purge" is not allowed because purge protection is enabled for this vault. Key Vault service will automatically purge it after the retention period has passed.`}
}

func badPKCS12() *failure {
	return badParameter("The specified PKCS#12 X.509 certificate content can not be read. Please check if certificate is in valid PKCS#12 format.")
}

func badPEM() *failure {
	return badParameter("The specified PEM X.509 certificate content is in an unexpected format. Please check if certificate is in valid PEM format.")
}

func unreadableBody(err error) *failure {
	return badParameter("The request body can't be read as JSON: " + err.Error())
}

// invalidBody is what the service was seen to say of too many tags.
func invalidBody() *failure { return badParameter("Property  has invalid value\r\n") }
