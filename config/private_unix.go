//go:build unix

package config

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

// private refuses a file that others than its owner can read or write, and one
// that belongs to somebody else. Root may own it: that is how service managers
// hand out credentials.
func private(info os.FileInfo) error {
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return fmt.Errorf("others than its owner can use it (mode %04o), say chmod 600", mode)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return errors.New("its owner can't be told")
	}
	if owner := int(stat.Uid); owner != os.Geteuid() && owner != 0 {
		return fmt.Errorf("it belongs to another user (uid %d)", owner)
	}
	return nil
}

// writableByAll reports whether anybody can change the file.
func writableByAll(info os.FileInfo) bool { return info.Mode().Perm()&0o002 != 0 }

// detach keeps a command away from the terminal, which the screen owns, and
// ends it together with its children.
func detach(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error {
		err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		if errors.Is(err, syscall.ESRCH) {
			return os.ErrProcessDone
		}
		return err
	}
}
