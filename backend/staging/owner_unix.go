//go:build unix

package staging

import (
	"io/fs"
	"syscall"
)

// uidOf is the user whom a file belongs to.
func uidOf(info fs.FileInfo) (uid int, known bool) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return int(stat.Uid), true
}
