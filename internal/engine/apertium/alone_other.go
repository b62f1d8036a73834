//go:build !unix

package apertium

import (
	"os/exec"
	"time"
)

func alone(cmd *exec.Cmd) { cmd.WaitDelay = time.Second }
