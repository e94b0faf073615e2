package store

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// networkMagic names the network file systems that statfs(2) tells apart.
var networkMagic = map[uint32]string{
	unix.NFS_SUPER_MAGIC:  "nfs",
	unix.SMB_SUPER_MAGIC:  "smb",
	unix.SMB2_SUPER_MAGIC: "smb2",
	unix.CIFS_SUPER_MAGIC: "cifs",
	unix.V9FS_MAGIC:       "9p",
	unix.AFS_SUPER_MAGIC:  "afs",
}

// networkFuse names the FUSE file systems that reach over a network. FUSE has
// one magic number for all, the mount table knows which it is.
var networkFuse = map[string]bool{
	"fuse.sshfs": true, "fuse.rclone": true, "fuse.s3fs": true, "fuse.glusterfs": true,
	"fuse.gcsfuse": true, "fuse.davfs": true, "fuse.curlftpfs": true,
}

// networkFileSystem names the file system of dir when it is one over a
// network, and is "" for any other.
func networkFileSystem(dir string) (string, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return "", err
	}
	magic := uint32(st.Type) //nolint:gosec // the magic numbers have 32 bits, the field's width differs by machine
	if magic != unix.FUSE_SUPER_MAGIC {
		return networkMagic[magic], nil
	}
	var about unix.Stat_t
	if err := unix.Stat(dir, &about); err != nil {
		return "", err
	}
	mounts, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		// Without /proc there is no telling; most FUSE file systems are local.
		return "", nil
	}
	defer mounts.Close() //nolint:errcheck // it was only read
	name := mountType(mounts, unix.Major(about.Dev), unix.Minor(about.Dev))
	if networkFuse[name] {
		return name, nil
	}
	return "", nil
}

// mountType finds the file system type of a device in a mount table, see
// proc_pid_mountinfo(5): the third field is major:minor, the type follows the
// separator "-".
func mountType(table io.Reader, major, minor uint32) string {
	device := fmt.Sprintf("%d:%d", major, minor)
	lines := bufio.NewScanner(table)
	for lines.Scan() {
		before, after, ok := strings.Cut(lines.Text(), " - ")
		fields := strings.Fields(before)
		kind := strings.Fields(after)
		if ok && len(fields) > 2 && fields[2] == device && len(kind) > 0 {
			return kind[0]
		}
	}
	return ""
}
