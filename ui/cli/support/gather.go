package support

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"certty/backend"
	"certty/backend/store"
	"certty/config"
	"certty/ui/cli/command"
)

// shownVariables are of the terminal; they hold no secret.
var shownVariables = []string{"TERM", "COLORTERM", "COLORFGBG", "NO_COLOR", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMUX"}

// namedVariables count for targets; whether they are set is told, never how.
var namedVariables = []string{
	"CERTTY_CONFIG", "CERTTY_READ_ONLY", "CERTTY_LOG", "CERTTY_TARGET", "AZURE_KEYVAULT_URL", "VAULT_URL",
	"AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_CLIENT_CERTIFICATE_PASSWORD",
	"AZURE_USERNAME", "AZURE_PASSWORD", "AZURE_FEDERATED_TOKEN_FILE", "AZURE_AUTHORITY_HOST", "AZURE_TOKEN_CREDENTIALS", "AZURE_CONFIG_DIR",
	"IDENTITY_ENDPOINT", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR",
	"XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME",
}

// secretVariables hold secrets, or addresses with a password in them.
var secretVariables = []string{
	"AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD", "AZURE_PASSWORD", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy",
}

// machine tells of the terminal and the environment.
func (g *gatherer) machine() {
	t := terminal{Person: g.env.Asks, Width: g.env.Width(), Settings: []setting{}}
	for _, name := range shownVariables {
		if value, set := g.env.Lookup(name); set {
			t.Settings = append(t.Settings, setting{name, value})
		}
	}
	_, t.SSH = g.env.Lookup("SSH_CONNECTION")
	g.out.Terminal = t
	for _, name := range namedVariables {
		if value, set := g.env.Lookup(name); set && value != "" {
			g.out.Environment = append(g.out.Environment, name)
		}
	}
	for _, name := range secretVariables {
		g.keepSecret(name)
	}
}

// keepSecret remembers the value of a variable, to blot it out.
func (g *gatherer) keepSecret(variable string) {
	const least = 4 // less would blot out words
	value, _ := g.env.Lookup(variable)
	if value = strings.TrimSpace(value); len(value) >= least {
		g.secret = append(g.secret, value)
	}
}

// settings tells what counts of the configuration.
func (g *gatherer) settings(cfg *config.Config) {
	g.out.Configuration.File = cfg.File
	g.out.State.StateDir, g.out.State.CacheDir = command.Dirs(cfg)
	for _, s := range cfg.Settings() {
		value := s.Value
		// The arguments of a command may tell more than a ticket should.
		if words, ok := value.([]string); ok && len(words) > 1 {
			value = []string{words[0], "…"}
		}
		g.out.Configuration.Settings = append(g.out.Configuration.Settings, setting{s.Path, value})
		g.hide.setting(s.Path, value)
	}
	for _, name := range cfg.SecretVariables() {
		g.keepSecret(name)
	}
}

// capabilities lists what a target can do: each field of the type is one, and
// the field of the same name with Why says the reason.
func capabilities(c backend.Capabilities) []capability {
	all := reflect.ValueOf(c)
	var out []capability
	for field := range all.Type().Fields() {
		why := all.FieldByName(field.Name + "Why")
		if field.Type.Kind() != reflect.Interface || !why.IsValid() {
			continue
		}
		able := !all.FieldByName(field.Name).IsNil()
		entry := capability{Name: words(field.Name), Able: able}
		if !able {
			entry.Why = why.String()
		}
		out = append(out, entry)
	}
	return out
}

// words are the parts of a name in Go, apart and small.
func words(name string) string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && 'A' <= r && r <= 'Z' {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}

// most is how many errors are told.
const most = 50

// journal tells what the journal knows of changes that did not end well.
func (g *gatherer) journal(ctx context.Context, s *store.Store) error {
	unfinished, err := s.Unfinished(ctx)
	if err != nil {
		return err
	}
	for _, e := range unfinished {
		g.out.Unfinished = append(g.out.Unfinished, change{At: e.Intent.At.UTC(), Actor: e.Intent.Actor, Op: e.Intent.Op, Target: e.Intent.Ref.Target, Name: e.Intent.Ref.Key})
		g.hide.person(e.Intent.Actor)
		g.hide.name(e.Intent.Ref.Key)
	}
	const looked = 1000
	entries, err := s.Entries(ctx, looked)
	if err != nil {
		return err
	}
	for _, e := range entries {
		g.hide.name(e.Intent.Ref.Key)
		if e.Outcome == nil || e.Outcome.Result == backend.ResultDone {
			continue
		}
		f := failure{
			At: e.Outcome.At.UTC(), From: "journal", Op: e.Intent.Op, Target: e.Intent.Ref.Target, Name: e.Intent.Ref.Key,
			Result: string(e.Outcome.Result), RequestID: e.Outcome.ServiceRequestID, Text: e.Outcome.Error,
		}
		f.Status, f.Code = codeIn(f.Text)
		g.out.Errors = append(g.out.Errors, f)
	}
	switch err := s.VerifyJournal(ctx); {
	case errors.Is(err, store.ErrJournalEdited):
		g.out.State.Journal = err.Error()
	case err != nil:
		return err
	default:
		g.out.State.Journal = "whole"
	}
	return nil
}

// codeEnd is how an error ends that has a status, a code, or both.
var codeEnd = regexp.MustCompile(`\((\d{3})?(?: ?([A-Za-z-][A-Za-z0-9 -]*))?\)$`)

func codeIn(text string) (status, code string) {
	if found := codeEnd.FindStringSubmatch(text); found != nil {
		return found[1], found[2]
	}
	return "", ""
}

// logged tells the errors that stand at the end of the log.
func (g *gatherer) logged(file string) {
	tail, err := readTail(file)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			g.out.State.Notes = append(g.out.State.Notes, "the log can't be read: "+err.Error())
		}
		return
	}
	lines := bufio.NewScanner(bytes.NewReader(tail))
	lines.Buffer(nil, len(tail)+1)
	for lines.Scan() {
		f, ok := parseLine(lines.Text())
		if ok && f.Result == "" { // a change is in the journal
			g.out.Errors = append(g.out.Errors, f)
			g.hide.name(f.Name)
		}
	}
}

