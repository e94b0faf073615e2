package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// ordered is a bench with an order that the CA has finished, for a certificate
// whose files go where the configuration says, with addition as settings of the
// account.
func ordered(t *testing.T, name, keystore, addition string) *bench {
	t.Helper()
	b := newBench(t)
	password := b.write(t, "keystore.password", "a long canary & password\n")
	b.write(t, "config.yaml", read(t, b.config)+fmt.Sprintf("    keystore_password: {file: %s}\n    deploy: {dir: %s}\n%s", password, b.path("tls"), addition))
	if err := os.Mkdir(b.path("tls"), 0o700); err != nil {
		t.Fatal(err)
	}
	b.run(t, b.program, "order", "--config", b.config, "--cn", name, "--organization", "1697", "--profile", "8555", "--field", "Cost centre=1",
		"--key", "ec-p256", "--keystore", keystore, "--password-file", password, "--yes")
	b.box.Clock().Advance(time.Minute)
	return b
}

// deliver has the files of an order written without a person.
func deliver(t *testing.T, name, keystore string) *bench {
	t.Helper()
	b := ordered(t, name, keystore, "")
	b.run(t, b.program, "work", "--config", b.config, "--once", "--target", "sectigo")
	return b
}

// TestDeliveredToNginx: a real nginx serves with what an order left in its folder,
// as docs/work.md has it, to one who trusts the authority's root alone.
func TestDeliveredToNginx(t *testing.T) {
	t.Parallel()
	nginx, curl := tool(t, "nginx"), tool(t, "curl")
	const name = "www.example.com"
	b := deliver(t, name, "pem")
	socket := b.path("nginx")
	server := strings.NewReplacer("443", "unix:"+socket, "/etc/nginx/tls", b.path("tls"), "/etc/certty/keystore.password", b.path("keystore.password")).
		Replace(sample(t, "work.md", "ssl_password_file"))
	config := b.write(t, "nginx.conf", fmt.Sprintf(`daemon off;
master_process off;
pid %[1]s/pid;
error_log stderr;
events { }
http {
    access_log off;
    client_body_temp_path %[1]s/body;
    proxy_temp_path %[1]s/proxy;
    fastcgi_temp_path %[1]s/fastcgi;
    uwsgi_temp_path %[1]s/uwsgi;
    scgi_temp_path %[1]s/scgi;
%[2]s}
`, b.dir, strings.Replace(server, "listen", "location / { return 200 served; }\n    listen", 1)))
	b.run(t, nginx, "-t", "-e", "stderr", "-c", config)
	b.daemon(t, nginx, "-e", "stderr", "-c", config)
	b.awaitListener(t, "unix", socket)
	told := b.run(t, curl, "--disable", "--silent", "--show-error", "--noproxy", "*", "--cacert", b.box.Access().CAFile,
		"--unix-socket", socket, "https://"+name+"/")
	if told != "served" {
		t.Errorf("it says %q", told)
	}
}

// TestDeliveredKeystores: NSS and Java read the keystores that an order left in
// its folder, each with its key and its whole chain.
func TestDeliveredKeystores(t *testing.T) {
	t.Parallel()
	t.Run("pkcs12", func(t *testing.T) {
		t.Parallel()
		pk12util := tool(t, "pk12util")
		b := deliver(t, "p12.example.com", "pkcs12")
		listed := b.run(t, pk12util, "-l", b.path("tls/p12.example.com.p12"), "-w", b.path("keystore.password"), "-d", "sql:"+b.dir)
		for _, want := range []string{"Key(shrouded):", "CN=p12.example.com", "CN=certty sandbox issuing CA 1"} {
			if !strings.Contains(listed, want) {
				t.Errorf("no %q in\n%s", want, listed)
			}
		}
	})
	t.Run("jks", func(t *testing.T) {
		t.Parallel()
		keytool := tool(t, "keytool")
		b := deliver(t, "jks.example.com", "jks")
		listed := b.run(t, keytool, "-list", "-v", "-storetype", "jks", "-keystore", b.path("tls/jks.example.com.jks"), "-storepass:file", b.path("keystore.password"))
		for _, want := range []string{"PrivateKeyEntry", "CN=jks.example.com", "CN=certty sandbox issuing CA 1"} {
			if !strings.Contains(listed, want) {
				t.Errorf("no %q in\n%s", want, listed)
			}
		}
	})
}
