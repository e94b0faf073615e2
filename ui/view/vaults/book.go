package vaults

import (
	"context"

	"certty/backend"
)

// Kind is a kind of target, as the configuration calls it.
type Kind string

// The kinds of targets that can be added.
const (
	KindVault Kind = "vault"
	// KindAccount is an account of Sectigo Certificate Manager.
	KindAccount Kind = "scm"
)

// Field names a setting of a target, by its path in the configuration.
type Field string

// The settings that the form asks for.
const (
	FieldAddress       Field = "url"
	FieldName          Field = "name"
	FieldCloud         Field = "cloud"
	FieldReadOnly      Field = "read_only"
	FieldCredential    Field = "credential.kind" //nolint:gosec // a name
	FieldTenant        Field = "credential.tenant"
	FieldClientID      Field = "credential.client_id"
	FieldSecret        Field = "credential.secret" //nolint:gosec // a name
	FieldCertificate   Field = "credential.certificate"
	FieldPassword      Field = "credential.password" //nolint:gosec // a name
	FieldProxy         Field = "proxy"
	FieldProxyUser     Field = "proxy_user"
	FieldProxyPassword Field = "proxy_password"
	FieldCAFile        Field = "ca_file"
	FieldAuthority     Field = "authority"
	FieldAPIVersion    Field = "api_version"
	FieldVerbOverride  Field = "verb_override"
	// The rest is an account's.
	FieldCustomerURI Field = "customer_uri"
	FieldLogin       Field = "credential.login"
	FieldTokenURL    Field = "credential.token_url" //nolint:gosec // a name
)

// The places a secret can be in.
const (
	PlaceFile    = "file"
	PlaceEnv     = "env"
	PlaceCommand = "command"
)

// Place says where a secret is; it never holds the secret.
type Place struct {
	// Kind is one of the places above.
	Kind string
	// Text is the file's path, the variable's name, or a program and its
	// arguments with blanks between them; "" where no place was given.
	Text string
}

// Draft is a target as a person typed it. What is "" was not typed.
type Draft struct {
	Kind Kind
	// Address is a URL or a vault's bare name; of an account, where its API
	// begins or the address people sign in at.
	Address    string
	Name       string
	Cloud      string
	ReadOnly   bool
	Credential string
	Tenant     string
	ClientID   string
	Secret     Place
	// Certificate is the path of a file.
	Certificate string
	Password    Place
	Proxy       string
	// ProxyUser and ProxyPassword are for Proxy.
	ProxyUser     string
	ProxyPassword Place
	CAFile        string
	Authority     string
	APIVersion    string
	VerbOverride  string
	// The rest is an account's; Secret is its API key's, Password its login's.
	CustomerURI string
	Login       string
	TokenURL    string
}

// Found is what a test found.
type Found struct {
	// Findings say of an account how each thing stands that orders need; empty
	// for a vault, of which the rest tells.
	Findings []backend.Finding
	// Certificates is how many stood on the first page of the list.
	Certificates int
	// More is true when further pages follow.
	More bool
}

// Entry is a target that is about to be written into the configuration.
type Entry interface {
	// File is where it will be written.
	File() string
	// Diff shows the lines that change, " ", "-" or "+" before each.
	Diff() string
	// Caution is what the person should know before; "" when there is nothing.
	Caution() string
	// Save writes it. Where the running console can take the target in, it does,
	// and joined is true.
	Save() (joined bool, err error)
}

// Book knows the configuration and the services. What takes a context does I/O
// and is called in commands only.
type Book interface {
	// Address gives the URL that a typed name or address stands for, the cloud
	// that it tells, and a name for the target; each "" where it can't be told.
	Address(typed, cloud string) (url, known, name string)
	// Account takes the address of an account apart: where its API begins, the
	// customer URI where the address tells it, and a name for the target; each ""
	// where it can't be told.
	Account(typed string) (api, customerURI, name string)
	// Clouds and Credentials list what can be chosen, the usual one first.
	Clouds() []string
	Credentials(kind Kind) []string
	// Uses reports whether a kind of credential has use for a setting.
	Uses(credential string, f Field) bool
	// Check says what is wrong, by field; nothing where all is right.
	Check(d Draft) map[Field]string
	// Test lists a vault's certificates up to the first page, or looks at what
	// orders need of an account, as configured in d. Its error is one that
	// backend.AdviceFor explains.
	Test(ctx context.Context, d Draft) (Found, error)
	// Prepare reads the configuration and says what would be written.
	Prepare(ctx context.Context, d Draft) (Entry, error)
	// Restart says how to start certty so that it shows what was added; "" where
	// the running console takes targets in.
	Restart() string
}
