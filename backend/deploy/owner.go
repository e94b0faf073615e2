package deploy

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"strconv"
	"strings"
)

// owner is who files are given to; -1 leaves that part as it is.
type owner struct {
	name     string
	uid, gid int
}

// ownerOf reads "user", "user:group" or ":group", by names or numbers.
func ownerOf(name string) (owner, error) {
	o := owner{name: name, uid: -1, gid: -1}
	who, group, _ := strings.Cut(name, ":")
	if who != "" {
		id := who
		if u, err := user.Lookup(who); err == nil {
			id = u.Uid
		}
		uid, err := strconv.ParseUint(id, 10, 31)
		if err != nil {
			return o, fmt.Errorf("there is no user %q to give the files to", who)
		}
		o.uid = int(uid)
	}
	if group != "" {
		id := group
		if g, err := user.LookupGroup(group); err == nil {
			id = g.Gid
		}
		gid, err := strconv.ParseUint(id, 10, 31)
		if err != nil {
			return o, fmt.Errorf("there is no group %q to give the files to", group)
		}
		o.gid = int(gid)
	}
	return o, nil
}

// own gives a file to its owner.
func (o owner) own(f *os.File) error {
	if o.uid < 0 && o.gid < 0 {
		return nil
	}
	err := f.Chown(o.uid, o.gid)
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("it can't be given to %s: only root gives files away, and others to their own groups only", o.name)
	}
	return err
}
