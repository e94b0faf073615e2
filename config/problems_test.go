package config

import (
	"strings"
	"testing"
)

// target is a file with one target that is right but for the given lines.
func target(lines ...string) string {
	return "targets:\n  - name: a\n    url: https://contoso.vault.azure.net\n    " + strings.Join(lines, "\n    ") + "\n"
}

// credential is the same for a client secret's credential.
func credential(lines ...string) string {
	return target(append([]string{"credential:"}, indent(lines)...)...)
}

func indent(lines []string) []string {
	for i := range lines {
		lines[i] = "  " + lines[i]
	}
	return lines
}

// TestProblems is every message there is, with its line and column.
func TestProblems(t *testing.T) {
	for _, tc := range []struct {
		name, data string
		want       []string
	}{
		// YAML
		{"no YAML", "a: b: c\n", []string{
			"1:4: not YAML: mapping value is not allowed in this context"}},
		{"unclosed", "theme: dark\ntargets: [1,\n", []string{
			"2:10: not YAML: sequence end token ']' not found"}},
		{"not UTF-8", "theme: dark\n# caf\xe9\n", []string{
			"2:1: the line is not UTF-8, save the file as UTF-8"}},
		{"too long", strings.Repeat("#", maxFile+1), []string{
			"1:1: the file has 262145 bytes, at most 262144 are read"}},
		{"too deep", "targets: " + strings.Repeat("[", 17), []string{
			"1:26: nested too deep, no setting is more than three levels deep"}},
		{"too deep in blocks", strings.Repeat("- ", 70), []string{
			"1:129: nested too deep, no setting is more than three levels deep"}},
		{"two documents", "theme: dark\n---\ntheme: mono\n", []string{
			"2:1: a second document (---) starts here, a configuration is one document"}},
		{"tag", "theme: !!str dark\n", []string{
			`1:8: theme: tags such as "!!str" are not taken, write the value alone`}},
		{"alias of nothing", "theme: *x\n", []string{
			`1:8: theme: nothing above is named "&x"`}},
		{"alias of itself", "targets: &x [*x]\n", []string{
			"1:13: targets[0]: a list where settings are expected (name, kind, url, customer_uri, credential, cloud, authority, ca_file, proxy, proxy_user, proxy_password, api_version, verb_override, operation_tag, read_only, keystore_password, deploy, on_issued)"}},
		// keys and types
		{"unknown", "them: dark\nfoo: 1\n", []string{
			"1:1: them: unknown setting, allowed are targets, read_only, theme, ascii, mouse, log, refresh, state_dir, cache_dir, did you mean theme?",
			"2:1: foo: unknown setting, allowed are targets, read_only, theme, ascii, mouse, log, refresh, state_dir, cache_dir"}},
		{"unknown, so not missing", "targets:\n  - name: a\n    ulr: https://x.vault.azure.net\n", []string{
			"3:5: targets[0].ulr: unknown setting, allowed are name, kind, url, customer_uri, credential, cloud, authority, ca_file, proxy, proxy_user, proxy_password, api_version, verb_override, operation_tag, read_only, keystore_password, deploy, on_issued, did you mean url?"}},
		{"not a name", "1: 2\n", []string{
			`1:1: 1: "1" is no setting, allowed are targets, read_only, theme, ascii, mouse, log, refresh, state_dir, cache_dir`}},
		{"merge key", "<<: {theme: dark}\n", []string{
			`1:1: <<: "<<" is no setting, allowed are targets, read_only, theme, ascii, mouse, log, refresh, state_dir, cache_dir`}},
		{"unprintable name", "\"a\\nb\": 2\n", []string{
			`1:1: "a\nb": unknown setting, allowed are targets, read_only, theme, ascii, mouse, log, refresh, state_dir, cache_dir`}},
		{"twice", "theme: dark\nascii: true\ntheme: mono\n", []string{
			"3:1: theme: set a second time, line 1 sets it already"}},
		{"text for the file", "hello\n", []string{
			"1:1: text where settings are expected (targets, read_only, theme, ascii, mouse, log, refresh, state_dir, cache_dir)"}},
		{"text for a list", "targets: a\n", []string{
			`1:10: targets: text where a list is expected: start each entry with "- "`}},
		{"group for a list", "targets:\n  name: a\n", []string{
			`2:3: targets: a group of settings where a list is expected: start each entry with "- "`}},
		{"text for a group", "targets: [a]\n", []string{
			"1:11: targets[0]: text where settings are expected (name, kind, url, customer_uri, credential, cloud, authority, ca_file, proxy, proxy_user, proxy_password, api_version, verb_override, operation_tag, read_only, keystore_password, deploy, on_issued)"}},
		{"text for a switch", "ascii: yes\nread_only: \"true\"\n", []string{
			"1:8: ascii: text where true or false is expected",
			"2:12: read_only: text where true or false is expected"}},
		{"number for a switch", "ascii: 1\n", []string{
			"1:8: ascii: a number where true or false is expected"}},
		{"switch for a text", "state_dir: true\n", []string{
			"1:12: state_dir: true or false where text is expected"}},
		{"list for a text", "state_dir: [/x]\n", []string{
			"1:12: state_dir: a list where text is expected"}},
		{"wrong word", "theme: drak\n", []string{
			`1:8: theme: "drak" is not known, allowed are auto, dark, light, mono, did you mean dark?`}},
		{"far from any word", "theme: solarized\n", []string{
			`1:8: theme: "solarized" is not known, allowed are auto, dark, light, mono`}},
		// durations
		{"no unit", "refresh: {every: 60}\n", []string{
			`1:18: refresh.every: "60" is no duration: write a number and a unit, such as 90s, 10m or 1h30m`}},
		{"no duration", "refresh:\n  every: often\n", []string{
			`2:10: refresh.every: "often" is no duration: write a number and a unit, such as 90s, 10m or 1h30m`}},
		{"list for a duration", "refresh:\n  every: []\n", []string{
			"2:10: refresh.every: a list where a duration is expected: write a number and a unit, such as 90s, 10m or 1h30m"}},
		{"out of range", "refresh: {every: 1s, marked: 1ms, rest: 9999h}\n", []string{
			"1:18: refresh.every: 1s is out of range, allowed is 5s to 24h",
			"1:30: refresh.marked: 1ms is out of range, allowed is 30s to 168h",
			"1:41: refresh.rest: 9999h0m0s is out of range, allowed is 1m to 720h"}},
		{"the wrong way round", "refresh:\n  marked: 2h\n", []string{
			"1:1: refresh.rest: 1h is shorter than refresh.marked (2h): rows nobody looks at are not read more often than those on the screen"}},
		// targets
		{"no name, no url", "targets:\n  - {}\n", []string{
			"2:5: targets[0].name: a target needs a name: lower-case letters, digits and hyphens",
			"2:5: targets[0].url: a vault needs its address, such as https://contoso.vault.azure.net"}},
		{"wrong name", "targets:\n  - name: Prod EU\n    url: https://x-y.vault.azure.net\n", []string{
			`2:11: targets[0].name: "Prod EU" can't be a name: lower-case letters, digits and hyphens, at most 63, did you mean prod-eu?`}},
		{"wrong name beyond help", "targets:\n  - name: ☃\n    url: https://x-y.vault.azure.net\n", []string{
			`2:11: targets[0].name: "☃" can't be a name: lower-case letters, digits and hyphens, at most 63`}},
		{"one name twice", target() + "  - name: a\n    url: https://fabrikam.vault.azure.net\n", []string{
			`5:11: targets[1].name: "a" is the name of another target (line 2), names are unique`}},
		{"wrong kind", target("kind: valt"), []string{
			`4:11: targets[0].kind: "valt" is not known, allowed are vault, scm, did you mean vault?`}},
		{"wrong cloud", target("cloud: china"), []string{
			"4:12: targets[0].cloud: china contradicts the address, which is in the cloud public: leave it out"}},
		{"wrong version", target("api_version: latest"), []string{
			`4:18: targets[0].api_version: "latest" is no version, it looks like 7.4 or 2025-07-01`}},
		{"wrong header", target("verb_override: Host"), []string{
			`4:20: targets[0].verb_override: "Host" is not the name of such a header: X-HTTP-METHOD or X-HTTP-REQUEST`}},
		{"wrong authority", target("authority: login.microsoftonline.com"), []string{
			`4:16: targets[0].authority: "login.microsoftonline.com" has no scheme, did you mean https://login.microsoftonline.com?`}},
		{"authority with a tenant", target("authority: https://login.microsoftonline.com/contoso"), []string{
			"4:16: targets[0].authority: the address goes no further than the host: https://login.microsoftonline.com"}},
		{"wrong proxy", target("proxy: proxy:8080"), []string{
			"4:12: targets[0].proxy: no proxy can be read from it, it looks like http://host:port; allowed are http, https, socks5"}},
		{"proxy with a password", target("proxy: http://me:hunter2@proxy:8080"), []string{
			"4:12: targets[0].proxy: an address holds no user and password: proxy_user names the user, proxy_password says where the password is"}},
		{"proxy's user without a proxy", target("proxy_user: me\n    proxy_password: {env: P}"), []string{
			"4:17: targets[0].proxy_user: proxy_user belongs to proxy, which is not set",
			"5:5: targets[0].proxy_password: proxy_password belongs to proxy, which is not set"}},
		{"proxy's user without a password", target("proxy: http://proxy\n    proxy_user: me"), []string{
			`2:5: targets[0].proxy_password: "me" has no password: say where it is`}},
		{"proxy's password without a user", target("proxy: http://proxy\n    proxy_password: {env: P}"), []string{
			"2:5: targets[0].proxy_user: a password needs a user, name it"}},
		{"proxy's password itself", target("proxy: http://proxy\n    proxy_user: me\n    proxy_password: hunter2"), []string{
			"6:21: targets[0].proxy_password: a secret is never written here: say where it is, with one of env, file, command"}},
		{"proxy's user with a password", target("proxy: http://proxy\n    proxy_user: me:hunter2\n    proxy_password: {env: P}"), []string{
			"5:17: targets[0].proxy_user: a user has no colon; the password is not written here, proxy_password says where it is"}},
		{"proxy's user too long", target("proxy: socks5://proxy\n    proxy_user: " + strings.Repeat("é", 128) + "\n    proxy_password: {env: P}"), []string{
			"5:17: targets[0].proxy_user: longer than the 255 bytes that a proxy takes"}},
		{"proxy's user with a line end", target("proxy: socks5://proxy\n    proxy_user: \"a\\nb\"\n    proxy_password: {env: P}"), []string{
			"5:17: targets[0].proxy_user: not a user: printable characters on one line"}},
		// credentials
		{"credential is text", target("credential: default"), []string{
			"4:17: targets[0].credential: text where settings are expected (kind, login, tenant, client_id, secret, token_url, certificate, password)"}},
		{"wrong credential", credential("kind: azurecli"), []string{
			`5:13: targets[0].credential.kind: "azurecli" is not known, allowed are default, environment, azure-cli, managed-identity, workload-identity, client-secret, client-certificate, device-code, password, client-credentials, did you mean azure-cli?`}},
		{"client secret without anything", credential("kind: client-secret"), []string{
			"4:5: targets[0].credential.tenant: client-secret needs the tenant's id or domain",
			"4:5: targets[0].credential.client_id: client-secret needs the application's id",
			"4:5: targets[0].credential.secret: client-secret needs a secret: say where it is, with one of env, file, command"}},
		{"wrong tenant and client", credential("kind: client-secret", "tenant: a b", "client_id: hunter2", "secret: {env: S}"), []string{
			`6:15: targets[0].credential.tenant: "a b" is no tenant, it is an id or a domain`,
			"7:18: targets[0].credential.client_id: not an application's id, it looks like 01234567-89ab-cdef-0123-456789abcdef"}},
		{"unused with azure-cli", credential("kind: azure-cli", "client_id: x", "secret: {env: S}"), []string{
			"6:18: targets[0].credential.client_id: client_id is not used by azure-cli, only by managed-identity, workload-identity, client-secret, client-certificate, device-code",
			"7:7: targets[0].credential.secret: secret is not used by azure-cli, only by client-secret"}},
		{"unused with a client certificate", credential("kind: client-certificate", "tenant: t", "client_id: 01234567-89ab-cdef-0123-456789abcdef", "certificate: c.pfx", "secret: {env: S}"), []string{
			"9:7: targets[0].credential.secret: secret is not used by client-certificate, only by client-secret"}},
		{"client certificate without one", credential("kind: client-certificate", "tenant: t", "client_id: 01234567-89ab-cdef-0123-456789abcdef", "password: hunter2"), []string{
			"4:5: targets[0].credential.certificate: client-certificate needs a certificate: name its file",
			"8:17: targets[0].credential.password: a secret is never written here: say where it is, with one of env, file, command"}},
		{"unused with a managed identity", credential("kind: managed-identity", "tenant: x"), []string{
			"6:15: targets[0].credential.tenant: tenant is not used by managed-identity, only by default, azure-cli, workload-identity, client-secret, client-certificate, device-code"}},
		{"unused with environment", credential("kind: environment", "tenant: x"), []string{
			"6:15: targets[0].credential.tenant: tenant is not used by environment, which takes it from the environment"}},
		// secrets
		{"secret written out", credential("kind: client-secret", "tenant: t", "client_id: 01234567-89ab-cdef-0123-456789abcdef", "secret: hunter2"), []string{
			"8:15: targets[0].credential.secret: a secret is never written here: say where it is, with one of env, file, command"}},
		{"secret in a list", credential("secret: [hunter2]"), []string{
			"5:15: targets[0].credential.secret: a secret is never written here: say where it is, with one of env, file, command"}},
		{"secret under a name of its own", credential("client_secret: hunter2"), []string{
			"5:7: targets[0].credential.client_secret: unknown setting, allowed are kind, login, tenant, client_id, secret, token_url, certificate, password"}},
		{"secret as a value", credential("secret: {value: hunter2}"), []string{
			"5:16: targets[0].credential.secret.value: unknown setting, allowed are env, file, command"}},
		{"secret in place of the variable's name", credential("kind: client-secret", "tenant: t", "client_id: 01234567-89ab-cdef-0123-456789abcdef", "secret: {env: hunter-2}"), []string{
			"8:21: targets[0].credential.secret.env: not the name of an environment variable: letters, digits and underscores"}},
		{"secret in two places", credential("kind: client-secret", "tenant: t", "client_id: 01234567-89ab-cdef-0123-456789abcdef", "secret: {file: x, env: S}"), []string{
			"8:7: targets[0].credential.secret: a secret is in one place, here are 2 (env, file)"}},
		{"command in one text", credential("secret: {command: pass show x}"), []string{
			`5:25: targets[0].credential.secret.command: text where a list is expected: start each entry with "- "`}},
		{"command without a name", credential("kind: client-secret", "tenant: t", "client_id: 01234567-89ab-cdef-0123-456789abcdef", "secret: {command: [\"\"]}"), []string{
			"8:16: targets[0].credential.secret.command: the command has no name, it is a list of the program and its arguments"}},
		// everything at once
		{"many", "theme: x\ntargets:\n  - name: a\n    url: 12\n  - name: a\n", []string{
			`1:8: theme: "x" is not known, allowed are auto, dark, light, mono`,
			`4:10: targets[0].url: "12" is no address, it starts with https://`,
			"5:5: targets[1].url: a vault needs its address, such as https://contoso.vault.azure.net",
			`5:11: targets[1].name: "a" is the name of another target (line 3), names are unique`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Parse("/c.yaml", []byte(tc.data))
			if err == nil {
				t.Fatal("no problem was found")
			}
			want := "/c.yaml:" + strings.Join(tc.want, "\n/c.yaml:")
			if got := err.Error(); got != want {
				t.Errorf("file:\n%s\ngot:\n%s\nwant:\n%s", tc.data, got, want)
			}
			if strings.Contains(err.Error(), "hunter") {
				t.Errorf("the message repeats a secret: %v", err)
			}
		})
	}
}

