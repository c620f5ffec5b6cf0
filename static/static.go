// Package static holds the files of the site that are served as they are, or nearly so: styles, the
// loader, what keeps the focus, the service worker, the worker starter, the icon, the vocabulary for
// counting tokens and the notices. They are compiled into the native command, so that a built binary
// writes a site from any folder.
package static

import "embed"

// Files holds the folder's content by file name.
//
//go:embed *.css *.js *.svg *.html *.txt *.gz
var Files embed.FS
