//go:build !js

package cli

import (
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// files runs a verb with -o for each ending and returns what was written.
func files(t *testing.T, endings []string, args ...string) map[string]string {
	t.Helper()
	dir := t.TempDir()
	for _, e := range endings {
		args = append(args, "-o", filepath.Join(dir, "a."+e))
	}
	code, _, stderr := run("", args...)
	if code != exitDone || strings.Count(stderr, "Wrote ") != len(endings) {
		t.Fatalf("%q: code %d, %s", args, code, stderr)
	}
	out := map[string]string{}
	for _, e := range endings {
		b, err := os.ReadFile(filepath.Join(dir, "a."+e))
		if err != nil {
			t.Fatal(err)
		}
		out[e] = string(b)
	}
	return out
}

// pagesOf checks what every report holds and counts its pages: a footer with
// link, code, day of the data and disclaimer on each, and nothing that runs.
func pagesOf(t *testing.T, page, link string) int {
	t.Helper()
	pages := strings.Count(page, `<article class="leaf">`)
	if pages == 0 || !strings.HasPrefix(page, "<!doctype html>") || !strings.Contains(page, "--ink:") {
		t.Fatalf("no report: %.200s", page)
	}
	codes := pages
	if !strings.HasPrefix(link, "http") {
		codes = 0
	}
	for what, n := range map[string]int{"</footer></article>": pages, disclaimer: pages, "Data of 20": pages, `aria-label="The link as a QR code"`: codes} {
		if got := strings.Count(page, what); got < n || n == 0 && got > 0 {
			t.Errorf("%q stands %d times on %d pages", what, got, pages)
		}
	}
	if escaped := strings.NewReplacer("&", "&amp;", "'", "'").Replace(link); strings.Count(page, ">"+escaped+"<") != pages {
		t.Errorf("the link %s stands on %d of %d pages", link, strings.Count(page, ">"+escaped+"<"), pages)
	}
	if bad := regexp.MustCompile(`(?i:<script|\son\w+=|javascript:|\sstyle="|src="http)|\bNaN\b|\bInf\b|%!`).FindString(page[strings.Index(page, "<body"):]); bad != "" {
		t.Errorf("the report contains %q", bad)
	}
	return pages
}

// rects are the widths of a drawing's rectangles of a class.
func rects(t *testing.T, svg, class string) (widths []float64) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return widths
		}
		if err != nil {
			t.Fatalf("the drawing is no XML: %v", err)
		}
		e, ok := token.(xml.StartElement)
		if !ok || e.Name.Local != "rect" {
			continue
		}
		width, is := 0.0, false
		for _, a := range e.Attr {
			if a.Name.Local == "width" {
				width, _ = strconv.ParseFloat(a.Value, 64)
			}
			is = is || a.Name.Local == "class" && a.Value == class
		}
		if is {
			widths = append(widths, width)
		}
	}
}

