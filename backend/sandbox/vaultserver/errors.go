package vaultserver

import "net/http"

// failure is an error the service answers with. Its texts are the service's
// own, mistakes included, as far as they are recorded or documented.
type failure struct {
	status        int
	code, message string
}

func (f *failure) Error() string { return f.code + ": " + f.message }

func badParameter(message string) *failure {
	return &failure{http.StatusBadRequest, "BadParameter", message}
}

// invalidProperty has the recorded form of "Property policy.x509_props has
// invalid value. Invalid X.500 distinguished name\r\n".
func invalidProperty(name, detail string) *failure {
	return badParameter("Property " + name + " has invalid value. " + detail + "\r\n")
}

func certificateNotFound(name string) *failure {
	return &failure{http.StatusNotFound, "CertificateNotFound", "A certificate with (name/id) " + name +
		" was not found in this key vault. If you recently deleted this certificate you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182"}
}

func pendingNotFound(name string) *failure {
	return &failure{http.StatusNotFound, "PendingCertificateNotFound", "Pending certificate not found: " + name}
}

// pendingInTheWay has the documented code; no recording shows it.
func pendingInTheWay() *failure {
	return &failure{http.StatusConflict, "Forbidden", "A new key vault certificate can not be created or imported while a pending key vault certificate's status is inProgress."}
}

// notInProgress answers a cancellation that comes too late: the documents say
// 400, the real service was seen to say 403.
func notInProgress() *failure {
	return &failure{http.StatusForbidden, "Forbidden", "Pending status must be in progress to allow update."}
}

// mergeForbidden is documented, spelling included.
func mergeForbidden(issuer string) *failure {
	return &failure{http.StatusForbidden, "Forbidden", "Merge is forbidden on pending object created with issuer : " + issuer + " while it is in progess."}
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
