// Package e2e drives the written site in a headless Chromium: what a person sees, online, offline, and from
// any path. It is a module of its own, so that the program's go.mod names no test tool.
//
// Environment:
//
//	E2E_SITE      folder of a written site to test, instead of building one
//	E2E_SHOTS     folder for screenshots; without it none are kept
//	E2E_CHROMIUM  the browser to use, instead of the one on the path
package e2e
