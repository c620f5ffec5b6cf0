package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// start opens the page with a link, live and with its exact answer.
func start(t *testing.T, h *host, p *person, link string) *tab {
	t.Helper()
	b := p.tab()
	b.t = t
	b.open(h.base + link)
	b.live()
	return b
}

// live waits until the program runs the page and the answer is exact.
func (b *tab) live() {
	b.t.Helper()
	b.ready()
	b.waitFor("the page is live", `document.documentElement.dataset.ready === "true"`)
	b.final()
}

// click presses the mouse in the middle of the first visible element that matches, once it has come to
// rest and nothing covers it.
func (b *tab) click(selector string) {
	b.t.Helper()
	find := fmt.Sprintf(`(() => {
		const e = [...document.querySelectorAll(%q)].find((e) => e.getClientRects().length > 0);
		if (!e) return null;
		const at = () => {
			const box = e.getBoundingClientRect(), x = box.left + box.width / 2, y = box.top + box.height / 2;
			const hit = document.elementFromPoint(x, y);
			return {x, y, inside: box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth,
				free: hit !== null && (e.contains(hit) || e.labels !== undefined && [...e.labels].some((l) => l.contains(hit)))};
		};
		const here = at();
		if (here.inside && here.free) return here;
		e.scrollIntoView({block: "center", behavior: "instant"}); // from outside the window, or from below a bar
		return at();
	})()`, selector)
	type place struct {
		X, Y float64
		Free bool
	}
	var last *place
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		var now *place
		b.eval(find, &now)
		if now != nil && now.Free && last != nil && *now == *last {
			b.do("clicking "+selector, chromedp.MouseClickXY(now.X, now.Y))
			return
		}
		last = now
	}
	b.t.Fatalf("%s cannot be clicked: found at %+v", selector, last)
}

// keys presses keys wherever the focus is.
func (b *tab) keys(keys ...string) {
	b.t.Helper()
	for _, k := range keys {
		b.do("pressing "+k, chromedp.KeyEvent(k))
	}
}

// chord presses letters one right after the other: the page takes them as one only within a time, and a busy
// machine may take longer than that from key to key.
func (b *tab) chord(letters ...string) {
	b.t.Helper()
	b.eval(fmt.Sprintf(`for (const key of %q.split(" ")) document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true})); true`, strings.Join(letters, " ")), nil)
}

// insert replaces what a field holds, as one input.
func (b *tab) insert(field, text string) {
	b.t.Helper()
	b.click(field)
	b.eval(fmt.Sprintf(`document.querySelector(%q).select()`, field), nil)
	b.do("typing "+text, input.InsertText(text))
}

// edit does something that changes the inputs, and waits for the exact answer to it.
func (b *tab) edit(act func()) {
	b.t.Helper()
	const edits = `performance.getEntriesByName("fleetsize-edit").length`
	var before int
	b.eval(edits, &before)
	act()
	b.waitFor("the edit shows", fmt.Sprintf("%s > %d", edits, before))
	b.final()
}

// busy selects what says that an answer, a study or a drawing is not there yet.
const busy = `[data-table-state]:not([data-table-state=final]), [data-answer]:not([data-state=final]), [data-state=computing], .prog:not(.done), .stale`

// complete waits until everything the view computes is there.
func (b *tab) complete() {
	b.t.Helper()
	b.drawn()
	b.waitFor("all is computed and drawn", fmt.Sprintf(`!document.querySelector(%q)`, busy))
}

// mostTabs is more than any view has stops of the Tab key.
const mostTabs = 400

// tabTo presses Tab until an element has the focus, once the view is complete.
func (b *tab) tabTo(selector string) {
	b.t.Helper()
	b.complete()
	var trail []string
	for range mostTabs {
		var at struct {
			There bool
			Name  string
		}
		b.eval(fmt.Sprintf(`(() => { const e = document.activeElement; return {There: e.matches(%q), Name: e.tagName + "#" + e.id + " " + (e.ariaLabel ?? e.textContent).slice(0, 40)}; })()`, selector), &at)
		if at.There {
			return
		}
		trail = append(trail, at.Name)
		b.keys(kb.Tab)
	}
	b.t.Fatalf("%d presses of the Tab key do not reach %s; the last went to %q", mostTabs, selector, trail[len(trail)-5:])
}

