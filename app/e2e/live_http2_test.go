package e2e

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/security"
)

// Over HTTP/2 a browser's six connections are no limit: the server itself sees
// more requests at once, and the load test goes on beyond the point where the
// server, with four slots, gives no more.
func TestLiveHTTP2(t *testing.T) {
	t.Parallel() // they wait more than they work
	endpoints, _ := mortalServer(t, 2, "-tls-addr", "127.0.0.1:0", "-ttft", "400ms", "-itl", "20ms", "-max-seqs", "4", "-seed", "1")
	plain, secure := endpoints[0], endpoints[1]
	h := newHost(t, built, "/")
	b := measureView(t, h)
	b.do("trusting the server's certificate", security.SetIgnoreCertificateErrors(true))
	b.click(`[data-source="live"]`)
	b.type_("#live-url", secure)
	b.click("#live-check")
	b.checked("ready")
	if got := b.text(`[data-rung="connections"]`); !strings.Contains(got, "no limit of 6 connections") || !strings.Contains(got, "HTTP/2") {
		t.Errorf("the check of connections says %q", got)
	}
	b.choose("#live-plan", "load")
	b.type_("#live-in", "64")
	b.type_("#live-out", "32")
	b.type_("#live-top", "8")
	b.click(`[data-phase="5"]`)
	b.click("#live-start")
	b.finished()
	if n := mostAtOnce(t, plain); n <= 6 {
		t.Errorf("the server saw up to %d requests at once", n)
	}
	for _, r := range truths(t, plain) {
		if r.Proto != "HTTP/2.0" {
			t.Fatalf("a request came over %s", r.Proto)
		}
	}
	rows, said := b.liveRows(), b.text("#live-warnings")
	t.Logf("measured %+v; %q", rows, said)
	if strings.Contains(said, "connections") || strings.Contains(said, "under way at this address") {
		t.Errorf("the view names a limit on connections: %q", said)
	}
	busy := b.busy(said)
	if len(rows) != 4 && !busy || len(rows) == 0 || rows[0].Requests == "0" || rows[0].Errors != "0" {
		t.Fatalf("measured %+v", rows)
	}
	if len(rows) == 4 {
		at4, at8 := number(t, rows[2].TokS), number(t, rows[3].TokS)
		got := b.text("#live-chart figcaption")
		if knee := strings.Contains(got, "stops rising at 4 requests in flight"); knee != (at4 >= 0.95*at8) {
			t.Errorf("%g tok/s at 4 in flight, %g at 8, and the chart says %q", at4, at8, got)
		}
		most := 4 * 32 / (0.4 + 31*0.02) // tok/s of four slots that are never empty
		if at8 > 1.1*most || !busy && at4 < 0.85*most {
			t.Errorf("%g tok/s at 4 in flight, %g at 8; the server gives %.0f at most", at4, at8, most)
		}
	}
	b.eval(`document.querySelectorAll(".main details, #live-caps, #live-behind, #live-hand").forEach((d) => d.open = true)`, nil)
	b.loadAudit()
	for _, theme := range []string{"light", "dark"} {
		b.theme(theme)
		for _, width := range []int64{1280, 390} {
			b.size(width, 844)
			b.noSidewaysScroll()
			for _, f := range b.audit(theme == "dark") {
				t.Errorf("at %d, %s: %s: %s\n  %s", width, theme, f.ID, f.Help, strings.Join(f.Nodes, "\n  "))
			}
			b.shot(fmt.Sprintf("measure-knee-%d-%s", width, theme))
		}
	}
	b.onlyAsked(h, secure)
}

// number reads a plain number of the page.
func number(t *testing.T, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatalf("%q is not a number", text)
	}
	return x
}
