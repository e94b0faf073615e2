package config

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var (
	namePattern = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)
	envPattern  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	// tenantPattern takes an id or a domain.
	tenantPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]*$`)
	clientPattern = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)
	// versionPattern takes 7.4, 7.6-preview.2, 2025-07-01, 2026-01-01-preview.
	versionPattern = regexp.MustCompile(`^(\d+\.\d+|20\d\d-\d\d-\d\d)(-preview(\.\d+)?)?$`)
	// headerPattern takes headers that no standard gives another meaning.
	headerPattern = regexp.MustCompile(`^[Xx]-[A-Za-z0-9-]{1,60}$`)
)

// validator checks the rules that go beyond one value's type, and brings
// values into the one form the rest of the program sees.
type validator struct {
	cfg      *Config
	paths    Paths
	at       map[string]Position
	bad      map[string]bool
	problems Problems
}

// report adds a problem with a setting, unless it has one already, or the group
// that it belongs to.
func (v *validator) report(path, format string, args ...any) {
	for p := path; p != ""; p = parent(p) {
		if v.bad[p] {
			return
		}
	}
	v.problems = append(v.problems, Problem{
		Position: v.position(path), Path: path, Text: fmt.Sprintf(format, args...),
	})
}

// position is where a setting stands; for one that is missing, where the group
// stands that it belongs to.
func (v *validator) position(path string) Position {
	for path != "" {
		if at, ok := v.at[path]; ok {
			return at
		}
		path = parent(path)
	}
	if v.cfg.File != "" {
		return Position{Source: v.cfg.File, Line: 1, Column: 1}
	}
	return Position{Source: "configuration"}
}

// parent is the group a path belongs to, empty for the whole file.
func parent(path string) string { return path[:max(strings.LastIndexAny(path, ".["), 0)] }

func (v *validator) validate() {
	v.folder("state_dir", &v.cfg.StateDir)
	v.folder("cache_dir", &v.cfg.CacheDir)
	v.refresh()
	first := map[string]string{}
	for i := range v.cfg.Targets {
		path := "targets[" + strconv.Itoa(i) + "]"
		v.target(path, &v.cfg.Targets[i])
		v.unique(path, v.cfg.Targets[i].Name, first)
	}
}

func (v *validator) folder(path string, dir *string) {
	*dir = v.paths.resolve(v.cfg.File, *dir)
	if !filepath.IsAbs(*dir) {
		v.report(path, "%s is not an absolute path and there is no home folder to start from, set it", quote(*dir))
	}
}

func (v *validator) refresh() {
	r := v.cfg.Refresh
	for _, limit := range []struct {
		path          string
		value         time.Duration
		least, atMost time.Duration
	}{
		{"refresh.every", r.Every, 5 * time.Second, 24 * time.Hour},
		{"refresh.marked", r.Marked, 30 * time.Second, 7 * 24 * time.Hour},
		{"refresh.rest", r.Rest, time.Minute, 30 * 24 * time.Hour},
		{"refresh.deleted", r.Deleted, time.Minute, 7 * 24 * time.Hour},
	} {
		if limit.value < limit.least || limit.value > limit.atMost {
			v.report(limit.path, "%s is out of range, allowed is %s to %s", limit.value, short(limit.least), short(limit.atMost))
		}
	}
	if r.Rest < r.Marked {
		v.report("refresh.rest", "%s is shorter than refresh.marked (%s): rows nobody looks at are not read more often than those on the screen",
			short(r.Rest), short(r.Marked))
	}
}

// short is a duration without the zero parts that time.Duration prints.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

func (v *validator) unique(path, name string, first map[string]string) {
	if name == "" {
		return
	}
	if other, taken := first[name]; taken {
		where := ""
		if at := v.at[other+".name"]; at.Line > 0 {
			where = fmt.Sprintf(" (line %d)", at.Line)
		}
		v.report(path+".name", "%s is the name of another target%s, names are unique", quote(name), where)
		return
	}
	first[name] = path
}

func (v *validator) target(path string, t *Target) {
	switch {
	case t.Name == "":
		v.report(path+".name", "a target needs a name: lower-case letters, digits and hyphens")
	case !namePattern.MatchString(t.Name):
		text := quote(t.Name) + " can't be a name: lower-case letters, digits and hyphens, at most 63"
		if better := asName(t.Name); better != "" {
			text += fmt.Sprintf(", did you mean %s?", better)
		}
		v.report(path+".name", "%s", text)
	}
	v.foreign(path, t) // before defaults are filled in
	v.credential(path+".credential", t.Kind, &t.Credential)
	t.CAFile = v.paths.resolve(v.cfg.File, t.CAFile)
	v.proxy(path, t)
	if t.Kind == KindSCM {
		v.scm(path, t)
		return
	}
	v.address(path, t)
	if t.APIVersion != "" && !versionPattern.MatchString(t.APIVersion) {
		v.report(path+".api_version", "%s is no version, it looks like 7.4 or 2025-07-01", quote(t.APIVersion))
	}
	if t.VerbOverride != "" && !headerPattern.MatchString(t.VerbOverride) {
		v.report(path+".verb_override", "%s is not the name of such a header: X-HTTP-METHOD or X-HTTP-REQUEST", quote(t.VerbOverride))
	}
}

// address checks where the vault is and who gives its tokens, and fills in
// the cloud.
func (v *validator) address(path string, t *Target) {
	if t.Authority != "" {
		u, problem := parseBase(t.Authority)
		if problem != "" {
			v.report(path+".authority", "%s", problem)
		} else {
			t.Authority = origin(u)
		}
	}
	if t.URL == "" {
		v.report(path+".url", "a vault needs its address, such as https://contoso.vault.azure.net")
		return
	}
	parsed, problem := parseVaultURL(t.URL, t.Authority != "")
	if problem != "" {
		v.report(path+".url", "%s", problem)
		return
	}
	t.URL = parsed.address
	switch {
	case t.Cloud == "":
		t.Cloud = parsed.cloud
	case parsed.cloud != "" && t.Cloud != parsed.cloud:
		v.report(path+".cloud", "%s contradicts the address, which is in the cloud %s: leave it out", t.Cloud, parsed.cloud)
	}
	if t.Cloud == "" {
		t.Cloud = CloudPublic
	}
}

func (v *validator) secret(path string, s *Secret) {
	var set []string
	for name, present := range map[string]bool{"env": s.Env != "", "file": s.File != "", "command": len(s.Command) > 0} {
		if present {
			set = append(set, name)
		}
	}
	if len(set) > 1 {
		slices.Sort(set)
		v.report(path, "a secret is in one place, here are %d (%s)", len(set), list(set))
	}
	if s.Env != "" && !envPattern.MatchString(s.Env) {
		// Not repeated: it may be the secret.
		v.report(path+".env", "not the name of an environment variable: letters, digits and underscores")
	}
	s.File = v.paths.resolve(v.cfg.File, s.File)
	if len(s.Command) > 0 && s.Command[0] == "" {
		v.report(path+".command", "the command has no name, it is a list of the program and its arguments")
	}
}

// asName makes a target's name of something like it; empty where that fails.
func asName(s string) string {
	name := strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			return r
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, s), "-")
	if !namePattern.MatchString(name) {
		return ""
	}
	return name
}
