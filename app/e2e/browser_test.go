package e2e

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/chromedp"
)

// chrome is the one Chromium that all tests share; each test has its own storage and cookies in it.
var chrome context.Context

// outside records every request that any part of the browser, workers included, sends beyond loopback:
// they end in a proxy that answers none.
var outside proxyLog

type proxyLog struct {
	mu    sync.Mutex
	hosts []string
}

// browserOwn are the hosts that Chromium itself asks now and then, whatever page is open.
var browserOwn = []string{
	"accounts.google.com", "clients2.google.com", "content-autofill.googleapis.com",
	"optimizationguide-pa.googleapis.com", "redirector.gvt1.com", "update.googleapis.com",
}

func (p *proxyLog) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if name, _, _ := strings.Cut(r.Host, ":"); !slices.Contains(browserOwn, name) {
		p.mu.Lock()
		p.hosts = append(p.hosts, r.Method+" "+r.Host+" "+r.URL.Path)
		p.mu.Unlock()
	}
	http.Error(w, "no way out", http.StatusForbidden)
}

// take returns the recorded requests and forgets them.
func (p *proxyLog) take() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	hosts := p.hosts
	p.hosts = nil
	return hosts
}

func startBrowser(profile string) (stop func(), err error) {
	name := os.Getenv("E2E_CHROMIUM")
	if name == "" {
		for _, candidate := range []string{"chromium", "chromium-browser", "google-chrome"} {
			if found, err := exec.LookPath(candidate); err == nil {
				name = found
				break
			}
		}
	}
	if name == "" {
		return nil, fmt.Errorf("no Chromium found; install it (make deps) or name it in E2E_CHROMIUM")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	proxy := &http.Server{Handler: &outside}
	go proxy.Serve(listener)

	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(name),
		chromedp.UserDataDir(profile),
		chromedp.NoSandbox, // the tests may run as root in a container
		chromedp.DisableGPU,
		chromedp.ProxyServer("http://"+listener.Addr().String()),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-domain-reliability", true),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("force-color-profile", "srgb"),
	)
	allocator, cancelAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	quiet := func(format string, args ...any) {
		// Newer browsers send events that this version of the protocol does not know.
		if !strings.Contains(format, "unmarshal") {
			fmt.Fprintf(os.Stderr, format+"\n", args...)
		}
	}
	var cancelBrowser context.CancelFunc
	chrome, cancelBrowser = chromedp.NewContext(allocator, chromedp.WithErrorf(quiet), chromedp.WithLogf(func(string, ...any) {}))
	stop = func() {
		chromedp.Cancel(chrome)
		cancelBrowser()
		cancelAllocator()
		proxy.Close()
	}
	if err := chromedp.Run(chrome); err != nil {
		stop()
		return nil, fmt.Errorf("starting %s: %w", name, err)
	}
	return stop, nil
}
