package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// papers are what a report is printed on, in inches.
var papers = []struct {
	name          string
	width, height float64
}{{"a4", 8.27, 11.69}, {"letter", 8.5, 11}}

// The report prints on A4 and Letter: every article is one page, nothing is cut off, and each page has the
// link, the data's date and the disclaimer. The chrome of the page stays off the paper, in the dark theme too.
func TestReportPrints(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/repo/")
	p := newPerson(t)
	for name, link := range map[string]string{
		"example": "#v=1&rps=10&n=Acme%20RAG%20pilot&ok=in,rps&t=report",
		"rich":    "#v=1&users=2500&rph=12&peak=2.5&m=llama-3-3-70b&q=fp8&grow=30&yrs=3&buy=own&kwh=0.14&chunks=9&emb=bge-large-en-v1-5&ret=50ms&b.g=h200-sxm-141gb&b.n=Fewer&t=report",
	} {
		b := p.tab()
		b.open(h.base + link)
		b.ready()
		b.waitFor("the page is live", `document.documentElement.dataset.ready === "true"`)
		b.waitFor("the exact report", `document.querySelector("[data-report]")?.dataset.report === "final"`)
		b.shot("report-" + name)
		b.theme("dark")
		var leaves int
		b.eval(`document.querySelectorAll(".leaf").length`, &leaves)
		if leaves < 6 {
			t.Errorf("%s: %d pages", name, leaves)
		}
		for _, paper := range papers {
			b.fitsOn(name+" "+paper.name, paper.width, paper.height)
			b.prints(name, paper.name, paper.width, paper.height, leaves)
		}
		b.clean(h)
		b.close()
	}
}

// fitsOn checks the printed layout: no text wider than its place, no page longer than the paper, light colors.
func (b *tab) fitsOn(what string, width, height float64) {
	b.t.Helper()
	const marginX, marginY = 28 / 25.4, 24 / 25.4 // of the style sheet
	w, h := int64((width-marginX)*96), int64((height-marginY)*96)
	b.do("print layout", emulation.SetEmulatedMedia().WithMedia("print"), chromedp.EmulateViewport(w, h))
	var cut []string
	b.eval(`[...document.querySelectorAll(".leaf, .leaf *")].filter((e) => {
		if (e.closest("svg") && e.tagName !== "svg") return false;
		const box = e.getBoundingClientRect(), page = e.closest(".leaf").getBoundingClientRect();
		return e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 && getComputedStyle(e).overflowX !== "visible" ||
			box.right > page.right + 1 || box.left < page.left - 1 ||
			e.matches(".leaf") && e.offsetHeight > innerHeight + 1;
	}).map((e) => e.tagName + "." + (e.getAttribute("class") || "") + " " + Math.round(e.getBoundingClientRect().height) + " " + (e.textContent || "").slice(0, 40)).slice(0, 5)`, &cut)
	if len(cut) > 0 {
		b.t.Errorf("%s: does not fit: %q", what, cut)
	}
	var ink string
	b.eval(`getComputedStyle(document.querySelector(".leaf > h2:not(.say)")).color`, &ink)
	if ink != "rgb(18, 22, 28)" {
		b.t.Errorf("%s: the ink is %s, want that of the light theme", what, ink)
	}
	b.do("screen layout", emulation.SetEmulatedMedia().WithMedia(""), chromedp.EmulateViewport(1280, 800))
}

// prints checks the PDF itself, and keeps pictures of its pages where pictures are wanted.
func (b *tab) prints(name, paper string, width, height float64, leaves int) {
	b.t.Helper()
	var pdf []byte
	b.do("printing", chromedp.ActionFunc(func(ctx context.Context) (err error) {
		pdf, _, err = page.PrintToPDF().WithPaperWidth(width).WithPaperHeight(height).WithPrintBackground(true).Do(ctx)
		return err
	}))
	dir := b.t.TempDir()
	if shots := os.Getenv("E2E_SHOTS"); shots != "" {
		dir = filepath.Join(shots, "print-"+name+"-"+paper)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			b.t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "report.pdf")
	if err := os.WriteFile(file, pdf, 0o644); err != nil {
		b.t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", "-layout", file, "-").Output()
	if err != nil {
		b.t.Fatalf("pdftotext: %v; install it with make deps", err)
	}
	pages := strings.Split(strings.TrimSuffix(string(text), "\f"), "\f")
	if len(pages) != leaves {
		b.t.Errorf("%s on %s: %d printed pages for %d articles", name, paper, len(pages), leaves)
	}
	for i, said := range pages {
		for _, want := range []string{"Engineering estimate for planning. Not a quote or a performance guarantee.", fmt.Sprintf("page %d of %d", i+1, leaves), "Data of 20", "http://"} {
			if !strings.Contains(said, want) {
				b.t.Errorf("%s on %s: page %d lacks %q", name, paper, i+1, want)
			}
		}
		for _, chrome := range []string{"Report preview", "Copy link", "Print or PDF", "Keyboard"} {
			if strings.Contains(said, chrome) {
				b.t.Errorf("%s on %s: page %d shows %q of the page's own", name, paper, i+1, chrome)
			}
		}
	}
	if out, err := exec.Command("pdftoppm", "-r", "110", "-png", file, filepath.Join(dir, "page")).CombinedOutput(); err != nil {
		b.t.Fatalf("pdftoppm: %v %s; install it with make deps", err, out)
	}
	// A page that came out white says that something did not print.
	pictures, _ := filepath.Glob(filepath.Join(dir, "page*.png"))
	for _, picture := range pictures {
		if info, err := os.Stat(picture); err != nil || info.Size() < 15000 {
			b.t.Errorf("%s on %s: %s is nearly empty", name, paper, filepath.Base(picture))
		}
	}
}

// The QR code that the page shows leads to the sizing.
func TestQRCodeLeadsBack(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/repo/")
	b := start(t, h, newPerson(t), "#v=1&rps=4&w=chat&g=h100-sxm,l40s")
	b.click("#share")
	b.click("#show-qr")
	b.waitFor("the code is shown", `document.querySelector("#hand-dialog[open] .qrbig") !== null`)
	var shot []byte
	b.do("a picture of the code", chromedp.Screenshot(".qrbig", &shot, chromedp.ByQuery))
	file := filepath.Join(t.TempDir(), "code.png")
	if err := os.WriteFile(file, shot, 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("zbarimg", "-q", "--raw", file).Output()
	if err != nil {
		t.Fatalf("zbarimg: %v; install it with make deps", err)
	}
	var address string
	b.eval("location.href", &address)
	if got := strings.TrimSpace(string(out)); got != address {
		t.Errorf("the code leads to %s, the page is %s", got, address)
	}
	b.click("#hand-close")
	b.clean(h)
}
