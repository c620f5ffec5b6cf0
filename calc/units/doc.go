// Package units reads quantities as people type them and prints them as people
// read them.
//
// Everything inside the program is in base units: seconds, bytes, requests per
// second, USD, shares. This package is the edge where "1.5M/day", "500ms" and
// "2,500" come in and "$7,300", "3.53 min" and "62 %" go out. Page, command
// line and exports all print through it, so one value reads the same everywhere.
//
// Printing rounds once, to significant digits, and every switch of unit looks
// at the rounded value: 0.99996 s is "1 s", never "1,000 ms". Printed numbers
// parse back to the value printed. NaN and infinities print as words.
package units
