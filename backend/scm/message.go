package scm

import (
	"encoding/pem"
	"fmt"
	"strings"

	"certty/model"
)

// csrPEM is a certificate request as SCM takes it: PEM with its header lines
// (SCM REST API, "Request SSL certificate").
func csrPEM(der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}))
}

// checkMessage says what is wrong with the text that has to go with an approval,
// a refusal, a replacement or a revocation; "" when nothing is.
func checkMessage(what, message string) string {
	switch n := model.UTF16Len(message); {
	case strings.TrimSpace(message) == "":
		return what + " is needed: SCM takes none without"
	case n > model.MaxOrderMessage:
		return fmt.Sprintf("%s is %d characters long as SCM counts; %d is the most", what, n, model.MaxOrderMessage)
	}
	return ""
}
