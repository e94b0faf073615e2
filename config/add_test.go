package config

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// fresh is a target with something in every kind of setting.
var fresh = Target{
	Name: "fresh", Kind: KindVault, URL: "https://fresh-kv.vault.azure.net", ReadOnly: true, CAFile: "~/my root.pem",
	Credential: Credential{
		Kind: CredentialClientSecret, Tenant: "contoso.onmicrosoft.com",
		ClientID: "01234567-89ab-cdef-0123-456789abcdef",
		Secret:   Secret{Command: []string{"pass", "show", "a: b # c"}},
	},
}

// small is a target on few lines.
var small = Target{Name: "small", Kind: KindVault, URL: "https://small-kv.vault.azure.net", Credential: Credential{Kind: CredentialAzureCLI}}

// TestAddTarget is what becomes of files as people write them.
func TestAddTarget(t *testing.T) {
	const entry = "  - name: small\n    url: https://small-kv.vault.azure.net\n    credential:\n      kind: azure-cli\n"
	const flow = "{name: small, url: https://small-kv.vault.azure.net, credential: {kind: azure-cli}}"
	for _, tc := range []struct{ name, before, after string }{
		{"empty", "", "targets:\n" + entry},
		{"only comments", "# mine\n", "# mine\n\ntargets:\n" + entry},
		{"only a document's start", "---\n", "---\n\ntargets:\n" + entry},
		{"no targets", "theme: dark # for the night\n", "theme: dark # for the night\n\ntargets:\n" + entry},
		{"no line end", "theme: dark", "theme: dark\n\ntargets:\n" + entry},
		{"a document's end", "theme: dark\n...\n", "theme: dark\n\ntargets:\n" + entry + "...\n"},
		{"targets of nothing", "targets:\ntheme: dark\n", "targets:\n" + entry + "theme: dark\n"},
		{"targets of nothing, with a comment", "targets: # none yet\n\n# colours\ntheme: dark\n", "targets: # none yet\n" + entry + "\n# colours\ntheme: dark\n"},
		{"targets of null", "targets: ~ # none yet\n", "targets:  # none yet\n" + entry},
		{"targets of null at the end", "targets: null", "targets:\n" + entry},
		{"an empty list", "targets: [] # none yet\ntheme: dark\n", "targets:  # none yet\n" + entry + "theme: dark\n"},
		{"an empty list over lines", "targets: [\n]\n", "targets: [\n" + flow + "]\n"},
		{"entries",
			"targets:\n  - name: a # first\n    url: https://a-kv.vault.azure.net\n",
			"targets:\n  - name: a # first\n    url: https://a-kv.vault.azure.net\n" + entry},
		{"comments everywhere",
			"# top\ntargets: # all\n  # of a\n  - name: a # first\n    # its address\n    url: https://a-kv.vault.azure.net\n    # proxy: http://old:1\n\n  # of nobody\n\n# colours\ntheme: dark # night\n# end\n",
			"# top\ntargets: # all\n  # of a\n  - name: a # first\n    # its address\n    url: https://a-kv.vault.azure.net\n    # proxy: http://old:1\n" + entry + "\n  # of nobody\n\n# colours\ntheme: dark # night\n# end\n"},
		{"entries that are not indented",
			"targets:\n- name: a\n  url: https://a-kv.vault.azure.net\n# colours\ntheme: dark\n",
			"targets:\n- name: a\n  url: https://a-kv.vault.azure.net\n- name: small\n  url: https://small-kv.vault.azure.net\n  credential:\n    kind: azure-cli\n# colours\ntheme: dark\n"},
		{"entries apart",
			"targets:\n  - name: a\n    url: https://a-kv.vault.azure.net\n\n  - name: b\n    url: https://b-kv.vault.azure.net\n\ntheme: dark\n",
			"targets:\n  - name: a\n    url: https://a-kv.vault.azure.net\n\n  - name: b\n    url: https://b-kv.vault.azure.net\n\n" + entry + "\ntheme: dark\n"},
		{"an account beside a vault",
			"targets:\n  - name: a # first\n    kind: scm # mine\n    customer_uri: A\n    credential: {login: me, password: {env: P}}\n",
			"targets:\n  - name: a # first\n    kind: scm # mine\n    customer_uri: A\n    credential: {login: me, password: {env: P}}\n" + entry},
		{"entries in braces",
			"targets:\n  - {name: a, url: https://a-kv.vault.azure.net}\n",
			"targets:\n  - {name: a, url: https://a-kv.vault.azure.net}\n" + entry},
		{"a list in brackets",
			"targets: [{name: a, url: https://a-kv.vault.azure.net}] # é\ntheme: dark\n",
			"targets: [{name: a, url: https://a-kv.vault.azure.net}, " + flow + "] # é\ntheme: dark\n"},
		{"a list in brackets, with a last comma",
			"targets: [\n  {name: a, url: https://a-kv.vault.azure.net}, # first\n]\n",
			"targets: [\n  {name: a, url: https://a-kv.vault.azure.net}, # first\n" + flow + "]\n"},
		{"everything in braces", "{theme: dark}\n", "{theme: dark, targets: [" + flow + "]}\n"},
		{"everything in braces, with targets", "{targets: [], theme: dark}\n", "{targets: [" + flow + "], theme: dark}\n"},
		{"nothing in braces", "{}\n", "{targets: [" + flow + "]}\n"},
		{"indented settings", "  theme: dark\n  targets:\n    - name: a\n      url: https://a-kv.vault.azure.net\n  ascii: true\n",
			"  theme: dark\n  targets:\n    - name: a\n      url: https://a-kv.vault.azure.net\n" + strings.ReplaceAll("  "+strings.TrimSuffix(entry, "\n"), "\n", "\n  ") + "\n  ascii: true\n"},
		{"a value of several lines",
			"targets:\n  - name: a\n    url: https://a-kv.vault.azure.net\n    ca_file: >-\n      /etc/ssl\n\n      # root\ntheme: dark\n",
			"targets:\n  - name: a\n    url: https://a-kv.vault.azure.net\n    ca_file: >-\n      /etc/ssl\n\n      # root\n" + entry + "theme: dark\n"},
		{"named entries",
			"targets: &all\n  - &a\n    name: a\n    url: https://a-kv.vault.azure.net\n",
			"targets: &all\n  - &a\n    name: a\n    url: https://a-kv.vault.azure.net\n" + entry},
		{"a byte order mark", "\ufefftheme: dark\n", "\ufefftheme: dark\n\ntargets:\n" + entry},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for _, end := range []string{"\n", "\r\n"} {
				before, want := strings.ReplaceAll(tc.before, "\n", end), strings.ReplaceAll(tc.after, "\n", end)
				if end != "\n" && !strings.Contains(before, end) {
					continue
				}
				file := write(t, before)
				a, err := AddTarget(file, small)
				if err != nil {
					t.Fatal(err)
				}
				if got := read(t, file); got != before {
					t.Fatalf("the file was written before anybody said so: %q", got)
				}
				if err := a.Write(); err != nil {
					t.Fatal(err)
				}
				if got := read(t, file); got != want {
					t.Errorf("got:\n%s\nwant:\n%s", got, want)
				}
			}
		})
	}
}

