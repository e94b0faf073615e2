package config

import (
	"log/slog"
	"time"
)

// Config is everything a person may set, with the defaults filled in.
type Config struct {
	// Targets are the vaults and CA accounts to watch. Without any, the console
	// starts on its sandbox.
	Targets []Target `yaml:"targets"`
	// ReadOnly lets nothing but reads reach any target. A target may ask for it
	// alone; what a target asks for, nothing lifts.
	ReadOnly bool `yaml:"read_only"`
	// Theme is the set of colours: `dark` and `light` are for text on such a
	// background, `mono` takes none. `auto` goes by the variable COLORFGBG where
	// the terminal sets it (`0;15` is light), else it takes `dark`. All of them
	// are of the terminal's own 16 colours. Where NO_COLOR is set, there are
	// none.
	Theme Theme `yaml:"theme"`
	// ASCII draws with ASCII characters only. Where it is not set, the locale
	// decides.
	ASCII *bool `yaml:"ascii"`
	// Mouse lets the mouse choose rows and scroll. The terminal's own selecting
	// of text then needs the shift key.
	Mouse bool `yaml:"mouse"`
	// Log is how much goes into the log file: `info` takes changes, failures and
	// pauses, `debug` every call besides. No secret stands there either way.
	Log LogLevel `yaml:"log"`
	// Refresh says how often the targets are read.
	Refresh Refresh `yaml:"refresh"`
	// StateDir is the folder of what must not be lost: the journal and the log.
	// It must not lie on a network file system.
	StateDir string `yaml:"state_dir"`
	// CacheDir is the folder of what may be deleted at any time: the last known
	// state of the targets.
	CacheDir string `yaml:"cache_dir"`

	// File is the file that was read, empty where there was none.
	File string `yaml:"-"`
	// Variable is the environment variable that named the only target, empty
	// where the file names the targets.
	Variable string `yaml:"-"`
	// Sandbox is true where the person asked for the sandbox (--sandbox);
	// Targets is empty then.
	Sandbox bool `yaml:"-"`

	// origins says where each setting was set, by its path; Load alone knows.
	origins map[string]Position `yaml:"-"`
	// leftOut are the secret variables of the targets that flags leave out.
	leftOut []string `yaml:"-"`
}

// Theme is a set of colours.
type Theme string

// The themes.
const (
	ThemeAuto  Theme = "auto"
	ThemeDark  Theme = "dark"
	ThemeLight Theme = "light"
	ThemeMono  Theme = "mono"
)

func (Theme) choices() []string {
	return []string{string(ThemeAuto), string(ThemeDark), string(ThemeLight), string(ThemeMono)}
}

// LogLevel is how much goes into the log file.
type LogLevel string

// The levels of the log file.
const (
	LogInfo  LogLevel = "info"
	LogDebug LogLevel = "debug"
)

func (LogLevel) choices() []string { return []string{string(LogInfo), string(LogDebug)} }

