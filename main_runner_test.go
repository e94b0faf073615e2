package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// localized puts the paths of a bench in the place of those that a sample has.
func (b *bench) localized(text string) string {
	return strings.NewReplacer(
		"/usr/local/bin/certty", b.program, "/etc/certty/config.yaml", b.config,
		"/var/lib/icinga2", b.path("state"), "/var/cache/icinga2", b.path("cache"),
	).Replace(text)
}

// TestNagios: a real Nagios runs the plug-in as docs/monitoring.md defines it,
// and takes state, text, further lines and performance data apart.
func TestNagios(t *testing.T) {
	t.Parallel()
	nagios := tool(t, "nagios4")
	b := newBench(t)
	if err := os.Mkdir(b.path("spool"), 0o700); err != nil {
		t.Fatal(err)
	}
	user := strings.TrimSpace(b.run(t, "id", "-un"))
	b.write(t, "objects.cfg", b.localized(sample(t, "monitoring.md", "command_name  check_certty"))+`
define timeperiod {
    timeperiod_name  always
    alias            always
    sunday           00:00-24:00
    monday           00:00-24:00
    tuesday          00:00-24:00
    wednesday        00:00-24:00
    thursday         00:00-24:00
    friday           00:00-24:00
    saturday         00:00-24:00
}
define contact {
    contact_name                   nobody
    host_notification_period       always
    service_notification_period    always
    host_notification_options      n
    service_notification_options   n
    host_notification_commands     nothing
    service_notification_commands  nothing
}
define command {
    command_name  nothing
    command_line  /bin/true
}
define host {
    host_name            certificates
    address              127.0.0.1
    max_check_attempts   1
    check_command        nothing
    check_period         always
    notification_period  always
    contacts             nobody
}
define service {
    name                 generic-service
    max_check_attempts   1
    check_period         always
    notification_period  always
    contacts             nobody
    register             0
}
`)
	b.write(t, "nagios.cfg", fmt.Sprintf(`cfg_file=%[1]s/objects.cfg
log_file=%[1]s/log
object_cache_file=%[1]s/objects.cache
precached_object_file=%[1]s/objects.precache
status_file=%[1]s/status
lock_file=%[1]s/pid
temp_file=%[1]s/temporary
temp_path=%[1]s
check_result_path=%[1]s/spool
query_socket=%[1]s/query
nagios_user=%[2]s
nagios_group=%[3]s
check_external_commands=0
use_syslog=0
check_for_updates=0
status_update_interval=1
check_result_reaper_frequency=1
service_inter_check_delay_method=n
max_service_check_spread=1
`, b.dir, user, strings.TrimSpace(b.run(t, "id", "-gn"))))
	b.daemon(t, nagios, b.path("nagios.cfg"))
	var service map[string]string
	b.soon(t, "the first check", func() bool {
		status, err := os.ReadFile(b.path("status"))
		if err != nil {
			return false
		}
		service = nagiosStatus(string(status))
		return service["has_been_checked"] == "1"
	})
	if service["current_state"] != "2" || !strings.HasPrefix(service["plugin_output"], "CERTTY CRITICAL - ") || strings.Contains(service["plugin_output"], "|") {
		t.Errorf("state %s: %s", service["current_state"], service["plugin_output"])
	}
	if lines := strings.Split(service["long_plugin_output"], `\n`); len(lines) < 5 || !strings.HasPrefix(lines[0], "CRITICAL: ") {
		t.Errorf("%d further lines: %s", len(lines), service["long_plugin_output"])
	}
	perfdataIsWhole(t, service["performance_data"])
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// nagiosStatus are the values of the service in Nagios' status file.
func nagiosStatus(status string) map[string]string {
	out := map[string]string{}
	_, service, _ := strings.Cut(status, "servicestatus {")
	service, _, _ = strings.Cut(service, "\n\t}")
	for line := range strings.Lines(service) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		out[name] = value
	}
	return out
}

// perfdataIsWhole looks at the values that a runner took from the plug-in.
func perfdataIsWhole(t *testing.T, perfdata string) {
	t.Helper()
	value := regexp.MustCompile(`^'?([a-z]+)'?=(-?[0-9.]+)(%?)(;[-0-9.:~@]*){0,4}$`)
	var names []string
	for word := range strings.FieldsSeq(perfdata) {
		m := value.FindStringSubmatch(word)
		if m == nil {
			t.Errorf("%q is no performance data", word)
			continue
		}
		names = append(names, m[1])
	}
	for _, want := range []string{"certificates", "expired", "life", "days", "requests", "stuck", "wait", "targets", "untold"} {
		if !slices.Contains(names, want) {
			t.Errorf("no %q in %s", want, perfdata)
		}
	}
}

