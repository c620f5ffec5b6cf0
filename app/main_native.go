//go:build !js

package app

import (
	"os"

	"fleetsize/app/cli"
)

// Main runs the command and exits with its code.
func Main() { os.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
