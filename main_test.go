package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"certty/backend/sandbox"
	"certty/backend/sandbox/keypool"
)

// TestScripts runs the commands as a person does, each script in a home of its
// own. What the scripts have beside testscript's commands is in scriptCommands.
func TestScripts(t *testing.T) {
	s := stage{t: t}
	programs := built(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s.self = self
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			for _, v := range []string{"CONFIG", "STATE", "CACHE"} {
				env.Setenv("XDG_"+v+"_HOME", filepath.Join(env.WorkDir, ".xdg", strings.ToLower(v)))
			}
			env.Setenv("CONFIG", filepath.Join(env.WorkDir, ".xdg", "config", "certty", "config.yaml"))
			env.Setenv("TZ", "UTC")
			env.Setenv("PATH", programs+string(os.PathListSeparator)+env.Getenv("PATH"))
			return nil
		},
		Cmds: s.scriptCommands(),
	})
}

// stage is what the scripts of one run share.
type stage struct {
	t     *testing.T
	self  string   // this program, see TestMain
	boxes sync.Map // of *sandbox.Sandbox, by the working folder of its script
}

func (s *stage) scriptCommands() map[string]func(*testscript.TestScript, bool, []string) {
	commands := map[string]func(*testscript.TestScript, bool, []string){
		// sandbox [seeded] serves a vault and an account to this script and
		// configures them as "prod" and "sectigo".
		"sandbox": s.sandbox,
		// fault vault|scm KIND [OPERATION [STATUS]] lets calls go wrong.
		"fault": s.fault,
		// ahead DURATION CODE ARG... is certty on a machine whose clock is ahead,
		// which must end with that code.
		"ahead": s.ahead,
		// conforms SCHEMA CODE PROGRAM ARG... is ends, and what was printed is what the
		// published schema says.
		"conforms": conforms,
		// ends CODE PROGRAM ARG... runs a program, which must end with that code.
		"ends": ends,
		// interrupted OPERATION CODE ARG... interrupts certty (SIGINT) while it waits for
		// the account's answer to that; it must end with that code.
		"interrupted": s.interrupted,
		// password-life DURATION lets the account's password end.
		"password-life": s.passwordLife,
		// changes FILE writes down the changing calls that the vault answered.
		"changes": s.changes,
		// bundle NAME PASSWORD makes NAME.pem and NAME.pfx, a certificate with its key.
		"bundle": s.bundle,
		// second configures the vault once more, as "twin".
		"second": s.second,
		// tagging lets what is made at the vault "prod" carry its operation's tag.
		"tagging": tagging,
		// clock DURATION moves the sandbox's clock.
		"clock": func(ts *testscript.TestScript, _ bool, args []string) {
			d, err := time.ParseDuration(args[0])
			ts.Check(err)
			s.box(ts).Clock().Advance(d)
		},
		// sign CSR CHAIN has the sandbox's CA sign a CSR.
		"sign": func(ts *testscript.TestScript, _ bool, args []string) {
			chain, err := sandbox.Sign(filepath.Join(ts.MkAbs("."), ".sandbox"), []byte(ts.ReadFile(args[0])))
			ts.Check(err)
			ts.Check(os.WriteFile(ts.MkAbs(args[1]), chain, 0o600))
		},
	}
	maps.Copy(commands, s.accountCommands())
	return commands
}

// box is the sandbox of a script.
func (s *stage) box(ts *testscript.TestScript) *sandbox.Sandbox {
	box, ok := s.boxes.Load(ts.Getenv("WORK"))
	if !ok {
		ts.Fatalf("no sandbox was started")
	}
	return box.(*sandbox.Sandbox)
}

func (s *stage) sandbox(ts *testscript.TestScript, _ bool, args []string) {
	dir := filepath.Join(ts.Getenv("WORK"), ".sandbox")
	if len(args) > 0 && args[0] == "seeded" {
		ts.Check(seed(dir))
	}
	box, err := sandbox.Start(s.t.Context(), sandbox.Options{Dir: dir, RSAKeys: keypool.Lend()})
	ts.Check(err)
	ts.Defer(func() { ts.Check(box.Close()) })
	s.boxes.Store(ts.Getenv("WORK"), box)
	ts.Check(configure(ts, box.Access()))
}

// configure writes the configuration of a sandbox.
func configure(ts *testscript.TestScript, a sandbox.Access) error {
	ts.Setenv("VAULT_URL", a.VaultURL)
	ts.Setenv("SCM_URL", a.SCM.URL)
	ts.Setenv("VAULT_SECRET", a.ClientSecret)
	ts.Setenv("SCM_PASSWORD", a.SCM.Password)
	file := ts.Getenv("CONFIG")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	return os.WriteFile(file, fmt.Appendf(nil, `targets:
  - name: prod
    kind: vault
    url: %s
    authority: %s
    ca_file: %s
    credential:
      kind: client-secret
      tenant: %s
      client_id: %s
      secret: {env: VAULT_SECRET}
  - name: sectigo
    kind: scm
    url: %s
    customer_uri: %s
    ca_file: %s
    credential:
      kind: password
      login: %s
      password: {env: SCM_PASSWORD}
`, a.VaultURL, a.Authority, a.CAFile, a.TenantID, a.ClientID, a.SCM.URL, a.SCM.CustomerURI, a.CAFile, a.SCM.Login), 0o600)
}