func (b *tab) headline() string {
	b.t.Helper()
	return strings.ReplaceAll(b.text("[data-headline]"), "\u00a0", " ")
}

// link returns the state in the address bar, once it has stopped changing.
func (b *tab) link() string {
	b.t.Helper()
	b.waitFor("the address is written", `fleetsize.pending === ""`)
	var hash string
	b.eval("location.hash", &hash)
	return strings.TrimPrefix(hash, "#")
}

// copied returns what the clipboard holds.
func (b *tab) copied() string {
	b.t.Helper()
	var text string
	b.eval("navigator.clipboard.readText()", &text)
	return text
}

// clipboard is the one of the browser: who uses it has it to the end of the test.
var clipboard sync.Mutex

func (p *person) allowClipboard() {
	p.t.Helper()
	clipboard.Lock()
	p.t.Cleanup(clipboard.Unlock)
	allow := browser.GrantPermissions([]browser.PermissionType{browser.PermissionTypeClipboardReadWrite, browser.PermissionTypeClipboardSanitizedWrite})
	if err := allow.WithBrowserContextID(p.storage).Do(browserExecutor()); err != nil {
		p.t.Fatalf("allowing the clipboard: %v", err)
	}
}

// A fleet is one accelerator of an answer and how many of it are needed.
type fleet struct {
	GPU  string `json:"gpu"`
	GPUs int    `json:"gpus"`
}

// table reads the page's whole table, in its order.
func (b *tab) table() []fleet {
	b.t.Helper()
	b.eval(`(() => { const all = document.getElementById("show-all"); if (all && !all.hidden && all.getAttribute("aria-expanded") !== "true") all.click(); })()`, nil)
	b.waitFor("all rows", `(() => { const all = document.getElementById("show-all"); return !all || all.hidden || all.getAttribute("aria-expanded") === "true"; })()`)
	var rows []fleet
	b.eval(`[...document.querySelectorAll("tr[data-gpu]")].map((row) => ({
		gpu: row.dataset.gpu,
		gpus: Number(row.querySelector('td[data-l="GPUs"] b').textContent.replaceAll(",", "")),
	}))`, &rows)
	return rows
}

// sized asks the command line for the answer to a link.
func sized(t *testing.T, link string) []fleet {
	t.Helper()
	command := []string{"go", "run", "."}
	if own := os.Getenv("E2E_COMMAND"); own != "" {
		command = []string{own}
	}
	cmd := exec.Command(command[0], append(command[1:], "size", "-json", link)...)
	cmd.Dir = filepath.Join("..", "..")
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("size -json %q: %v\n%s", link, err, errs.String())
	}
	var answer struct{ Options []fleet }
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatalf("size -json %q: %v", link, err)
	}
	return answer.Options
}

// sameAsCommand checks that the page and the command line give the same answer, row by row.
func (b *tab) sameAsCommand() {
	b.t.Helper()
	link := b.link()
	page, command := b.table(), sized(b.t, link)
	if len(page) == 0 {
		b.t.Errorf("no row for %s", link)
	}
	if fmt.Sprint(page) != fmt.Sprint(command) {
		b.t.Errorf("for %s the page shows\n%v\nand the command\n%v", link, page, command)
	}
}

// noSidewaysScroll checks that the page fits its width.
func (b *tab) noSidewaysScroll() {
	b.t.Helper()
	var width struct{ Page, Window int }
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		b.eval(`({page: document.scrollingElement.scrollWidth, window: innerWidth})`, &width)
		if width.Page <= width.Window { // drawings follow the window's size after a pause
			return
		}
	}
	if width.Page > width.Window {
		var wide []string
		b.eval(`[...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(e).position !== "fixed").slice(0, 8).map((e) => e.tagName + "." + e.className + "#" + e.id)`, &wide)
		b.t.Errorf("the page is %d wide in a window of %d; too wide: %v", width.Page, width.Window, wide)
	}
}
