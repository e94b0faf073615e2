package store

import (
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestNetworkMagic(t *testing.T) {
	for magic, want := range map[uint32]string{
		0x6969: "nfs", 0xff534d42: "cifs", 0xfe534d42: "smb2", 0x517b: "smb", 0x01021997: "9p",
		unix.EXT4_SUPER_MAGIC: "", unix.TMPFS_MAGIC: "", unix.BTRFS_SUPER_MAGIC: "", unix.OVERLAYFS_SUPER_MAGIC: "",
	} {
		if got := networkMagic[magic]; got != want {
			t.Errorf("file system %#x is %q, want %q", magic, got, want)
		}
	}
}

func TestMountType(t *testing.T) {
	const table = `22 1 252:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
malformed
97 22 0:53 / /home/ada/work rw,nosuid,nodev shared:50 master:1 - fuse.sshfs ada@host: rw,user_id=1000
98 22 0:54 / /mnt/a\040b rw - fuseblk /dev/sdb1 rw
`
	for _, test := range []struct {
		major, minor uint32
		want         string
	}{{252, 1, "ext4"}, {0, 53, "fuse.sshfs"}, {0, 54, "fuseblk"}, {9, 9, ""}} {
		if got := mountType(strings.NewReader(table), test.major, test.minor); got != test.want {
			t.Errorf("device %d:%d is %q, want %q", test.major, test.minor, got, test.want)
		}
	}
	if !networkFuse["fuse.sshfs"] || networkFuse["fuseblk"] {
		t.Error("sshfs is over a network, a local block device is not")
	}
}
