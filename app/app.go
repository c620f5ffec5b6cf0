// Package app is where the two programs part: Main is the page when built for
// js/wasm and the command line otherwise.
package app
