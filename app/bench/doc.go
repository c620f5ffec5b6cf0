//go:build !js

// Package bench is the terminal's transport: it carries out a plan of
// fleetsize/calc/bench over net/http, HTTP/1.1 or HTTP/2, without a limit on
// connections, and times what comes back at the moment it is read.
package bench
