// Fleetsize tells how many accelerators an LLM workload needs, what they cost
// and why. Built for js/wasm it is the page, otherwise the command.
package main

import "fleetsize/app"

func main() { app.Main() }
