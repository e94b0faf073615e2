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

// own reports whether a file belongs to this user.
func own(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
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

// resemble gives a new file the mode and the owner of the one whose place it
// takes.
func resemble(file *os.File, like os.FileInfo) error {
	stat, ok := like.Sys().(*syscall.Stat_t)
	if !ok {
		return errors.New("its owner can't be told")
	}
	if err := file.Chown(int(stat.Uid), int(stat.Gid)); err != nil {
		return fmt.Errorf("it belongs to another user or group (%d:%d) and can't be replaced in their name: %w", stat.Uid, stat.Gid, plain(err))
	}
	return file.Chmod(like.Mode().Perm())
}

// hold keeps other consoles from replacing the file, until it is closed. A file
// system without locks goes without.
func hold(file *os.File) error {
	err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return ErrFileChanged
	}
	return nil
}
