package guard

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"certty/backend"
	"certty/model"
)

// The names of the changing calls on certificates that exist, in the journal
// and in errors.
const (
	OpNewVersion   = "new version"
	OpImport       = "import"
	OpUpdate       = "update"
	OpUpdatePolicy = "update policy"
	OpDelete       = "delete"
	OpRecover      = "recover"
	OpPurge        = "purge"
)

type versionMaker struct {
	next backend.VersionMaker
	by   *changer
}

func (m versionMaker) NewVersion(ctx context.Context, ref model.Ref) (backend.Change, error) {
	return m.by.changeRow(ctx, OpNewVersion, ref, m.next.NewVersion)
}

type importer struct {
	next backend.Importer
	by   *changer
}

func (i importer) Import(ctx context.Context, spec model.ImportSpec) (backend.Change, error) {
	ref := model.Ref{Target: i.by.target, Kind: model.KindCertificate, Key: spec.Name}
	return i.by.change(ctx, OpImport, ref, importDetail(spec), func(ctx context.Context) (backend.Change, error) {
		return i.next.Import(ctx, spec)
	})
}

type lifecycle struct {
	next backend.Lifecycle
	by   *changer
}

func (l lifecycle) Update(ctx context.Context, ref model.Ref, update model.Update) (backend.Change, error) {
	return l.by.change(ctx, OpUpdate, ref, UpdateDetail(update), func(ctx context.Context) (backend.Change, error) {
		return l.next.Update(ctx, ref, update)
	})
}

func (l lifecycle) UpdatePolicy(ctx context.Context, ref model.Ref, was, want model.Policy) (backend.Change, error) {
	return l.by.change(ctx, OpUpdatePolicy, ref, policyDetail(was, want), func(ctx context.Context) (backend.Change, error) {
		return l.next.UpdatePolicy(ctx, ref, was, want)
	})
}

func (l lifecycle) Delete(ctx context.Context, ref model.Ref) (backend.Change, error) {
	return l.by.changeRow(ctx, OpDelete, ref, l.next.Delete)
}

func (l lifecycle) Recover(ctx context.Context, ref model.Ref) (backend.Change, error) {
	return l.by.changeRow(ctx, OpRecover, ref, l.next.Recover)
}

func (l lifecycle) Purge(ctx context.Context, ref model.Ref) (backend.Change, error) {
	return l.by.changeRow(ctx, OpPurge, ref, l.next.Purge)
}

// importDetail is what the journal says of an imported bundle: its form and
// size. Its content holds a private key, and even a hash of it would let
// somebody who guesses the password prove the guess.
func importDetail(spec model.ImportSpec) string {
	return fmt.Sprintf("%s, %s, %s", spec.Format, count(len(spec.Data), "byte", "bytes"), count(len(spec.Tags), "tag", "tags"))
}

// UpdateDetail is what the journal says of changed attributes. Tags are named by a
// hash, by which they are known again.
func UpdateDetail(u model.Update) string {
	var parts []string
	if u.Enabled != nil {
		parts = append(parts, map[bool]string{true: "enable", false: "disable"}[*u.Enabled])
	}
	if u.Tags != nil {
		parts = append(parts, count(len(*u.Tags), "tag", "tags")+" "+tagsID(*u.Tags))
	}
	return strings.Join(parts, ", ")
}

// tagsID is the same for the same tags: the beginning of the SHA-256 of all of
// them, sorted.
func tagsID(tags map[string]string) string {
	const enough = 8 // bytes, to tell what a few people type apart
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		fmt.Fprintf(&b, "%q=%q\n", name, tags[name])
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:enough])
}

// policyDetail names the parts of a policy that are to change.
func policyDetail(was, want model.Policy) string {
	var parts []string
	for _, part := range []struct {
		name      string
		was, want any
	}{
		{"subject", was.Subject, want.Subject},
		{"SANs", was.SANs, want.SANs},
		{"issuer", was.Issuer, want.Issuer},
		{"key", was.Key, want.Key},
		{"content type", was.ContentType, want.ContentType},
		{"EKUs", was.EKUs, want.EKUs},
		{"key usage", was.KeyUsage, want.KeyUsage},
		{"validity", was.ValidityMonths, want.ValidityMonths},
		{"lifetime actions", was.LifetimeActions, want.LifetimeActions},
	} {
		if !reflect.DeepEqual(part.was, part.want) {
			parts = append(parts, part.name)
		}
	}
	return strings.Join(parts, ", ")
}
