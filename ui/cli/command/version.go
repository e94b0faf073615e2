package command

import (
	"context"
	"fmt"
	"strings"

	"certty/model"
)

// Version is the version of a row's certificate that has an id: the current one,
// which "" means as well, or another one that is read from the vault. The service
// has other things where versions are, such as the policy and the pending request:
// what is no version's id is not asked for, and what is answered has to have it.
func (f *Fleet) Version(ctx context.Context, row *Row, version string) (model.Certificate, error) {
	if current := row.Item.Certificate; version == "" || version == current.Version {
		return current, nil
	}
	none := &Ended{Code: ExitNotFound, Err: fmt.Errorf("%s has no version %q; certty versions lists them", row.Name(), version)}
	if strings.Trim(version, "0123456789abcdefABCDEF") != "" {
		return model.Certificate{}, none
	}
	caps := row.Target.Capabilities()
	if caps.Versions == nil {
		return model.Certificate{}, row.Refuse(Cant(true, caps.VersionsWhy))
	}
	ref := row.Item.Ref.Row()
	ref.Revision = version
	c, err := caps.Versions.Version(ctx, ref)
	if err == nil && !strings.EqualFold(c.Version, version) {
		return model.Certificate{}, none
	}
	return c, f.Heed(ctx, row.Target, err)
}