func write(t *testing.T, data string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(file, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestAddTargetRoundTrip writes every setting that there is, in both styles.
func TestAddTargetRoundTrip(t *testing.T) {
	full := Target{
		Name: "full", Kind: KindVault, URL: "https://vault.example.com", Cloud: CloudChina, Authority: "https://login.example.com",
		CAFile: "/etc/ssl/\"corp\" \\ root é\t.pem", Proxy: "socks5://proxy:1080", ProxyUser: "me: #1", ProxyPassword: Secret{File: "/proxy.pw"}, APIVersion: "7.10", VerbOverride: "X-HTTP-METHOD", OperationTag: true, ReadOnly: true,
		Credential: Credential{
			Kind: CredentialClientCertificate, Tenant: "true", ClientID: "01234567-89AB-cdef-0123-456789abcdef",
			Certificate: "/a: b #c.pfx", Password: Secret{Env: "null"},
		},
	}
	account := Target{
		Name: "account", Kind: KindSCM, URL: "https://hard.cert-manager.com/api", CustomerURI: "Contoso:#1", ReadOnly: true,
		Credential:       Credential{Kind: CredentialPassword, Login: "me@contoso.com", Password: Secret{File: "~/pw"}},
		KeystorePassword: Secret{Command: []string{"pass", "show", "keystore"}},
		Deploy:           Deploy{Dir: "tls", Owner: "root:nginx", Mode: "0640"}, OnIssued: []string{"./reload", "a b"},
	}
	key := Target{
		Name: "key", Kind: KindSCM, URL: DefaultSCMURL,
		Credential: Credential{Kind: CredentialClientCredentials, ClientID: "ssl-orders", Secret: Secret{Env: "S"}, TokenURL: "https://login.example.com/token"},
	}
	for _, before := range []string{"", "targets: [{name: a, url: https://a-kv.vault.azure.net}]\n"} {
		for _, target := range []Target{full, fresh, account, key} {
			file := write(t, before)
			a, err := AddTarget(file, target)
			if err != nil {
				t.Fatal(err)
			}
			if err := a.Write(); err != nil {
				t.Fatal(err)
			}
			old, err := Parse(file, []byte(before))
			if err != nil {
				t.Fatal(err)
			}
			want, err := Complete(old, file, target)
			if err != nil {
				t.Fatal(err)
			}
			cfg, err := Parse(file, []byte(read(t, file)))
			if err != nil {
				t.Fatalf("%v\n%s", err, read(t, file))
			}
			if got := cfg.Targets[len(cfg.Targets)-1]; !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		}
	}
}

func TestAddTargetNewFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a", "b", "config.yaml")
	a, err := AddTarget(file, small)
	if err != nil {
		t.Fatal(err)
	}
	if want := "+targets:\n+  - name: small\n+    url: https://small-kv.vault.azure.net\n+    credential:\n+      kind: azure-cli"; a.Diff != want {
		t.Errorf("the diff is\n%s", a.Diff)
	}
	if _, err := os.Stat(filepath.Dir(file)); err == nil {
		t.Error("the folder was made before anybody said so")
	}
	if err := a.Write(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the new file's mode is %v, %v", info.Mode(), err)
	}
	if err := a.Write(); !errors.Is(err, ErrFileChanged) {
		t.Errorf("writing a second time: %v", err)
	}
}

func TestAddTargetDiff(t *testing.T) {
	a, err := AddTarget(write(t, "a: 1\n"[:0]+"# 1\n# 2\n# 3\n# 4\ntargets: []\n# 5\n# 6\n# 7\n# 8\n"), small)
	if err != nil {
		t.Fatal(err)
	}
	want := " # 2\n # 3\n # 4\n-targets: []\n+targets:\n+  - name: small\n+    url: https://small-kv.vault.azure.net\n+    credential:\n+      kind: azure-cli\n # 5\n # 6\n # 7"
	if a.Diff != want {
		t.Errorf("got:\n%s\nwant:\n%s", a.Diff, want)
	}
}

// TestAddTargetTwin: a target at the same address is named, whatever else is other.
func TestAddTargetTwin(t *testing.T) {
	const account = "  - {name: account, kind: scm, customer_uri: A, credential: {kind: password, login: me, password: {env: P}}}\n"
	file := "targets:\n" + account + "  - {name: first, url: 'https://SMALL-kv.vault.azure.net/', credential: {kind: default}}\n"
	of := func(customer string) Target {
		return Target{Name: "x", Kind: KindSCM, CustomerURI: customer, Credential: Credential{Kind: CredentialPassword, Login: "you", Password: Secret{Env: "Q"}}}
	}
	for _, tt := range []struct {
		file string
		add  Target
		want string
	}{
		{file, small, "first"},
		{file, Target{Name: "x", Kind: KindVault, URL: "https://other-kv.vault.azure.net", Credential: small.Credential}, ""},
		{file, of("A"), "account"},
		{file, of("B"), ""},
		{"", small, ""},
	} {
		a, err := AddTarget(write(t, tt.file), tt.add)
		if err != nil {
			t.Fatal(err)
		}
		if a.Twin != tt.want {
			t.Errorf("%s beside what stands there: %q, want %q", tt.add.Name, a.Twin, tt.want)
		}
	}
}

// TestAddTargetKeepsTheFile: its mode, and the link that leads to it.
func TestAddTargetKeepsTheFile(t *testing.T) {
	file := write(t, "theme: dark\n")
	if err := os.Chmod(file, 0o640); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	a, err := AddTarget(link, small)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Write(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if to, err := os.Readlink(link); err != nil || to != file {
		t.Errorf("the link leads to %s, %v", to, err)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(file), ".certty-*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// TestAddTargetTidies: what a program left that ended while it wrote is removed;
// what is being written, and what is not ours, is not.
func TestAddTargetTidies(t *testing.T) {
	file := write(t, "theme: dark\n")
	old, kept := time.Now().Add(-2*time.Hour), []string{".certty-2BCDEFGHIJKLMNOPQRSTUVWX23", ".certty-old.yaml"}
	stale := filepath.Join(filepath.Dir(file), ".certty-ABCDEFGHIJKLMNOPQRSTUVWX23")
	for _, path := range []string{stale, filepath.Join(filepath.Dir(file), kept[0]), filepath.Join(filepath.Dir(file), kept[1])} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if filepath.Base(path) == kept[0] {
			continue // somebody writes it now
		}
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	a, err := AddTarget(file, small)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Write(); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(file), ".certty-*"))
	for i := range left {
		left[i] = filepath.Base(left[i])
	}
	if err != nil || !slices.Equal(left, kept) {
		t.Errorf("left are %v, want %v; %v", left, kept, err)
	}
}

// TestAddTargetRefused: nothing is written, and the words say why.
func TestAddTargetRefused(t *testing.T) {
	refuses := func(name, before string, target Target, want ...string) {
		t.Run(name, func(t *testing.T) {
			file := write(t, before)
			_, err := AddTarget(file, target)
			if err == nil {
				t.Fatal("it was taken")
			}
			for _, text := range want {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("%q is not said: %v", text, err)
				}
			}
			if got := read(t, file); got != before {
				t.Errorf("the file is now %q", got)
			}
		})
	}
	refuses("a file with a problem", "them: dark\n", small, "config.yaml:1:1", "did you mean theme?")
	refuses("a name that is taken", "targets: [{name: small, url: https://b-kv.vault.azure.net}]\n", small, `name: "small" is the name of another target`)
	refuses("a Managed HSM", "", Target{Name: "x", Kind: KindVault, URL: "https://x.managedhsm.azure.net", Credential: Credential{Kind: CredentialDefault}}, "url: x.managedhsm.azure.net is a Managed HSM")
	refuses("targets by name", "targets: &a []\n", Target{}, "a target needs a name")

	hidden := write(t, "")
	if err := os.Chmod(hidden, 0o606); err != nil {
		t.Fatal(err)
	}
	if _, err := AddTarget(hidden, small); err == nil || !strings.Contains(err.Error(), "anybody can change it") {
		t.Errorf("a file that anybody can change: %v", err)
	}
	if _, err := AddTarget(filepath.Join(hidden, "config.yaml"), small); err == nil || !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("a file in a file: %v", err)
	}
}

