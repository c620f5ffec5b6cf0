package report

import (
	"fleetsize/app/chart"
	"fleetsize/app/export"
)

// Standalone is the report as a file of its own: the pages and the page's style
// sheets, no scripts, nothing loaded from anywhere. Its policy says so.
func Standalone(p *export.Proposal, css string) string { return shell(p, css, Pages(p)) }

// shell is the file around pages.
func shell(p *export.Proposal, css, pages string) string {
	return `<!doctype html>
<html lang="en" data-theme="light">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<meta name="generator" content="Fleetsize ` + escape(p.Version) + `">
<title>` + escape(p.Title()) + ` · Fleetsize</title>
<style>
` + css + `
</style>
</head>
<body>
` + chart.HatchMarkup() + `<div class="shell wide"><main class="main report">` + settle(pages, false) + `</main></div>
</body>
</html>
`
}
