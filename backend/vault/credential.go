package vault

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// CredentialKind says where tokens come from.
type CredentialKind string

// The kinds of credentials.
const (
	// CredentialDefault tries environment, workload identity, managed identity
	// and the developer tools in azidentity's order. It is what "" means.
	CredentialDefault CredentialKind = "default"
	// CredentialEnvironment takes AZURE_TENANT_ID, AZURE_CLIENT_ID and the
	// secret or certificate that the environment names.
	CredentialEnvironment CredentialKind = "environment"
	// CredentialAzureCLI asks the az command, in the cloud that az is set to.
	CredentialAzureCLI CredentialKind = "azure-cli"
	// CredentialManagedIdentity is the identity that Azure gives the machine: its
	// own, or the one that ClientID names.
	CredentialManagedIdentity CredentialKind = "managed-identity"
	// CredentialWorkloadIdentity is the identity of a pod in Kubernetes, from
	// AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_FEDERATED_TOKEN_FILE. TenantID
	// and ClientID win over the first two.
	CredentialWorkloadIdentity CredentialKind = "workload-identity"
	// CredentialClientSecret is a service principal with a secret.
	CredentialClientSecret CredentialKind = "client-secret"
	// CredentialClientCertificate is a service principal with a certificate.
	CredentialClientCertificate CredentialKind = "client-certificate"
	// CredentialDeviceCode is a person who signs in on another device.
	CredentialDeviceCode CredentialKind = "device-code"
)

// credentialKinds are the kinds in the order in which they are explained.
var credentialKinds = []CredentialKind{
	CredentialDefault, CredentialEnvironment, CredentialAzureCLI, CredentialManagedIdentity, CredentialWorkloadIdentity,
	CredentialClientSecret, CredentialClientCertificate, CredentialDeviceCode,
}

// Credential says how tokens are got. What is secret comes by a function,
// called when the first token is needed.
type Credential struct {
	Kind CredentialKind
	// TenantID is the tenant's id or domain. The vault's challenge names the
	// tenant that the token must be from; a credential that is set to another
	// one fails, and the error says so.
	TenantID string
	ClientID string
	// Secret gives the client secret, for CredentialClientSecret only.
	Secret func(context.Context) (string, error)
	// Certificate gives the certificate with its private key, PEM or PKCS#12,
	// and the password of the latter; for CredentialClientCertificate only.
	// Microsoft Entra ID takes RSA keys.
	Certificate func(context.Context) (file []byte, password string, err error)
	// Prompt shows a person where to sign in with which code, for
	// CredentialDeviceCode only; message says both in a sentence. It may return
	// at once, or when the person has seen enough. Its context ends with the
	// sign-in. An error gives the sign-in up.
	Prompt func(ctx context.Context, message, url, code string) error
	// Authority is the https URL of who gives out tokens; "" is that of the
	// vault's cloud, public where that can't be told. Machines and the az
	// command know their own.
	Authority string
}

// check says what is missing.
func (c Credential) check() error {
	switch {
	case c.Kind != "" && !slices.Contains(credentialKinds, c.Kind):
		return fmt.Errorf("credential: kind %q is not known; there are %s", c.Kind, kindNames())
	case c.application() && c.TenantID == "":
		return fmt.Errorf("credential: %s needs a tenant id", c.Kind)
	case c.application() && c.ClientID == "":
		return fmt.Errorf("credential: %s needs a client id", c.Kind)
	case c.Kind == CredentialClientSecret && c.Secret == nil:
		return errors.New("credential: client-secret needs a secret")
	case c.Kind == CredentialClientCertificate && c.Certificate == nil:
		return errors.New("credential: client-certificate needs a certificate")
	case c.Kind == CredentialDeviceCode && c.Prompt == nil:
		return errors.New("credential: device-code needs somebody who is shown the code")
	}
	return nil
}

// application reports whether the credential is a service principal's that is
// configured in full.
func (c Credential) application() bool {
	return c.Kind == CredentialClientSecret || c.Kind == CredentialClientCertificate
}

func kindNames() string {
	names := make([]string, len(credentialKinds))
	for i, k := range credentialKinds {
		names[i] = string(k)
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
