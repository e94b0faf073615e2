package vaults

import (
	"certty/ui/widget/form"
)

// The ids of what is on the form and no setting of its own.
const (
	placeOf  = "-place" // behind a secret's field: which kind of place it is in
	sections = "network"
)

// kindWords explain the kinds of credentials.
var kindWords = map[string]string{ //nolint:gosec // words, no secrets
	"default":            "what the machine offers: environment, workload or managed identity, then the developer tools (az and others)",
	"environment":        "AZURE_TENANT_ID, AZURE_CLIENT_ID and what belongs to them, from certty's environment",
	"azure-cli":          "whoever is signed in with az login",
	"managed-identity":   "the identity of this machine; a client id only where it has several",
	"workload-identity":  "the identity of this Kubernetes pod",
	"client-secret":      "an application with a secret",
	"client-certificate": "an application with a certificate and its private key",
	"device-code":        "you sign in with a browser, here or on another device; the code is shown on this screen",
	"password":           "the login and password of an administrator who may use the API",
	"client-credentials": "an API key of the account: client id and client secret (OAuth 2.0)",
}

// placeWords say what belongs into a secret's field.
var placeWords = map[string]string{
	PlaceFile:    "the path of a file that only you can read (mode 0600)",
	PlaceEnv:     "the name of an environment variable",
	PlaceCommand: "a program and its arguments, blanks between them; it prints the secret (a keyring: secret-tool lookup ...)",
}

// fields are the questions about a target of a kind.
func fields(b Book, kind Kind) []form.Field {
	uses := func(f Field) func(func(string) string) bool {
		return func(value func(string) string) bool { return b.Uses(value(string(FieldCredential)), f) }
	}
	if kind == KindAccount {
		return accountFields(b, uses)
	}
	return vaultFields(b, uses)
}

// shown makes a condition of a field from the setting that it is for.
type shown func(Field) func(func(string) string) bool

func vaultFields(b Book, uses shown) []form.Field {
	out := []form.Field{
		{ID: string(FieldAddress), Label: "Vault", Hint: "its name or its address: contoso, or https://contoso.vault.azure.net (.azure.cn, .usgovcloudapi.net)",
			Note: func(value func(string) string) string { return addressNote(b, value) }},
		{ID: string(FieldCloud), Label: "Cloud", Options: b.Clouds(), Hint: "left and right choose",
			Show: func(value func(string) string) bool { return cloudIsOpen(b, value) }},
		{ID: string(FieldName), Label: "Name", Hint: "what certty calls it: lower-case letters, digits and hyphens",
			Suggest: func(value func(string) string) string {
				_, _, name := b.Address(value(string(FieldAddress)), value(string(FieldCloud)))
				return name
			}},
		{ID: string(FieldCredential), Label: "Credential", Options: b.Credentials(KindVault), Hint: "left and right choose who certty is to the vault",
			Note: func(value func(string) string) string { return kindWords[value(string(FieldCredential))] }},
		{ID: string(FieldTenant), Label: "Tenant", Hint: "its id or domain, such as contoso.onmicrosoft.com", Show: uses(FieldTenant)},
		{ID: string(FieldClientID), Label: "Client id", Hint: "the application's id, such as 01234567-89ab-cdef-0123-456789abcdef", Show: uses(FieldClientID)},
	}
	out = append(out, secretFields(FieldSecret, "Secret", uses(FieldSecret))...)
	out = append(out, form.Field{ID: string(FieldCertificate), Label: "Certificate", Show: uses(FieldCertificate),
		Hint: "a PEM or PKCS#12 file with certificate and private key, which only you can read (mode 0600)"})
	out = append(out, secretFields(FieldPassword, "Password", uses(FieldPassword))...)
	out = append(out,
		form.Field{ID: string(FieldReadOnly), Label: "Read-only", Kind: form.Toggle, Hint: "yes: nothing but reads reaches this vault, whatever is pressed"},
		form.Field{ID: sections, Label: "Network and protocol", Kind: form.Section})
	out = append(out, proxyFields()...)
	return append(out,
		form.Field{ID: string(FieldCAFile), In: sections, Label: "CA file", Hint: "PEM; trusted in place of the system's authorities, where a proxy or a private vault needs it"},
		form.Field{ID: string(FieldAuthority), In: sections, Label: "Authority", Hint: "who gives the tokens, where it is not the cloud's own: https://login.example.com"},
		form.Field{ID: string(FieldAPIVersion), In: sections, Label: "API version", Hint: "such as 7.4 or 2025-07-01; empty: the library's own"},
		form.Field{ID: string(FieldVerbOverride), In: sections, Label: "Verb override", Hint: "X-HTTP-METHOD, or X-HTTP-REQUEST, where the network lets neither PATCH nor DELETE through; empty: they are sent as they are"},
	)
}

