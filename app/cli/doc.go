// Package cli is the command line: the same engine and the same links as the
// page, for scripts and for people without a browser.
//
// Every verb returns an exit code: 0 answered (also when nothing is viable),
// 1 failed, 2 bad input, 3 cut short with what was finished written. Answers
// go to stdout, everything else to stderr.
package cli
