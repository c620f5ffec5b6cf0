package e2e

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// patience is how long a wait may take. It is long because a machine may be busy; no test waits without need.
const patience = 90 * time.Second

// A tab is one page in a browser that remembers everything it complained about and asked for.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	problems []string // console errors, exceptions, blocked content
	requests []string // addresses
}

// A person is one visitor with storage of their own: their tabs share caches and the service worker.
type person struct {
	t       *testing.T
	storage cdp.BrowserContextID
}

func newPerson(t *testing.T) *person {
	t.Helper()
	outside.take()
	p := &person{t: t}
	var err error
	if p.storage, err = target.CreateBrowserContext().Do(browserExecutor()); err != nil {
		t.Fatalf("new storage: %v", err)
	}
	t.Cleanup(func() {
		if err := target.DisposeBrowserContext(p.storage).Do(browserExecutor()); err != nil {
			t.Errorf("dropping storage: %v", err)
		}
		for _, request := range outside.take() {
			t.Errorf("a request left for another origin: %s", request)
		}
	})
	return p
}

// browserExecutor lets actions act on the browser instead of a tab.
func browserExecutor() context.Context {
	return cdp.WithExecutor(chrome, chromedp.FromContext(chrome).Browser)
}

// tab opens an empty tab of 1280 × 800 pixels.
func (p *person) tab() *tab {
	p.t.Helper()
	id, err := target.CreateTarget("about:blank").WithBrowserContextID(p.storage).WithNewWindow(true).Do(browserExecutor())
	if err != nil {
		p.t.Fatalf("new tab: %v", err)
	}
	ctx, cancel := chromedp.NewContext(chrome, chromedp.WithTargetID(id))
	p.t.Cleanup(cancel)
	b := &tab{t: p.t, ctx: ctx}
	chromedp.ListenTarget(ctx, b.listen)
	b.do("opening a tab", network.Enable(), log.Enable(), runtime.Enable(), chromedp.EmulateViewport(1280, 800))
	b.do("listening for blocked content", onEveryPage(`
		self.blockedContent = [];
		addEventListener("securitypolicyviolation", (e) => blockedContent.push(e.violatedDirective + " " + e.blockedURI));
	`))
	return b
}

func (b *tab) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning || e.Type == runtime.APITypeAssert {
			var words []string
			for _, arg := range e.Args {
				words = append(words, string(arg.Value)+arg.Description)
			}
			b.problems = append(b.problems, "console: "+strings.Join(words, " "))
		}
	case *runtime.EventExceptionThrown:
		b.problems = append(b.problems, "exception: "+e.ExceptionDetails.Error())
	case *log.EventEntryAdded:
		if e.Entry.Level == log.LevelError {
			b.problems = append(b.problems, fmt.Sprintf("log: %s %s", e.Entry.Text, e.Entry.URL))
		}
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	}
}

// clean fails the test if the page complained or asked another origin for anything.
func (b *tab) clean(h *host) {
	b.t.Helper()
	var blocked []string
	b.eval("self.blockedContent || []", &blocked)
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range append(b.problems, blocked...) {
		b.t.Errorf("the page complained: %s", p)
	}
	own, err := url.Parse(h.base)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, r := range b.requests {
		if u, err := url.Parse(r); err != nil || (u.Host != own.Host && u.Scheme != "data" && u.Scheme != "blob") {
			b.t.Errorf("the page asked for %s", r)
		}
	}
}

// do runs browser actions; they must succeed in time.
func (b *tab) do(what string, actions ...chromedp.Action) {
	b.t.Helper()
	if err := b.try(actions...); err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
}

func (b *tab) try(actions ...chromedp.Action) error {
	if chromedp.FromContext(b.ctx).Target == nil { // the first run must not carry a deadline: it would end the tab
		if err := chromedp.Run(b.ctx); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, actions...)
}

func (b *tab) open(address string) {
	b.t.Helper()
	b.do("opening "+address, chromedp.Navigate(address))
}

// eval evaluates JavaScript, waiting for a promised value.
func (b *tab) eval(expression string, out any) {
	b.t.Helper()
	b.do(expression, chromedp.Evaluate(expression, out, func(p *runtime.EvaluateParams) *runtime.EvaluateParams {
		return p.WithAwaitPromise(true)
	}))
}

// final waits for the exact answer to the inputs as they are.
func (b *tab) final() {
	b.t.Helper()
	b.drawn()
	b.waitFor("the exact answer", `document.querySelector("[data-answer]")?.dataset.state === "final" && document.querySelector("[data-table-state]")?.dataset.tableState === "final"`)
}