// proxyFields ask for the proxy, and where one is named, who certty is to it.
func proxyFields() []form.Field {
	named := func(value func(string) string) bool { return value(string(FieldProxy)) != "" }
	out := []form.Field{
		{ID: string(FieldProxy), Label: "Proxy", Hint: "http://host:port, https:// or socks5://; empty: HTTPS_PROXY and NO_PROXY count"},
		{ID: string(FieldProxyUser), Label: "Proxy user", Hint: "who certty is to the proxy; empty: the proxy wants no user", Show: named},
	}
	out = append(out, secretFields(FieldProxyPassword, "Proxy password", func(value func(string) string) bool {
		return named(value) && value(string(FieldProxyUser)) != ""
	})...)
	for i := range out {
		out[i].In = sections
	}
	return out
}

// secretFields ask where a secret is. The secret itself is never asked for: it
// would end in the configuration.
func secretFields(f Field, label string, show func(func(string) string) bool) []form.Field {
	place := string(f) + placeOf
	return []form.Field{
		{ID: place, Label: label + " is in a", Options: []string{PlaceFile, PlaceEnv, PlaceCommand}, Show: show,
			Hint: "left and right choose; the secret itself is never written into the configuration"},
		{ID: string(f), Label: "  which is", Show: show,
			Note: func(value func(string) string) string { return placeWords[value(place)] }},
	}
}

// cloudIsOpen is true when the address does not tell the cloud by itself.
func cloudIsOpen(b Book, value func(string) string) bool {
	typed := value(string(FieldAddress))
	_, known, _ := b.Address(typed, "")
	return typed != "" && known == ""
}

func addressNote(b Book, value func(string) string) string {
	typed := value(string(FieldAddress))
	if url, _, _ := b.Address(typed, value(string(FieldCloud))); url != "" && url != typed {
		return url
	}
	return ""
}

// draft is what the form of a kind says.
func draft(kind Kind, value form.Values) Draft {
	get := func(f Field) string { return value(string(f)) }
	place := func(f Field) Place { return Place{Kind: value(string(f) + placeOf), Text: get(f)} }
	return Draft{
		Kind: kind, Address: get(FieldAddress), Name: get(FieldName), Cloud: get(FieldCloud), ReadOnly: get(FieldReadOnly) == form.Yes,
		Credential: get(FieldCredential), Tenant: get(FieldTenant), ClientID: get(FieldClientID),
		Secret: place(FieldSecret), Certificate: get(FieldCertificate), Password: place(FieldPassword),
		Proxy: get(FieldProxy), ProxyUser: get(FieldProxyUser), ProxyPassword: place(FieldProxyPassword), CAFile: get(FieldCAFile), Authority: get(FieldAuthority),
		APIVersion: get(FieldAPIVersion), VerbOverride: get(FieldVerbOverride),
		CustomerURI: get(FieldCustomerURI), Login: get(FieldLogin), TokenURL: get(FieldTokenURL),
	}
}