// estimate writes the report of its one replica and the load curves.
func TestEstimateReport(t *testing.T) {
	const in = "g=h100-sxm&flight=8&in=1k&out=100&n=%3Cb%3EPilot%26Co"
	out := files(t, []string{"html", "svg", "csv"}, "estimate", "-site", "https://fleetsize.example/app", in)
	page := out["html"]
	if n := pagesOf(t, page, "https://fleetsize.example/app/#v=1&in=1000&out=100&flight=8&g=h100-sxm-80gb&n=%3Cb%3EPilot%26Co"); n != 4 {
		t.Errorf("%d pages", n)
	}
	for _, want := range []string{"1 × H100 SXM", "8 requests in flight", "meets every target", "loadchart", "Memory of one replica", "vllm serve", "Requests in flight", "&lt;b&gt;Pilot&amp;Co"} {
		if !strings.Contains(page, want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	// The figures are those of the other forms.
	records := strings.Split(strings.TrimSpace(out["csv"]), "\n")
	names, values := strings.Split(strings.TrimSpace(records[0]), ","), strings.Split(strings.TrimSpace(records[1]), ",")
	for i, name := range names {
		if name == "ttft_p95_ms" {
			ms, _ := strconv.ParseFloat(values[i], 64)
			if want := strconv.FormatFloat(ms, 'g', 3, 64) + "\u00a0ms"; !strings.Contains(strings.ReplaceAll(page, " ms", "\u00a0ms"), want) {
				t.Errorf("the report lacks the TTFT %s", want)
			}
		}
	}
	svg := out["svg"]
	rects(t, svg, "")
	for _, want := range []string{`xmlns="http://www.w3.org/2000/svg"`, "TTFT p95", "Time per token p95", "Requests/s per GPU"} {
		if !strings.Contains(svg, want) {
			t.Errorf("the drawing lacks %q", want)
		}
	}
	if strings.Contains(svg, "data-x") || strings.Contains(svg, "<script") {
		t.Error("the drawing has parts to press")
	}
	// Without an address there is nothing a code could open.
	pagesOf(t, files(t, []string{"html"}, "estimate", in)["html"], "#v=1&in=1000&out=100&flight=8&g=h100-sxm-80gb&n=%3Cb%3EPilot%26Co")
}

// sweep writes a report with all cells and a bar for each that is served.
func TestSweepReport(t *testing.T) {
	const in = "m=llama-3.1-8b,llama-3.3-70b&g=h100-sxm,t4&q=fp8&rps=5,10"
	out := files(t, []string{"html", "svg", "csv"}, "sweep", in, "-site", "http://fleetsize.example/app/index.html")
	page := out["html"]
	pagesOf(t, page, "http://fleetsize.example/app/index.html")
	for _, want := range []string{"Sweep of 8 sizings", "Lowest cost: Llama 3.1 8B Instruct, H100 SXM, 5 req/s", "Llama 3.3 70B Instruct", "<th scope=\"col\">Accelerator</th>", "not served",
		`href="http://fleetsize.example/app/index.html#v=1&amp;`} {
		if !strings.Contains(page, want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	if rows := strings.Count(page, `<th scope="row">`); rows != 8 {
		t.Errorf("%d rows of 8", rows)
	}
	if n := strings.Count(out["csv"], ",http://fleetsize.example/app/index.html#v=1"); n != 8 {
		t.Errorf("%d full addresses in the CSV:\n%s", n, out["csv"])
	}
	// Bars are as long as the costs of the CSV are high.
	var usd []float64
	lines := strings.Split(strings.TrimSpace(out["csv"]), "\n")
	column := -1
	for i, name := range strings.Split(strings.TrimSpace(lines[0]), ",") {
		if name == "usd_month" {
			column = i
		}
	}
	for _, l := range lines[1:] {
		if x, err := strconv.ParseFloat(strings.Split(l, ",")[column], 64); err == nil {
			usd = append(usd, x)
		}
	}
	bars := rects(t, out["svg"], "m2")
	if len(bars) != len(usd) || len(bars) < 3 {
		t.Fatalf("%d bars, %d costs", len(bars), len(usd))
	}
	for i := range bars {
		if ratio := bars[i] / bars[0] / (usd[i] / usd[0]); ratio < 0.97 || ratio > 1.03 {
			t.Errorf("bar %d is %g px for %g USD, bar 0 %g px for %g", i, bars[i], usd[i], bars[0], usd[0])
		}
	}
	// Where a price is missing GPUs are drawn; a single cell is a sweep, too.
	for in, want := range map[string]string{"g=h100-sxm,b100&m=llama-3.1-8b": "Fewest GPUs: ", "g=h100-sxm": "1 sizing. Lowest cost: ", "m=llama-3.1-8b&ttft=1ms": "nothing serves any of them"} {
		if page := files(t, []string{"html", "svg"}, "sweep", in)["html"]; !strings.Contains(page, want) {
			t.Errorf("%s: the report lacks %q", in, want)
		} else {
			pagesOf(t, page, "fleetsize sweep '"+in+"'")
		}
	}
}

// -site makes links full addresses in every form that carries one.
func TestSite(t *testing.T) {
	const link = "https://fleetsize.example/app/#v=1&rps=3&g=h100-sxm-80gb"
	out := files(t, []string{"html", "md"}, "size", "rps=3&g=h100-sxm", "-site", "https://fleetsize.example/app")
	pagesOf(t, out["html"], link)
	if !strings.Contains(strings.ReplaceAll(out["md"], `\`, ""), link) {
		t.Errorf("the Markdown lacks %s", link)
	}
	// It takes the place of the address that the link came with.
	out = files(t, []string{"md"}, "size", "-site", "https://fleetsize.example/app/", "https://elsewhere.example/#rps=3&g=h100-sxm")
	if !strings.Contains(strings.ReplaceAll(out["md"], `\`, ""), link) || strings.Contains(out["md"], "elsewhere") {
		t.Error("-site does not take the place of the address of the link")
	}
	for in, want := range map[string]string{"https://a.example": "https://a.example/", "http://a.example:8080/x": "http://a.example:8080/x/", "https://a.example/x/": "https://a.example/x/", "https://a.example/x.html": "https://a.example/x.html"} {
		if got, err := siteOf(in); got != want || err != nil {
			t.Errorf("siteOf(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"", "a.example", "ftp://a.example/", "https://", "https://a.example/#v=1", "https://a.example/?v=1", "https://a.example/#", "javascript:alert(1)"} {
		if got, err := siteOf(in); err == nil {
			t.Errorf("siteOf(%q) = %q", in, got)
		}
	}
	if code, _, stderr := run("", "size", "g=h100-sxm", "-site", "a.example"); code != exitUsage || !strings.Contains(stderr, "write for example -site https://host/path/") {
		t.Errorf("code %d, %s", code, stderr)
	}
}
