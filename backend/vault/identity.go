package vault

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"software.sslmate.com/src/go-pkcs12"
)

func (c *credential) build(ctx context.Context) (azcore.TokenCredential, error) {
	switch c.set.Kind {
	case CredentialEnvironment:
		return azidentity.NewEnvironmentCredential(&azidentity.EnvironmentCredentialOptions{
			ClientOptions: c.options, DisableInstanceDiscovery: c.trusted,
		})
	case CredentialAzureCLI:
		return azidentity.NewAzureCLICredential(&azidentity.AzureCLICredentialOptions{TenantID: c.set.TenantID})
	case CredentialManagedIdentity:
		return c.buildManagedIdentity()
	case CredentialWorkloadIdentity:
		if err := c.workloadLacks(); err != nil {
			return nil, err
		}
		return azidentity.NewWorkloadIdentityCredential(&azidentity.WorkloadIdentityCredentialOptions{
			ClientOptions: c.options, DisableInstanceDiscovery: c.trusted, TenantID: c.set.TenantID, ClientID: c.set.ClientID,
		})
	case CredentialClientSecret:
		return c.buildClientSecret(ctx)
	case CredentialClientCertificate:
		return c.buildClientCertificate(ctx)
	case CredentialDeviceCode:
		return newSignIn(c)
	default:
		return azidentity.NewDefaultAzureCredential(&azidentity.DefaultAzureCredentialOptions{
			ClientOptions: c.options, DisableInstanceDiscovery: c.trusted, TenantID: c.set.TenantID,
		})
	}
}

// workloadLacks says what is not set that the library needs, in the names that
// stand in the configuration and in a pod.
func (c *credential) workloadLacks() error {
	for _, need := range []struct{ set, setting, variable string }{
		{c.set.ClientID, "the setting client_id nor ", "AZURE_CLIENT_ID"},
		{c.set.TenantID, "the setting tenant nor ", "AZURE_TENANT_ID"},
		{"", "", "AZURE_FEDERATED_TOKEN_FILE"},
	} {
		switch {
		case need.set != "" || os.Getenv(need.variable) != "":
		case need.setting == "":
			return fmt.Errorf("%s is not set: this is no pod with a workload identity", need.variable)
		default:
			return fmt.Errorf("neither %s%s is set, as in a pod with a workload identity", need.setting, need.variable)
		}
	}
	return nil
}

func (c *credential) buildClientSecret(ctx context.Context) (azcore.TokenCredential, error) {
	secret, err := c.set.Secret(ctx)
	if err != nil {
		return nil, fmt.Errorf("the client secret could not be read: %w", err)
	}
	c.hidden = []string{secret}
	return azidentity.NewClientSecretCredential(c.set.TenantID, c.set.ClientID, secret, &azidentity.ClientSecretCredentialOptions{
		ClientOptions: c.options, DisableInstanceDiscovery: c.trusted,
	})
}

func (c *credential) buildClientCertificate(ctx context.Context) (azcore.TokenCredential, error) {
	file, password, err := c.set.Certificate(ctx)
	if err != nil {
		return nil, fmt.Errorf("the client certificate could not be read: %w", err)
	}
	c.hidden = []string{password}
	certs, key, err := parseKeyFile(file, password)
	if err != nil {
		return nil, fmt.Errorf("the client certificate could not be read: %w", err)
	}
	return azidentity.NewClientCertificateCredential(c.set.TenantID, c.set.ClientID, certs, key, &azidentity.ClientCertificateCredentialOptions{
		ClientOptions: c.options, DisableInstanceDiscovery: c.trusted,
	})
}

// parseKeyFile reads a certificate with its private key. The library's own
// reader knows no PKCS#12 file of OpenSSL 3, whose MAC is SHA-256.
func parseKeyFile(file []byte, password string) ([]*x509.Certificate, crypto.PrivateKey, error) {
	if bytes.Contains(file, []byte("-----BEGIN ENCRYPTED")) || bytes.Contains(file, []byte("Proc-Type: 4,ENCRYPTED")) {
		return nil, nil, errors.New("its PEM key is encrypted; put it into a PKCS#12 file")
	}
	if bytes.Contains(file, []byte("-----BEGIN ")) {
		return azidentity.ParseCertificates(file, nil)
	}
	key, leaf, chain, err := pkcs12.DecodeChain(file, password)
	if err != nil {
		return nil, nil, err
	}
	return append([]*x509.Certificate{leaf}, chain...), key, nil
}

// buildManagedIdentity asks the machine, never a proxy: what answers there
// would be the proxy's identity.
func (c *credential) buildManagedIdentity() (azcore.TokenCredential, error) {
	client := newClient(Options{Proxy: func(*http.Request) (*url.URL, error) { return nil, nil }})
	if os.Getenv("IDENTITY_SERVER_THUMBPRINT") != "" {
		// Service Fabric: the library pins the certificate, which it can do with
		// a plain transport only.
		if r, ok := client.Transport.(recorder); ok {
			client.Transport = r.next
		}
	}
	o := &azidentity.ManagedIdentityCredentialOptions{ClientOptions: azcore.ClientOptions{Transport: client, Retry: c.options.Retry}}
	if c.set.ClientID != "" {
		o.ID = azidentity.ClientID(c.set.ClientID)
	}
	return azidentity.NewManagedIdentityCredential(o)
}
