//go:build js

package app

import "fleetsize/app/views"

// Main runs the page.
func Main() { views.Main() }
