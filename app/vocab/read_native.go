//go:build !js

package vocab

import (
	"io/fs"

	"fleetsize/static"
)

func read() ([]byte, error) { return fs.ReadFile(static.Files, File) }