// TestIcinga: a real Icinga 2 takes the definitions of docs/monitoring.md, runs
// the plug-in, and parses its performance data.
func TestIcinga(t *testing.T) {
	t.Parallel()
	icinga := tool(t, "icinga2")
	b := newBench(t)
	for _, dir := range []string{"data", "run", "log", "spool", "cache"} {
		if err := os.Mkdir(b.path(dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	config := b.write(t, "icinga2.conf", strings.ReplaceAll(`object Endpoint NodeName { }
object Zone "here" { endpoints = [ NodeName ] }
library "checker"
object CheckerComponent "checker" { }
library "perfdata"
object PerfdataWriter "perfdata" {
    host_perfdata_path = "DIR/host"
    service_perfdata_path = "DIR/service"
    host_temp_path = "DIR/host.part"
    service_temp_path = "DIR/service.part"
    service_format_template = "$service.state$\t$service.output$\t$service.perfdata$"
    rotation_interval = 1s
}
object CheckCommand "nothing" { command = [ "/bin/true" ] }
object Host "certificates" {
    check_command = "nothing"
    vars.certty = true
}
`, "DIR", b.dir)+strings.Replace(b.localized(sample(t, "monitoring.md", `object CheckCommand "certty"`)), "check_interval = 15m", "check_interval = 1s", 1))
	user, group := strings.TrimSpace(b.run(t, "id", "-un")), strings.TrimSpace(b.run(t, "id", "-gn"))
	args := []string{"daemon", "-c", config}
	for name, value := range map[string]string{
		"RunAsUser": user, "RunAsGroup": group, "DataDir": b.path("data"), "InitRunDir": b.path("run"), "LogDir": b.path("log"),
		"SpoolDir": b.path("spool"), "CacheDir": b.path("cache"), "PidPath": b.path("run/pid"), "NodeName": "here",
	} {
		args = append(args, "-D", name+"="+value)
	}
	b.daemon(t, icinga, args...)
	var said []string
	b.soon(t, "the first check", func() bool {
		found, err := os.ReadDir(b.dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			if strings.HasPrefix(f.Name(), "service") {
				if fields := strings.SplitN(strings.TrimSpace(read(t, b.path(f.Name()))), "\t", 3); len(fields) == 3 {
					said = fields
				}
			}
		}
		return said != nil
	})
	if said[0] != "CRITICAL" || !strings.HasPrefix(said[1], "CERTTY CRITICAL - ") {
		t.Errorf("state %s: %s", said[0], said[1])
	}
	perfdataIsWhole(t, said[2])
}

// TestCheckIsEnded: a runner that loses patience, as Icinga does with SIGTERM,
// still gets a line and a code: UNKNOWN.
func TestCheckIsEnded(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dir := t.TempDir()
	b := &bench{dir: dir, program: filepath.Join(built(t), "certty")}
	config := b.write(t, "config.yaml", fmt.Sprintf(`state_dir: %s
cache_dir: %s
targets:
  - {name: prod, kind: vault, url: "https://%s", authority: "https://%[3]s", credential: {kind: client-secret, tenant: 01234567-89ab-cdef-0123-456789abcdef, client_id: 01234567-89ab-cdef-0123-456789abcdef, secret: {file: %[4]s}}}
`, b.path("state"), b.path("cache"), l.Addr(), b.write(t, "secret", "x")))
	check := exec.CommandContext(t.Context(), b.program, "check", "--config", config, "--timeout", "1h")
	var out strings.Builder
	check.Stdout = &out
	if err := check.Start(); err != nil {
		t.Fatal(err)
	}
	var conn net.Conn
	connected := make(chan error, 1)
	go func() {
		var err error
		conn, err = l.Accept()
		connected <- err
	}()
	ended := make(chan error, 1)
	go func() { ended <- check.Wait() }()
	select {
	case err := <-connected:
		if err != nil {
			t.Fatal(err)
		}
	case err := <-ended:
		t.Fatalf("it called nobody: %v: %s", err, out.String())
	}
	defer conn.Close()
	if err := check.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-ended // its code is looked at
	if code := check.ProcessState.ExitCode(); code != 3 || !strings.HasPrefix(out.String(), "CERTTY UNKNOWN - prod: not read: ") || strings.Count(out.String(), "\n") != 1 {
		t.Errorf("code %d: %s", code, out.String())
	}
}
