package order

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/config"
	"certty/model"
	"certty/model/timetext"
	"certty/ui/cli/command"
	"certty/ui/cli/output"
	"certty/ui/cli/schema"
)

// The kinds of entries of an account.
const (
	kindOrganization = "organization"
	kindDepartment   = "department"
	kindDomain       = "domain"
	kindProfile      = "profile"
	kindField        = "custom-field"
)

// entry is something that an account offers for orders, as data.
type entry struct {
	// Kind is organization, department, domain, profile or custom-field.
	Kind string `json:"kind"`
	// ID is the account's id; absent where it tells none.
	ID int `json:"id,omitzero"`
	// Name is the account's name of it.
	Name string `json:"name"`
	// Usable is true when orders can be made with it, as far as the account
	// tells.
	Usable bool `json:"usable"`
	// Why no orders can be made with it.
	Why string `json:"why,omitzero"`
	// ParentID is the organization of a department.
	ParentID *int `json:"parent_id,omitempty"`
	// Organizations are the ids of those that a domain or a profile is delegated
	// to.
	Organizations []int `json:"organizations,omitempty"`
	// Validations are the CA's checks of an organization, or how the validation of
	// a domain stands, as the service spells them.
	Validations []string `json:"validations,omitempty"`
	// Method is how a domain is validated.
	Method string `json:"method,omitzero"`
	// Expires is the day on which the validation of a domain ends.
	Expires time.Time `json:"expires,omitzero"`
	// Terms are the lifetimes of a profile in days.
	Terms []int `json:"terms,omitempty"`
	// Keys are the keys that a profile takes.
	Keys []string `json:"keys,omitempty"`
	// Mandatory is true for a custom field without which no order is taken.
	Mandatory *bool `json:"mandatory,omitempty"`
	// Input is the kind of input of a custom field.
	Input string `json:"input,omitzero"`
	// Choices are what it takes.
	Choices []string `json:"choices,omitempty"`
	// GoneSince is when the account did not list it any more.
	GoneSince time.Time `json:"gone_since,omitzero"`
}

const gone = "the account does not list it any more"

// entries lists what an account offers.
func entries(a *model.Account, now time.Time) []entry {
	var out []entry
	add := func(e entry, since time.Time) {
		if !since.IsZero() {
			e.Why = gone
		}
		e.GoneSince, e.Usable = since, e.Why == ""
		out = append(out, e)
	}
	for i := range a.Organizations {
		o := &a.Organizations[i]
		e := entry{Kind: kindOrganization, ID: o.ID, Name: o.Name, Why: a.WhyNotOrganization(o)}
		if o.ParentID != 0 {
			e.Kind, e.ParentID = kindDepartment, &o.ParentID
		}
		for _, v := range o.Validations {
			text := v.Level + " " + v.Status
			if !v.Expires.IsZero() {
				text += " until " + v.Expires.Format(time.DateOnly)
			}
			e.Validations = append(e.Validations, text)
		}
		add(e, o.GoneSince)
	}
	for i := range a.Domains {
		d := &a.Domains[i]
		e := entry{Kind: kindDomain, ID: d.ID, Name: d.Name, Why: d.Trouble(now), Organizations: d.Organizations, Method: d.Method, Expires: d.Expires}
		if d.Validation != "" {
			e.Validations = []string{d.Validation}
		}
		add(e, d.GoneSince)
	}
	for i := range a.Profiles {
		p := &a.Profiles[i]
		e := entry{Kind: kindProfile, ID: p.ID, Name: p.Name, Organizations: p.Organizations, Terms: p.Terms}
		for _, algorithm := range slices.Sorted(maps.Keys(p.KeyTypes)) {
			for _, size := range p.KeyTypes[algorithm] {
				e.Keys = append(e.Keys, algorithm+" "+size)
			}
		}
		add(e, p.GoneSince)
	}
	for i := range a.CustomFields {
		f := &a.CustomFields[i]
		add(entry{Kind: kindField, ID: f.ID, Name: f.Name, Mandatory: &f.Mandatory, Input: f.Type, Choices: f.Options}, time.Time{})
	}
	return out
}

// parts are what can be listed of an account, with the kinds in each.
var parts = map[string][]string{
	"organizations": {kindOrganization, kindDepartment}, "domains": {kindDomain}, "profiles": {kindProfile}, "custom-fields": {kindField},
}

func newAccount(env *command.Env) *cobra.Command {
	var r command.Reaching
	var out output.Flags
	var at string
	cmd := &cobra.Command{
		Use:   "account [PART...]",
		Short: "Show what an account offers: organizations, domains, profiles, custom fields",
		Long: `Shows what orders of an account are made with, as it was last synced: its
organizations with their departments, its domains, the certificate profiles with
their terms and keys, and the custom fields; of each whether orders can be made
with it. Without a PART everything is listed. An account that was never synced is
synced first; certty sync does it anew.`,
		Example:   "  certty account\n  certty account domains --account sectigo -o json\n  certty account profiles --columns id,name,terms,keys",
		Args:      command.MinimumArgs(0),
		ValidArgs: slices.Sorted(maps.Keys(parts)),
		RunE: func(cmd *cobra.Command, args []string) error {
			printer, err := output.New(&out, output.List[entry]{
				Columns: output.Columns[entry](), Shown: []string{"kind", "id", "name", "usable", "why"},
			})
			if err != nil {
				return err
			}
			kinds, err := kindsOf(args)
			if err != nil {
				return err
			}
			return r.At(cmd, env, at, config.KindSCM, func(ctx context.Context, f *command.Fleet, t *command.Target) error {
				known, err := catalogueOf(ctx, env, f, t)
				if err != nil {
					return err
				}
				env.Say(age(&known, env.Now()))
				all := slices.DeleteFunc(entries(&known, env.Now()), func(e entry) bool { return !slices.Contains(kinds, e.Kind) })
				return printer.PrintList(ctx, env, output.Source{Target: t.Name(), ReadAt: known.ReadAt}, all)
			})
		},
	}
	r.Add(cmd)
	out.Add(cmd)
	schema.Publish(cmd, "account")
	cmd.Flags().StringVar(&at, "account", "", "the `target` that is meant, where there are several")
	return cmd
}

