//go:build !js

package site

import "fleetsize/app/views"

// preRender returns the worked answer as HTML.
func preRender() (string, error) { return views.PreRender() }
