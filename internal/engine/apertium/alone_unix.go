//go:build unix

package apertium

import (
	"os/exec"
	"syscall"
	"time"
)

// alone gives the command a group of its own, so that all of its pipeline ends with it.
func alone(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
}