// readTail reads the last part of a file.
func readTail(file string) (_ []byte, err error) {
	const part = 512 << 10
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	from := max(0, info.Size()-part)
	tail, err := io.ReadAll(io.NewSectionReader(f, from, part))
	if from > 0 {
		_, tail, _ = bytes.Cut(tail, []byte("\n"))
	}
	return tail, err
}

// attribute is one of a line that slog's text handler wrote.
var attribute = regexp.MustCompile(`([A-Za-z0-9_.]+)=("(?:[^"\\]|\\.)*"|[^ ]*)`)

// parseLine reads a line of the log; ok is false for one that tells no error.
func parseLine(line string) (f failure, ok bool) {
	f.From = "log"
	for _, found := range attribute.FindAllStringSubmatch(line, -1) {
		value := found[2]
		if strings.HasPrefix(value, `"`) {
			plain, err := strconv.Unquote(value)
			if err != nil {
				continue
			}
			value = plain
		}
		switch found[1] {
		case "time":
			at, err := time.Parse(time.RFC3339, value)
			if err != nil {
				return f, false
			}
			f.At = at.UTC()
		case "msg":
			f.Op = value
		case "target":
			f.Target = value
		case "name":
			f.Name = value
		case "result":
			f.Result = value
		case "status":
			f.Status = value
		case "request_id":
			f.RequestID = value
		case "error":
			f.Text = value
			ok = true
		}
	}
	status, code := codeIn(f.Text)
	f.Status, f.Code = cmp.Or(f.Status, status), code
	return f, ok && !f.At.IsZero()
}

// newest leaves the last errors, the newest first, each once.
func newest(all *[]failure) {
	slices.SortStableFunc(*all, func(a, b failure) int { return b.At.Compare(a.At) })
	var out []failure
	at := map[failure]int{}
	for _, f := range *all {
		same := f
		same.At, same.RequestID = time.Time{}, ""
		i, known := at[same]
		if !known {
			if len(out) == most {
				break
			}
			i = len(out)
			at[same] = i
			out = append(out, f)
		}
		out[i].Times++
	}
	*all = append([]failure{}, out...)
}

// text is a value of a setting.
func (s setting) text() string {
	if list, ok := s.Value.([]string); ok {
		return strings.Join(list, " ")
	}
	return fmt.Sprint(s.Value)
}
