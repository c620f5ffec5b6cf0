package live

// gated reports whether the address is nearer to the user than the page, so
// that browsers with Local Network Access ask before they let the page reach it.
func (c *Check) gated() bool { return c.addr.Place() > c.page.Place }

// cors is the end of a check that a server refuses this page.
func (c *Check) cors(r *Rung, text string) {
	c.fail(r, text, "Allow this page's origin, "+c.page.Origin+", where the server starts, or put a proxy in front that does.", "")
	r.More = CORSRemedies(c.page, c.addr, c.target.Headers)
}

// unreached is the end of a check where nothing answers; state is the
// browser's permission to reach the place, "" = it has none or does not say.
func (c *Check) unreached(r *Rung, state string) {
	command := "curl " + c.addr.Base + "/models"
	asks := "The browser does not let this page reach " + c.addr.Place().words()
	allow := "Allow it in the site's permissions (left of the address), then check again."
	switch {
	case c.gated() && state == "denied":
		c.fail(r, asks+": the permission was refused.", allow, "")
		return
	case c.gated() && state == "prompt":
		c.fail(r, asks+", or nothing answers at "+c.addr.Base+": the permission was not given.", allow+" If the browser does not ask, the server may be down.", command)
		return
	}
	fix := "Is the server running, and is the port right? A server that listens on another interface needs --host 0.0.0.0."
	if c.addr.Secure {
		fix += " A certificate that this browser does not trust fails the same way: open the address in a tab first."
	}
	if c.gated() && !c.page.Secure {
		fix += " This page came over plain http, which alone may be the reason."
	}
	c.fail(r, "Nothing answers at "+c.addr.Base+".", fix, command)
}
