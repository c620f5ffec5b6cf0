// Package chart draws Fleetsize's charts as SVG.
//
// Each kind of chart is one pure function from data and a width in CSS pixels
// to a [Chart]: [Lines], [Panels] and [Stack]. A Chart is a small node tree
// with three writers: UI for the live page (go-app elements), Markup for
// pre-rendered pages, and SVG for a file that stands alone. It also carries
// what a reader who cannot see it needs: a title and a description with the
// key values, a data table, exact values as CSV, and a sentence for every
// point, in reading order.
//
// # Units
//
// One unit of a drawing is one CSS pixel; charts are drawn at the width they
// are shown at, so text keeps its size. Data are in whatever unit the axis
// names; the package never converts.
//
// # Styling
//
// The page's policy allows no inline styles. Elements carry class names
// (".ln", ".dt", ".rule", …, styled by the page's sheet) and SVG presentation
// attributes that hold geometry. SVG embeds the light theme so that an exported
// file looks the same anywhere.
//
// # Robustness
//
// Values that are NaN or infinite, and values at or below zero on a
// logarithmic axis, are unknown: they are left out of the drawing and shown as
// words in the table. A chart without a single known value says so in words.
// Texts never overlap: a label that finds no room moves away from its point
// with a leader line, and one that still finds none is left to the table.
package chart