// drawn waits until the page shows what it knows: the framework draws up to 8 ms after an input, and until
// then the answer to the inputs before would pass for the one to those as they are.
func (b *tab) drawn() {
	b.t.Helper()
	b.eval(`new Promise((done) => setTimeout(() => setTimeout(done, 20), 20))`, nil)
}

// close ends the tab, and with it any calculation that goes on in it.
func (b *tab) close() {
	b.t.Helper()
	b.do("closing a tab", page.Close())
}

// onEveryPage runs a script in each page before the page's own.
func onEveryPage(script string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(script).Do(ctx)
		return err
	})
}

// html returns the markup of an element, also where scripts are off.
func (b *tab) html(selector string) string {
	b.t.Helper()
	var markup string
	b.do("reading "+selector, chromedp.OuterHTML(selector, &markup, chromedp.ByQuery))
	return markup
}

// waitFor waits until the JavaScript expression is true. It asks from outside: the page's content policy
// forbids what the browser library would use inside.
func (b *tab) waitFor(what, expression string) {
	b.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		var ok bool
		// An evaluation fails while the page is being replaced.
		if err := b.try(chromedp.Evaluate("Boolean("+expression+")", &ok)); err == nil && ok {
			return
		}
		if time.Now().After(deadline) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.t.Fatalf("%s: still waiting after %v for %s; the page complained: %q", what, patience, expression, b.problems)
		}
	}
}

// ready waits until the program runs the page.
func (b *tab) ready() {
	b.t.Helper()
	var state, words string
	b.waitFor("the calculator starts", `["ready","failed","stopped"].includes(document.documentElement.dataset.boot)`)
	b.eval("document.documentElement.dataset.boot", &state)
	if state != "ready" {
		b.eval(`document.getElementById("boot-text").textContent`, &words)
		b.t.Fatalf("the calculator did not start: %s", words)
	}
}

// reload runs a script that loads the page anew and waits for the new one: until then the old one answers.
func (b *tab) reload(script string) {
	b.t.Helper()
	b.eval(`self.replaced = true; setTimeout(() => { `+script+` }); true`, nil)
	b.waitFor("the page is loaded anew", `!self.replaced`)
	b.ready()
}

// offlineReady waits until the site is stored for offline use.
func (b *tab) offlineReady() {
	b.t.Helper()
	b.waitFor("stored for offline use", `document.documentElement.dataset.offline === "ready"`)
}

// settled waits until the page has stopped changing: drawings follow the window's size after a pause.
func (b *tab) settled() {
	b.t.Helper()
	b.eval(`new Promise((done) => {
		const quiet = 400; // ms; the framework tells of a new size after 250
		const finish = () => { watch.disconnect(); done(1); };
		let timer = setTimeout(finish, quiet);
		const watch = new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(finish, quiet); });
		watch.observe(document.body, {attributes: true, childList: true, characterData: true, subtree: true});
	})`, nil)
}

// text returns the visible text of the first element that matches.
func (b *tab) text(selector string) string {
	b.t.Helper()
	var text string
	b.eval(fmt.Sprintf(`document.querySelector(%q)?.innerText ?? ""`, selector), &text)
	return text
}

func (b *tab) size(width, height int64) {
	b.t.Helper()
	b.do("resizing", chromedp.EmulateViewport(width, height))
}

// theme sets what the system prefers, "light" or "dark", and no motion: colors change at once.
func (b *tab) theme(name string) {
	b.t.Helper()
	b.do("theme", emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"}}))
}

// shot keeps a picture of the whole page, if pictures are wanted. The window is made as tall as the page for
// it, so that what sticks to the window's edges stands where it belongs.
func (b *tab) shot(name string) {
	b.t.Helper()
	if os.Getenv("E2E_SHOTS") == "" {
		return
	}
	var window struct{ Width, Height, Page int64 }
	b.eval(`({width: innerWidth, height: innerHeight, page: document.scrollingElement.scrollHeight})`, &window)
	b.size(window.Width, max(window.Height, window.Page))
	time.Sleep(500 * time.Millisecond) // charts follow the size after a pause
	b.view(name)
	b.size(window.Width, window.Height)
}

// view keeps a picture of what the window shows, if pictures are wanted.
func (b *tab) view(name string) {
	b.t.Helper()
	dir := os.Getenv("E2E_SHOTS")
	if dir == "" {
		return
	}
	var png []byte
	b.do("screenshot", chromedp.CaptureScreenshot(&png))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}
