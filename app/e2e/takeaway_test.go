package e2e

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp/kb"
)

// downloads has the person's downloads land in a folder.
func (p *person) downloads() string {
	p.t.Helper()
	dir := p.t.TempDir()
	allow := browser.SetDownloadBehavior(browser.SetDownloadBehaviorBehaviorAllow).WithBrowserContextID(p.storage).WithDownloadPath(dir)
	if err := allow.Do(browserExecutor()); err != nil {
		p.t.Fatalf("allowing downloads: %v", err)
	}
	return dir
}

// downloaded waits for a file and returns what is in it.
func downloaded(t *testing.T, dir, name string) []byte {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if b, err := os.ReadFile(filepath.Join(dir, name)); err == nil && len(b) > 0 {
			return b
		}
	}
	list, _ := os.ReadDir(dir)
	t.Fatalf("%s did not arrive; there is %v", name, list)
	return nil
}

// What the page lets people take away says what the command writes for the same link.
func TestTakeAway(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/repo/")
	p := newPerson(t)
	dir := p.downloads()
	const link = "v=1&rps=4&w=chat&g=h100-sxm-80gb,l40s"
	b := start(t, h, p, "#"+link)
	b.waitFor("the price of latency, which goes along", `document.querySelector("#price svg.ch")`)
	b.click("#share") // the name is given on the page, and stays in the link
	b.click("#show-name")
	b.waitFor("the dialog", `document.querySelector("#hand-dialog").open && document.querySelector("#name")`)
	b.insert("#name", "Take away")
	b.keys(kb.Enter)
	b.waitFor("the name is in the link", `location.hash.includes("n=Take%20away") && document.querySelector("header .name").textContent === "Take away"`)
	b.click("#hand-close")
	b.waitFor("the dialog is closed", `!document.querySelector("#hand-dialog").open`)
	for _, id := range []string{"save-xlsx", "save-table", "save-json", "save-svg", "save-png", "save-html"} {
		b.click("#share")
		b.click("#" + id)
	}
	name := "fleetsize-Take-away"

	command := []string{"go", "run", "."}
	if own := os.Getenv("E2E_COMMAND"); own != "" {
		command = []string{own}
	}
	out := t.TempDir()
	args := append(command[1:], "size", link+"&n=Take%20away")
	for _, ending := range []string{"xlsx", "csv", "json"} {
		args = append(args, "-o", filepath.Join(out, "answer."+ending))
	}
	cmd := exec.Command(command[0], args...)
	cmd.Dir = filepath.Join("..", "..")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("size -o: %v\n%s", err, text)
	}
	written := func(ending string) []byte {
		content, err := os.ReadFile(filepath.Join(out, "answer."+ending))
		if err != nil {
			t.Fatal(err)
		}
		return content
	}

	for _, sheet := range []string{"xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml", "xl/worksheets/sheet5.xml", "xl/workbook.xml"} {
		page, own := part(t, downloaded(t, dir, name+".xlsx"), sheet), part(t, written("xlsx"), sheet)
		if page != own {
			t.Errorf("%s of the page's workbook differs from the command's%s", sheet, difference(page, own))
		}
	}
	if got, want := string(downloaded(t, dir, name+".csv")), string(written("csv")); got != want {
		t.Errorf("the page's CSV differs from the command's%s", difference(got, want))
	}
	var page, own map[string]any
	if err := json.Unmarshal(downloaded(t, dir, name+".json"), &page); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(written("json"), &own); err != nil {
		t.Fatal(err)
	}
	if page["schema_version"] != 1.0 || fmt.Sprint(page["options"]) != fmt.Sprint(own["options"]) {
		t.Error("the page's JSON differs from the command's")
	}
	if svg := string(downloaded(t, dir, name+".svg")); !strings.HasPrefix(svg, "<?xml") || !strings.Contains(svg, "H100 SXM") {
		t.Error("the chart is no SVG of the price of latency")
	}
	picture, err := png.Decode(bytes.NewReader(downloaded(t, dir, name+".png")))
	if err != nil || picture.Bounds().Dx() < 1900 {
		t.Errorf("the chart's picture: %v", err)
	} else {
		colors := map[[3]uint32]bool{}
		for y := range picture.Bounds().Dy() {
			for x := range picture.Bounds().Dx() {
				r, g, b, _ := picture.At(x, y).RGBA()
				colors[[3]uint32{r, g, b}] = true
			}
		}
		if len(colors) < 20 {
			t.Errorf("the chart's picture has %d colors: it is empty", len(colors))
		}
	}
	report := string(downloaded(t, dir, name+".html"))
	for _, want := range []string{"<!doctype html>", "--ink:", `<article class="leaf">`, "report-price", "The link as a QR code"} {
		if !strings.Contains(report, want) {
			t.Errorf("the saved report lacks %s", want)
		}
	}
	if strings.Contains(report, "<script") {
		t.Error("the saved report holds a script")
	}

	// What nobody has confirmed is asked about until somebody does.
	b.click("#share")
	b.click("#show-ask")
	b.waitFor("the questions", `document.querySelector("#hand-dialog").open && document.querySelector("#ask-in") && document.querySelector("#ask-ttft")`)
	b.click("#ask-in")
	b.waitFor("one less", `!document.querySelector("#ask-in") && document.activeElement.id.startsWith("ask-") && location.hash.includes("ok=in")`)
	b.clean(h)
}

// part is one file of a workbook.
func part(t *testing.T, content []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// difference shows where two texts part.
func difference(a, b string) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			from := max(0, i-40)
			return fmt.Sprintf(":\n%.90q\n%.90q", a[from:], b[from:])
		}
	}
	return " in length"
}
