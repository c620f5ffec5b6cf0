//go:build !js

package site

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

const serveUsage = `Usage: fleetsize serve [-addr HOST:PORT] [-dir DIR] [-wasm FILE]

Serves the browser edition, by default to this computer only.

`

// portTries is how many ports after a taken one are tried.
const portTries = 20

// Serve is the verb "serve". It builds the site, or takes the one in a folder, serves it until it is
// interrupted, and returns the exit code.
func Serve(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return serve(ctx, args, stdout, stderr)
}

func serve(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := newFlags("serve", serveUsage, "fleetsize serve -addr 127.0.0.1:9000", stdout)
	addr := flags.String("addr", "127.0.0.1:8080", "address to listen on; port 0 takes any free port")
	dir := flags.String("dir", "", "folder written by site; without it the site is built from the source folder")
	wasm := flags.String("wasm", "", "`FILE` with the program, instead of building it")
	if code, stop := parse(flags, args, stderr); stop {
		return code
	}
	if *dir != "" && *wasm != "" {
		fmt.Fprintln(stderr, "fleetsize serve: -dir and -wasm exclude each other; a written site has its program")
		return exitUsage
	}
	// Listen first: a wrong address should not cost a build.
	listener, err := listen(*addr, stderr)
	if err != nil {
		fmt.Fprintln(stderr, "fleetsize serve:", err)
		return exitUsage
	}
	defer listener.Close()
	handler, err := handlerFor(*dir, *wasm, stderr)
	if err != nil {
		fmt.Fprintln(stderr, "fleetsize serve:", err)
		return exitFailed
	}
	fmt.Fprintf(stdout, "Fleetsize is at http://%s/ (Ctrl+C ends)\n", listener.Addr())
	if err := serveUntilDone(ctx, listener, handler); err != nil {
		fmt.Fprintln(stderr, "fleetsize serve:", err)
		return exitFailed
	}
	return exitDone
}

func handlerFor(dir, wasm string, stderr io.Writer) (http.Handler, error) {
	if dir != "" {
		s, err := Open(dir)
		if err != nil {
			return nil, err
		}
		return s.Handler(), nil
	}
	fmt.Fprintln(stderr, "Building the program; the first time takes a minute.")
	in, err := load(wasm)
	if err != nil {
		return nil, err
	}
	s, err := New(in)
	if err != nil {
		return nil, err
	}
	return s.Handler(), nil
}

// listen opens the address. If its port is taken, the next free one after it is used, and stderr says so.
func listen(addr string, stderr io.Writer) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	if err == nil {
		return listener, nil
	}
	host, portText, splitErr := net.SplitHostPort(addr)
	port, portErr := strconv.Atoi(portText)
	if splitErr != nil || portErr != nil {
		return nil, fmt.Errorf("address %q is not HOST:PORT; for example 127.0.0.1:8080", addr)
	}
	if !errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("cannot listen on %s: %w", addr, err)
	}
	for next := port + 1; next <= min(port+portTries, 65535); next++ {
		listener, nextErr := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(next)))
		if nextErr == nil {
			fmt.Fprintf(stderr, "Port %d is taken by another program; using %d.\n", port, next)
			return listener, nil
		}
	}
	return nil, fmt.Errorf("ports %d to %d are taken; give another address with -addr", port, port+portTries)
}

// serveUntilDone serves until the context ends, then lets running requests finish.
func serveUntilDone(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		return server.Close()
	}
	return nil
}
