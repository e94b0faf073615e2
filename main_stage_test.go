package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"certty/backend/sandbox/fault"
	"certty/ui/cli/schema/schematest"
)

// fault vault|scm KIND [OPERATION [STATUS]] lets every call of the operation go
// wrong, by default all; fault vault|scm clear ends that. The kinds and
// operations are those of the sandbox.
func (s *stage) fault(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: fault vault|scm KIND [OPERATION [STATUS]]")
	}
	box := s.box(ts)
	inject, clearAll := box.Vault().Inject, box.Vault().ClearFaults
	if args[0] == "scm" {
		inject, clearAll = box.SCM().Inject, box.SCM().ClearFaults
	}
	if args[1] == "clear" {
		clearAll()
		return
	}
	f := fault.Fault{Kind: fault.Kind(args[1])}
	if len(args) > 2 {
		f.Operation = args[2]
	}
	if len(args) > 3 {
		status, err := strconv.Atoi(args[3])
		ts.Check(err)
		f.Status = status
	}
	ts.Check(inject(f))
}

// ahead DURATION CODE ARG... runs certty with a clock that is ahead, which must end
// with that code: what waits for time to pass is seen without waiting.
func (s *stage) ahead(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: ahead DURATION CODE ARG...")
	}
	ts.Setenv(clockAhead, args[0])
	defer ts.Setenv(clockAhead, "")
	ends(ts, neg, append([]string{args[1], s.self}, args[2:]...))
}

// conforms SCHEMA CODE PROGRAM ARG... is [ends]; on standard output is then a
// document as the schema of that name in docs/schema describes it.
func conforms(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 3 {
		ts.Fatalf("usage: conforms SCHEMA CODE PROGRAM ARG...")
	}
	ends(ts, neg, args[1:])
	schema, err := os.ReadFile(filepath.Join("docs", "schema", args[0]+".json"))
	ts.Check(err)
	ts.Check(schematest.Check(schema, []byte(ts.ReadFile("stdout"))))
}

// ends CODE PROGRAM ARG... runs a program, which must end with that code; what
// it printed can be looked at as after exec.
func ends(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: ends CODE PROGRAM ARG...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
	}
	if code != want {
		ts.Fatalf("it ended with %d, want %d", code, want)
	}
}

// interrupted OPERATION CODE ARG... interrupts certty while it waits for the
// account's answer. What it said lies in the file "said".
func (s *stage) interrupted(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: interrupted OPERATION CODE ARG...")
	}
	account := s.box(ts).SCM()
	ts.Check(account.Inject(fault.Fault{Kind: fault.Hang, Operation: args[0], Times: 1}))
	said, err := os.Create(ts.MkAbs("said"))
	ts.Check(err)
	path, err := program()
	ts.Check(err)
	cmd := exec.CommandContext(s.t.Context(), filepath.Join(path, "certty"), args[2:]...)
	cmd.Dir, cmd.Stderr = ts.MkAbs("."), said
	for _, name := range []string{"HOME", "PATH", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "VAULT_SECRET", "SCM_PASSWORD"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	ts.Check(cmd.Start())
	for limit := time.Now().Add(time.Minute); len(account.Faults()) > 0; time.Sleep(10 * time.Millisecond) { // between two looks at another process
		if time.Now().After(limit) {
			ts.Fatalf("it never asked for %s", args[0])
		}
	}
	ts.Check(cmd.Process.Signal(os.Interrupt))
	err = errors.Join(ignoreExit(cmd.Wait()), said.Close())
	ts.Check(err)
	if code := strconv.Itoa(cmd.ProcessState.ExitCode()); code != args[1] {
		ts.Fatalf("it ended with %s, want %s", code, args[1])
	}
}

func ignoreExit(err error) error {
	if _, ok := errors.AsType[*exec.ExitError](err); ok {
		return nil
	}
	return err
}