func kindsOf(args []string) ([]string, error) {
	names := slices.Sorted(maps.Keys(parts))
	if len(args) == 0 {
		args = names
	}
	var kinds []string
	for _, name := range args {
		some, ok := parts[name]
		if !ok {
			return nil, command.Usage(fmt.Errorf("%q is no part of an account: there are %s", name, strings.Join(names, ", ")))
		}
		kinds = append(kinds, some...)
	}
	return kinds, nil
}

func newSync(env *command.Env) *cobra.Command {
	var r command.Reaching
	var dry command.DryRun
	var at string
	cmd := &cobra.Command{
		Use:   "sync",
		Short: "Ask an account now what it offers, as it is asked every week",
		Long: `Asks an account for its organizations, domains, profiles and custom fields, and
keeps the answer: orders are checked against it. What the account does not list
any more is marked and not dropped. Where a part can't be read, what was known of
it stays, and the exit code is 1.`,
		Example: "  certty sync\n  certty sync --account sectigo",
		Args:    command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return r.At(cmd, env, at, config.KindSCM, func(ctx context.Context, f *command.Fleet, t *command.Target) error {
				if why := command.Cant(t.Capabilities().Account == nil, t.Capabilities().AccountWhy); why != "" {
					return command.Refuse(t, "sync", why)
				}
				if dry.Dry() {
					return env.Would("It would ask " + t.Name() + " for its organizations, profiles, domains and custom fields, and keep the answer in " + here(f))
				}
				a, err := t.Repository.Sync(ctx, steps(env))
				if err = f.Heed(ctx, t, err); err != nil {
					return err
				}
				_, err = fmt.Fprintf(env.Stdout, "organizations %d\ndomains %d\nprofiles %d\ncustom-fields %d\n",
					len(a.Organizations), len(a.Domains), len(a.Profiles), len(a.CustomFields))
				return err
			})
		},
	}
	r.Add(cmd)
	dry.Add(cmd)
	cmd.Flags().StringVar(&at, "account", "", "the `target` that is meant, where there are several")
	return cmd
}

// catalogueOf is what an account offers, as it was last synced. One that never was
// is synced now; a rehearsal keeps nothing of it.
func catalogueOf(ctx context.Context, env *command.Env, f *command.Fleet, t *command.Target) (model.Account, error) {
	known, err := f.Store.Account(ctx, t.Name())
	if err != nil {
		return known, fmt.Errorf("read what is stored of %s: %w", t.Name(), err)
	}
	if !known.ReadAt.IsZero() || len(known.Organizations) > 0 {
		return known, nil
	}
	reader := t.Capabilities().Account
	if reader == nil {
		return known, fmt.Errorf("nothing is known of what %s offers: %s", t.Name(), command.Cant(true, t.Capabilities().AccountWhy))
	}
	env.Say("Nothing is known of " + t.Name() + " yet: it is being synced. That takes some calls.")
	if t.Repository != nil {
		known, err = t.Repository.Sync(ctx, steps(env))
	} else {
		known, err = reader.Account(ctx, steps(env))
	}
	err = f.Heed(ctx, t, err)
	if err != nil && len(known.Organizations) > 0 {
		env.Say("Not all of it could be read: " + err.Error())
		err = nil
	}
	return known, err
}

// steps says which part of an account is being read, each once.
func steps(env *command.Env) func(backend.AccountStep) {
	said := 0
	return func(s backend.AccountStep) {
		if s.Number > said {
			said = s.Number
			env.Say("reading " + s.String())
		}
	}
}

// age says how old a catalogue is.
func age(a *model.Account, now time.Time) string {
	const sync = "; certty sync asks the account now"
	if a.ReadAt.IsZero() {
		return "catalogue never synced completely" + sync
	}
	return "catalogue synced " + timetext.Age(now, a.ReadAt) + " ago" + sync
}

// organization finds one of some organizations by its name or id.
func organization(a *model.Account, among []model.Organization, name string) (*model.Organization, error) {
	var found []*model.Organization
	for i := range among {
		o := &among[i]
		switch label := a.Label(o); {
		case name == fmt.Sprint(o.ID), strings.EqualFold(name, label):
			return o, nil
		case strings.EqualFold(name, o.Name), strings.EqualFold(name, strings.TrimSuffix(label, fmt.Sprintf(" (%d)", o.ID))):
			found = append(found, o)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	var labels []string
	if len(found) > 1 {
		for _, o := range found {
			labels = append(labels, a.Label(o))
		}
		return nil, command.Usage(fmt.Errorf("--organization %s is the name of several: %s", name, strings.Join(labels, ", ")))
	}
	for i := range among {
		labels = append(labels, a.Label(&among[i]))
	}
	return nil, command.Usage(errors.New("--organization " + name + ": the account lists " + strings.Join(labels, ", ")))
}
