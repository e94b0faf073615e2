package vault

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azcertificates"

	"certty/backend"
	"certty/model"
)

// Import brings a certificate with its private key into the vault (Key Vault
// REST, "Import Certificate"): a new one, or a new version. The page is the
// certificate as the service answers.
func (v *Vault) Import(ctx context.Context, spec model.ImportSpec) (backend.Change, error) {
	c := call{op: opImport, ref: v.certificateRef(spec.Name), want: http.StatusOK, changes: true}
	if err := v.checkImport(spec); err != nil {
		return backend.Change{}, invalid(c, err.Error())
	}
	if err := v.refusePending(ctx, c); err != nil {
		return backend.Change{}, err
	}
	spec.Tags = operationTags(ctx, spec.Tags)
	b, a, err := v.doBundle(ctx, c, func(ctx context.Context) error {
		_, err := v.client.ImportCertificate(ctx, spec.Name, importParameters(spec), nil)
		return err
	})
	if err != nil {
		return backend.Change{}, withoutSecrets(err, spec)
	}
	return backend.Change{Page: v.certificatePage(spec.Name, b, a), ServiceRequestID: a.serviceID()}, nil
}

// maxPassword is the longest password that Key Vault takes ("About Azure Key
// Vault certificates").
const maxPassword = 200

func (v *Vault) checkImport(spec model.ImportSpec) error {
	if err := model.CheckName(spec.Name); err != nil {
		return fmt.Errorf("name: %w", err)
	}
	switch {
	case len(spec.Data) == 0:
		return errors.New("there is nothing to import")
	case spec.Format != model.ImportPFX && spec.Format != model.ImportPEM:
		return fmt.Errorf("form: Key Vault imports %s and %s", model.ImportPFX, model.ImportPEM)
	case len(spec.Password) > maxPassword:
		return fmt.Errorf("password: at most %d characters", maxPassword)
	}
	return v.checkOrder(spec.PreserveCertOrder)
}

func importParameters(spec model.ImportSpec) azcertificates.ImportCertificateParameters {
	value := string(spec.Data)
	if spec.Format == model.ImportPFX {
		value = base64.StdEncoding.EncodeToString(spec.Data)
	}
	p := azcertificates.ImportCertificateParameters{
		Base64EncodedCertificate: &value,
		Password:                 optional(spec.Password),
		Tags:                     optionalTags(spec.Tags),
		PreserveCertOrder:        spec.PreserveCertOrder,
		CertificatePolicy: &azcertificates.CertificatePolicy{
			// Without it the service takes PEM for a broken PKCS#12 file.
			SecretProperties: &azcertificates.SecretProperties{ContentType: new(string(spec.Format))},
		},
	}
	if spec.Enabled != nil {
		p.CertificateAttributes = &azcertificates.CertificateAttributes{Enabled: spec.Enabled}
	}
	if spec.Exportable != nil {
		p.CertificatePolicy.KeyProperties = &azcertificates.KeyProperties{Exportable: spec.Exportable}
	}
	return p
}

// withoutSecrets drops the service's message where it repeats what must not be
// shown. A password of less than four characters can't be told from a word of
// the message.
func withoutSecrets(err error, spec model.ImportSpec) error {
	var e *backend.Error
	if !errors.As(err, &e) {
		return err
	}
	repeats := func(s string) bool {
		return len(spec.Password) > 3 && strings.Contains(s, spec.Password) || strings.Contains(s, "PRIVATE KEY")
	}
	if repeats(e.Message) || repeats(e.Code) {
		e.Code, e.Message = "", "the answer is not shown, because it repeats what was imported"
	}
	return e
}