func TestVaultURL(t *testing.T) {
	for _, tc := range []struct {
		raw       string
		authority bool
		address   string
		cloud     Cloud
		problem   string
	}{
		{raw: "https://contoso.vault.azure.net", address: "https://contoso.vault.azure.net", cloud: CloudPublic},
		{raw: "https://CONTOSO.vault.azure.net:443/", address: "https://contoso.vault.azure.net", cloud: CloudPublic},
		{raw: "https://c-1.vault.azure.cn", address: "https://c-1.vault.azure.cn", cloud: CloudChina},
		{raw: "https://c-1.vault.usgovcloudapi.net", address: "https://c-1.vault.usgovcloudapi.net", cloud: CloudGovernment},
		{raw: "https://localhost:8443", address: "https://localhost:8443"},
		{raw: "https://127.1.2.3:1", address: "https://127.1.2.3:1"},
		{raw: "https://[::1]:8443", address: "https://[::1]:8443"},
		{raw: "https://[::1]", address: "https://[::1]"},
		{raw: "https://vault.example.com", authority: true, address: "https://vault.example.com"},
		{raw: "contoso", problem: `"contoso" is no address, did you mean https://contoso.vault.azure.net?`},
		{raw: "contoso.vault.azure.net", problem: `"contoso.vault.azure.net" has no scheme, did you mean https://contoso.vault.azure.net?`},
		{raw: "contoso.vault.azure.net:443", problem: `"contoso.vault.azure.net:443" has no scheme, did you mean https://contoso.vault.azure.net:443?`},
		{raw: "http://contoso.vault.azure.net", problem: `"http://" is not taken, it must be https://`},
		{raw: "https://contoso.vault.azure.net/certificates/web", problem: "the address goes no further than the host: https://contoso.vault.azure.net"},
		{raw: "https://contoso.vault.azure.net?x=1", problem: "the address goes no further than the host: https://contoso.vault.azure.net"},
		{raw: "https://me:hunter2@contoso.vault.azure.net", problem: "an address holds no user and password"},
		{raw: "https://contoso.managedhsm.azure.net", problem: "contoso.managedhsm.azure.net is a Managed HSM: it holds keys, but no certificates and no certificate requests"},
		{raw: "https://contoso.managedhsm.azure.net", authority: true, problem: "contoso.managedhsm.azure.net is a Managed HSM: it holds keys, but no certificates and no certificate requests"},
		{raw: "https://contoso.managedhsm.usgovcloudapi.net", problem: "contoso.managedhsm.usgovcloudapi.net is a Managed HSM: it holds keys, but no certificates and no certificate requests"},
		{raw: "https://contoso.privatelink.vaultcore.azure.net", problem: "contoso.privatelink.vaultcore.azure.net is the vault's name inside DNS only: write https://contoso.vault.azure.net, which leads through the private link by itself"},
		{raw: "https://vault.example.com", problem: `"vault.example.com" is no vault's host: it ends in .vault.azure.net, .vault.azure.cn, .vault.usgovcloudapi.net; for another host set authority as well`},
		{raw: "https://a.b.vault.azure.net", problem: `"a.b" is no vault's name: 3 to 24 letters, digits and hyphens`},
		{raw: "https://x.vault.azure.net", problem: `"x" is no vault's name: 3 to 24 letters, digits and hyphens`},
		{raw: "https://contoso.vault.azure.net.evil.example", problem: `"contoso.vault.azure.net.evil.example" is no vault's host: it ends in .vault.azure.net, .vault.azure.cn, .vault.usgovcloudapi.net; for another host set authority as well`},
		{raw: "https://", problem: "no address can be read from it, it looks like https://host"},
		{raw: "https://me:hunter2@[x", problem: "no address can be read from it, it looks like https://host"},
		{raw: "https://a_b\"c", problem: `"a_b\"c" is no host's name`},
		{raw: "mailto:x", problem: `"mailto:x" is no address, it starts with https://`},
	} {
		got, problem := parseVaultURL(tc.raw, tc.authority)
		if problem != tc.problem {
			t.Errorf("%s: problem %q, want %q", tc.raw, problem, tc.problem)
			continue
		}
		if problem == "" && (got.address != tc.address || got.cloud != tc.cloud) {
			t.Errorf("%s: %s in cloud %q, want %s in %q", tc.raw, got.address, got.cloud, tc.address, tc.cloud)
		}
	}
}

