//go:build !js

package site

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// contentPolicy lets nothing run or load that is not part of the site. Requests to other origins are
// allowed for one purpose only: measuring an endpoint whose address the user has typed.
const contentPolicy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " +
	"img-src 'self' data:; connect-src 'self' https: http:; worker-src 'self'; manifest-src 'self'; " +
	"base-uri 'none'; form-action 'none'; object-src 'none'"

const (
	appName    = "Fleetsize"
	appTitle   = "Fleetsize: how many GPUs an LLM workload needs"
	appSummary = "How many GPUs a language-model workload needs, what they cost and why. Runs in the browser, offline, and sends nothing anywhere."
)

// pageData is what differs between two builds of the page.
type pageData struct {
	Version     string
	Body        string // normalized HTML
	Raw, Packed int    // bytes of the program, unpacked and as delivered
}

// html writes the page. All addresses are relative and carry the version, so that a browser's own cache
// can never mix two versions on the first visit, before the service worker is there.
func (p pageData) html() []byte {
	v := "?v=" + p.Version
	var b bytes.Buffer
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line(`<!doctype html>`)
	line(`<html lang="en">`)
	line(`<head>`)
	line(`<meta charset="utf-8">`)
	line(`<meta http-equiv="Content-Security-Policy" content="%s">`, contentPolicy)
	line(`<meta name="viewport" content="width=device-width, initial-scale=1">`)
	line(`<meta name="color-scheme" content="light dark">`)
	line(`<title>%s</title>`, appTitle)
	line(`<meta name="description" content="%s">`, appSummary)
	line(`<meta property="og:type" content="website">`)
	line(`<meta property="og:title" content="%s">`, appTitle)
	line(`<meta property="og:description" content="%s">`, appSummary)
	line(`<meta name="referrer" content="no-referrer">`)
	line(`<meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)">`)
	line(`<meta name="theme-color" content="#11151a" media="(prefers-color-scheme: dark)">`)
	// Nothing waits for the loader: it comes beside the style sheets and holds up the first picture, where the
	// browser can be told so, but not the reading of the page.
	line(`<script src="loader.js%s" async blocking="render" data-version="%s" data-wasm="%s" data-wasm-unpacked="%s" data-wasm-bytes="%d" data-download="%s"></script>`,
		v, p.Version, programFile, unpackedFile, p.Raw, megabytes(p.Packed))
	for _, css := range []string{"tokens.css", "app.css", "shell.css"} {
		line(`<link rel="stylesheet" href="%s%s">`, css, v)
	}
	line(`<script src="wasm_exec.js%s" defer></script>`, v)
	line(`<link rel="icon" href="icon.svg" type="image/svg+xml">`)
	line(`<link rel="icon" href="icon-192.png" type="image/png" sizes="192x192">`)
	line(`<link rel="apple-touch-icon" href="icon-180.png">`)
	line(`<link rel="manifest" href="manifest.webmanifest">`)
	line(`</head>`)
	line(`<body>`)
	line(`<div id="app">%s</div>`, p.Body)
	line(`<div class="boot" id="boot" role="status" hidden><p id="boot-text"></p>` +
		`<progress id="boot-bar" max="1" value="0" aria-label="Download"></progress>` +
		`<button id="boot-again" type="button" hidden>Reload</button></div>`)
	line(`<noscript><div class="boot"><p>This is a worked example. The calculator needs JavaScript and WebAssembly; both run on this device only.</p></div></noscript>`)
	line(`</body>`)
	line(`</html>`)
	return b.Bytes()
}

// megabytes prints a size in MB (10⁶ bytes) with one decimal, as shown while loading.
func megabytes(n int) string { return fmt.Sprintf("%.1f", float64(n)/1e6) }

// workerConfig marks the line of sw.js that is filled in.
const workerConfig = `const config = { version: "", program: "", unpacked: "", files: [], lazy: {} };`

// serviceWorker fills in the version, the files to store, and those to store when they are first used with
// a hash of each.
func serviceWorker(source []byte, version string, files []string, lazy map[string]string) ([]byte, error) {
	if strings.Count(string(source), workerConfig) != 1 {
		return nil, fmt.Errorf("sw.js lacks the line %q", workerConfig)
	}
	config, err := json.Marshal(struct {
		Version  string            `json:"version"`
		Program  string            `json:"program"`
		Unpacked string            `json:"unpacked"`
		Files    []string          `json:"files"`
		Lazy     map[string]string `json:"lazy"`
	}{version, programFile, unpackedFile, files, lazy})
	if err != nil {
		return nil, err
	}
	return bytes.Replace(source, []byte(workerConfig), append(append([]byte("const config = "), config...), ';'), 1), nil
}