// FuzzAddTarget: whatever file is valid, it says the same afterwards and the
// target, and no line of it is lost.
func FuzzAddTarget(f *testing.F) {
	f.Add([]byte(parsed))
	f.Add(Example())
	for _, seed := range []string{
		"targets: [{name: a, url: https://a-kv.vault.azure.net}, ]", "{}", "{targets: [], }", "---\r\ntargets: ~\r\n...\r\n",
		"targets: &x []\n", "theme: dark\n# targets:\n", "targets:\n- name: a\n  url: \"https://a-kv\\\n    .vault.azure.net\"\n# x\n",
		"state_dir: |+\n  /x\n\n", "? targets\n: []\n", "\"targets\": []", "refresh: {every: 1m}\rtheme: dark",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		const file = "/c.yaml"
		before, err := Parse(file, data)
		if err != nil {
			return
		}
		after, err := insertTarget(data, small)
		if err != nil {
			return
		}
		want, err := Complete(before, file, small)
		if err != nil {
			return // its name is taken
		}
		if err := sameButFor(file, before, want, after); err != nil {
			return // refused, and the person told what to write
		}
		rest := splitLines(after)
		for _, line := range splitLines(data) {
			line = strings.TrimRight(line, "\r\n")
			i := slices.IndexFunc(rest, func(l string) bool { return strings.TrimRight(l, "\r\n") == line })
			if i < 0 {
				if !strings.Contains(line, "targets") && !strings.ContainsAny(line, "]}") {
					t.Fatalf("the line %q is lost:\n%s\nbecame\n%s", line, data, after)
				}
				continue
			}
			rest = rest[i+1:]
		}
	})
}