func TestNearest(t *testing.T) {
	words := []string{"targets", "theme", "url", "api_version"}
	for given, want := range map[string]string{
		"ulr": "url", "URL": "url", "target": "targets", "tehme": "theme", "apiversion": "api_version",
		"api-varsion": "api_version", "x": "", "": "", "uri": "url", "colour": "", strings.Repeat("a", 100): "",
	} {
		if got := nearest(given, words); got != want {
			t.Errorf("nearest to %q is %q, want %q", given, got, want)
		}
	}
}

func TestCompleteAddress(t *testing.T) {
	for _, tc := range []struct {
		typed   string
		cloud   Cloud
		address string
		known   Cloud
		name    string
	}{
		{typed: " Contoso ", address: "https://contoso.vault.azure.net", name: "contoso"},
		{typed: "contoso", cloud: CloudChina, address: "https://contoso.vault.azure.cn", name: "contoso"},
		{typed: "contoso", cloud: CloudGovernment, address: "https://contoso.vault.usgovcloudapi.net", name: "contoso"},
		{typed: "contoso.vault.azure.cn", address: "https://contoso.vault.azure.cn", known: CloudChina, name: "contoso"},
		{typed: "https://contoso.vault.azure.net/", cloud: CloudChina, address: "https://contoso.vault.azure.net", known: CloudPublic, name: "contoso"},
		{typed: "https://127.0.0.1:8443", address: "https://127.0.0.1:8443", name: "127-0-0-1"},
		{typed: "https://x.managedhsm.azure.net", address: "https://x.managedhsm.azure.net"},
		{typed: "x.managedhsm.azure.net", address: "https://x.managedhsm.azure.net"},
		{typed: "http://contoso.vault.azure.net", address: "http://contoso.vault.azure.net"},
		{typed: "a b", address: "a b"},
		{typed: ""},
	} {
		address, known, name := CompleteAddress(tc.typed, tc.cloud)
		if address != tc.address || known != tc.known || name != tc.name {
			t.Errorf("%q in %q gives %q %q %q, want %q %q %q", tc.typed, tc.cloud, address, known, name, tc.address, tc.known, tc.name)
		}
	}
}