// Level is the least grave level of package slog that goes into the log file.
func (l LogLevel) Level() slog.Level {
	if l == LogDebug {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// Refresh says how often the targets are read. A request in progress is read
// as often as the service asks for (Retry-After), whatever is set here.
type Refresh struct {
	// Every is the time between two listings of a target.
	Every time.Duration `yaml:"every"`
	// Marked is how long the answer about a finished request counts for rows
	// that are marked or on the screen.
	Marked time.Duration `yaml:"marked"`
	// Rest is how long it counts for all other rows.
	Rest time.Duration `yaml:"rest"`
	// Deleted is the time between two listings of a target's soft-deleted
	// certificates.
	Deleted time.Duration `yaml:"deleted"`
}

// TargetKind is a kind of service.
type TargetKind string

// The kinds of services.
const (
	// KindVault is an Azure Key Vault.
	KindVault TargetKind = "vault"
	// KindSCM is an account of Sectigo Certificate Manager.
	KindSCM TargetKind = "scm"
)

func (TargetKind) choices() []string { return []string{string(KindVault), string(KindSCM)} }

// Cloud is one of Azure's clouds. It decides which authority gives the tokens.
type Cloud string

// The clouds.
const (
	CloudPublic     Cloud = "public"
	CloudChina      Cloud = "china"
	CloudGovernment Cloud = "government"
)

func (Cloud) choices() []string {
	return []string{string(CloudPublic), string(CloudChina), string(CloudGovernment)}
}

// Target is one vault or one CA account.
type Target struct {
	// Name is what the screen and `--target` call it: lower-case letters,
	// digits and hyphens, unique.
	Name string `yaml:"name"`
	// Kind is the kind of service: `vault` is an Azure Key Vault, `scm` an account
	// of Sectigo Certificate Manager.
	Kind TargetKind `yaml:"kind"`
	// URL is the vault's address, such as `https://contoso.vault.azure.net`; a
	// host of another name is taken with an `authority`, or on loopback. For
	// `scm` it is where the API begins; where it is not set, that is
	// `https://cert-manager.com/api`.
	URL string `yaml:"url"`
	// CustomerURI is the customer's part of the address people sign in at,
	// `https://cert-manager.com/customer/NAME`; for `scm` only.
	CustomerURI string `yaml:"customer_uri"`
	// Credential says who certty is to the service.
	Credential Credential `yaml:"credential"`
	// Cloud is the Azure cloud the vault is in; for `vault` only. Where it is not
	// set, the URL tells it.
	Cloud Cloud `yaml:"cloud"`
	// Authority is the address that gives the tokens, where it is not the
	// cloud's own: `https://login.example.com`; for `vault` only.
	Authority string `yaml:"authority"`
	// CAFile is a PEM file of the authorities to trust for this target, in
	// place of the system's.
	CAFile string `yaml:"ca_file"`
	// Proxy is the proxy for this target: `http://`, `https://` or `socks5://`.
	// Where it is not set, HTTPS_PROXY and NO_PROXY count; HTTPS_PROXY may hold a
	// user and a password, as `http://USER:PASSWORD@HOST:PORT`, signs other than
	// letters and digits as %XX.
	Proxy string `yaml:"proxy"`
	// ProxyUser is who certty is to `proxy`, where that wants a user and a
	// password.
	ProxyUser string `yaml:"proxy_user"`
	// ProxyPassword says where the password of `proxy_user` is. The way to an
	// `http://` or `socks5://` proxy is not encrypted: who can listen there reads
	// it.
	ProxyPassword Secret `yaml:"proxy_password"`
	// APIVersion is the version of Key Vault's REST interface, such as `7.4` or
	// `2025-07-01`; for `vault` only. Where it is not set, the client library's
	// version is used.
	APIVersion string `yaml:"api_version"`
	// VerbOverride is the header in which a PATCH or a DELETE is named that is
	// sent as a POST, for networks that let neither through: `X-HTTP-METHOD`,
	// or `X-HTTP-REQUEST`, as Key Vault's documents also write it; for `vault`
	// only. Where it is not set, the methods are sent as they are.
	VerbOverride string `yaml:"verb_override"`
	// OperationTag puts the tag `certty-op` with a random id on what is created or
	// imported here, and on new versions: where the answer to such a call is lost,
	// the tag proves that it was done. It is off, because it is written into the
	// vault, for everybody to see who may list certificates. A new version takes
	// the tags of the current one along then; for `vault` only.
	OperationTag bool `yaml:"operation_tag"`
	// ReadOnly lets nothing but reads reach this target.
	ReadOnly bool `yaml:"read_only"`
	// KeystorePassword says where the password is that keys made here and their
	// keystores are protected with, for keystores that are made without a person;
	// for `scm` only. Where it is not set, a keystore waits for its password.
	KeystorePassword Secret `yaml:"keystore_password"`
	// Deploy says where the files of certificates go that are ordered from here,
	// where the order says nothing else; for `scm` only.
	Deploy Deploy `yaml:"deploy"`
	// OnIssued is a program and its arguments that runs after the files of an
	// issued certificate were written: without a shell and without a terminal,
	// for at most 5 minutes, with CERTTY_TARGET, CERTTY_ORDER, CERTTY_NAME,
	// CERTTY_SERIAL, CERTTY_CERT, CERTTY_CHAIN, CERTTY_KEYSTORE and
	// CERTTY_KEYSTORE_STATE in its environment; for `scm` only. What it prints
	// goes to the log. An order whose files go nowhere runs nothing.
	OnIssued []string `yaml:"on_issued"`
}

// Deploy says where the files of certificates that are ordered from here go by
// default.
type Deploy struct {
	// Dir is the folder that takes the files; it must exist.
	Dir string `yaml:"dir"`
	// Owner is `user`, `user:group` or `:group`, by names or numbers. Where it is
	// not set, the files belong to who runs certty.
	Owner string `yaml:"owner"`
	// Mode is the mode of files with a key: `0600`, or `0640` so that their group
	// may read them. Certificates are `0644`.
	Mode string `yaml:"mode"`
}

// CredentialKind is a way to sign in.
type CredentialKind string

// The ways to sign in. Those of a vault have the names of Azure's identity
// library.
const (
	// CredentialDefault tries the environment, workload and managed identity
	// and the developer tools, in that order.
	CredentialDefault CredentialKind = "default"
	// CredentialEnvironment takes AZURE_TENANT_ID, AZURE_CLIENT_ID and what
	// belongs to them.
	CredentialEnvironment CredentialKind = "environment"
	// CredentialAzureCLI asks the Azure CLI (az login).
	CredentialAzureCLI CredentialKind = "azure-cli"
	// CredentialManagedIdentity is the identity of the machine, or of the
	// container, that certty runs on.
	CredentialManagedIdentity CredentialKind = "managed-identity"
	// CredentialWorkloadIdentity is the identity of a Kubernetes pod.
	CredentialWorkloadIdentity CredentialKind = "workload-identity"
	// CredentialClientSecret is an application with a client secret.
	CredentialClientSecret CredentialKind = "client-secret"
	// CredentialClientCertificate is an application with a certificate.
	CredentialClientCertificate CredentialKind = "client-certificate"
	// CredentialDeviceCode is a person, who signs in with a browser elsewhere.
	CredentialDeviceCode CredentialKind = "device-code"
	// CredentialPassword is an administrator's login of a CA account.
	CredentialPassword CredentialKind = "password"
	// CredentialClientCredentials is an API key of a CA account (OAuth 2.0 client
	// credentials, RFC 6749 §4.4).
	CredentialClientCredentials CredentialKind = "client-credentials"
)

func (CredentialKind) choices() []string {
	var names []string
	for _, kind := range []TargetKind{KindVault, KindSCM} {
		for _, k := range CredentialKinds(kind) {
			names = append(names, string(k))
		}
	}
	return names
}

// Credential says who certty is to a service.
type Credential struct {
	// Kind is the way to sign in. For a vault: `default` tries the environment, a
	// workload or managed identity and the developer tools, `environment` takes
	// AZURE_CLIENT_ID and what belongs to it, `azure-cli` asks `az`,
	// `managed-identity` and `workload-identity` are those of the machine or the
	// pod, `client-secret` and `client-certificate` are an application's, with
	// `device-code` a person signs in on another device. For `scm`: `password`,
	// which is the default there, is an administrator's login, `client-credentials` an
	// API key.
	Kind CredentialKind `yaml:"kind"`
	// Login is the administrator's, for `password`.
	Login string `yaml:"login"`
	// Tenant is the tenant's id or domain, of a vault. Where it is not set, the
	// vault names its own; `client-secret` and `client-certificate` need it.
	Tenant string `yaml:"tenant"`
	// ClientID is the application's id, for `client-secret`,
	// `client-certificate` and, where it is not the library's own,
	// `device-code`; the identity's id for `workload-identity` and for a
	// `managed-identity` that is not the machine's only one; the API key's id for
	// `client-credentials`.
	ClientID string `yaml:"client_id"`
	// Secret says where the client secret is; for `client-secret` and
	// `client-credentials` only.
	Secret Secret `yaml:"secret"`
	// TokenURL is the address that gives the tokens, for `client-credentials`. Where it
	// is not set, it is Sectigo's own.
	TokenURL string `yaml:"token_url"`
	// Certificate is a file with the application's certificate and private key,
	// PEM or PKCS#12, that only its owner can read (mode 0600 or stricter); for
	// `client-certificate` only.
	Certificate string `yaml:"certificate"`
	// Password says where the password is: the login's for `password`, that of the
	// certificate's file for `client-certificate`; for these only.
	Password Secret `yaml:"password"`
}

// defaults is a configuration in which nobody has set anything.
func defaults(paths Paths) *Config {
	return &Config{
		Theme:    ThemeAuto,
		Log:      LogInfo,
		Refresh:  Refresh{Every: time.Minute, Marked: 10 * time.Minute, Rest: time.Hour, Deleted: 10 * time.Minute},
		StateDir: paths.StateDir,
		CacheDir: paths.CacheDir,
	}
}

// defaultTarget is a target of which nothing is set.
func defaultTarget() Target {
	return Target{Kind: KindVault, Credential: Credential{Kind: CredentialDefault}}
}
