package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Whatever a service does, the run ends with a report that names what happened
// and keeps what was measured.
func TestLiveBadService(t *testing.T) {
	t.Parallel() // they wait more than they work
	endpoint := mockServer(t, "-ttft", "20ms", "-itl", "5ms")
	h := newHost(t, built, "/")
	b := measuring(t, h, endpoint)
	b.eval(`document.getElementById("live-more").open = document.getElementById("live-caps").open = true`, nil)
	b.choose("#live-plan", "single")
	b.type_("#live-in", "32")
	b.type_("#live-out", "16")
	b.type_("#live-stall", "1")
	runs := 0
	for _, c := range []struct {
		quirk, doubt, say string // what the server does, the class and words of what the view says
		complete          bool   // some requests are
	}{
		{"http-429=3", "http_429", "too many requests (429)", true},
		{"http-503=3", "http_5xx", "The server failed", true},
		{"garbage=4", "garbage", "could not be read", true},
		{"error-mid=4", "in_stream", "inside the stream", false},
		{"truncate=4", "cut", "ended in the middle", false},
		{"abort=4", "cut", "ended in the middle", false},
		{"stall=4", "stall", "stopped without ending", false},
		{"no-stream", "refused", "without streaming", false},
	} {
		b.type_("#live-headers", "X-Mock-Quirk: "+c.quirk)
		b.run(&runs)
		said := b.text(fmt.Sprintf(`#live-warnings [data-doubt=%q]`, c.doubt))
		if !strings.Contains(said, c.say) && !strings.Contains(b.text(".say"), c.say) {
			t.Errorf("%s: the view says %q, not %q: %q %q", c.quirk, said, c.say, b.text(".say"), b.text("#live-warnings"))
		}
		done, failed := 0, 0
		for _, r := range b.liveRows() {
			if r.TTFT != "too few" {
				done++
			}
			if r.Errors != "0" {
				failed++
			}
		}
		if c.complete != (done > 0) || c.doubt != "garbage" && c.doubt != "refused" && failed == 0 {
			t.Errorf("%s: %+v", c.quirk, b.liveRows())
		}
		if !strings.Contains(b.text("#live-next"), "Save the report") {
			t.Errorf("%s: there is no report", c.quirk)
		}
	}
	b.onlyAsked(h, endpoint)
}

// A service that dies takes no finished measurement with it.
func TestLiveServiceDies(t *testing.T) {
	t.Parallel() // they wait more than they work
	endpoints, kill := mortalServer(t, 1, slow...)
	h := newHost(t, built, "/")
	b := measuring(t, h, endpoints[0])
	b.choose("#live-plan", "sweep")
	b.click("#live-start")
	b.waitFor("a phase", `document.querySelectorAll("#live-phases tr[data-phase]").length >= 1`)
	kill()
	b.finished()
	if rows := b.liveRows(); len(rows) == 0 || rows[0].Requests == "0" || rows[0].Errors != "0" {
		t.Errorf("the phase that was finished is lost: %+v", rows)
	}
	if got := b.text("#live-warnings"); !strings.Contains(got, "failed") && !strings.Contains(got, "error") {
		t.Errorf("the warnings say %q", got)
	}
	if got := b.text("#live-next"); !strings.Contains(got, "Save the report") {
		t.Errorf("there is no report: %q", got)
	}
}

// Limits end a run, and what is finished is kept. The server's own trace says
// what was really used.
func TestLiveCaps(t *testing.T) {
	t.Parallel() // they wait more than they work
	endpoint := mockServer(t, "-ttft", "20ms", "-itl", "2ms", "-max-seqs", "4")
	h := newHost(t, built, "/")
	b := measuring(t, h, endpoint)
	b.choose("#live-plan", "load")
	b.type_("#live-in", "32")
	b.type_("#live-out", "16")
	b.eval(`document.getElementById("live-caps").open = true`, nil)
	runs := 0
	for _, c := range []struct {
		fields [][2]string
		stop   string
		say    string
		most   func(requests, tokens int, usd float64) bool
	}{
		{[][2]string{{"requests", "12"}}, "max_requests", "The limit of 12 requests was reached", func(requests, tokens int, usd float64) bool { return requests == 12 }},
		{[][2]string{{"requests", "2000"}, {"tokens", "1000"}}, "max_tokens", "The limit of 1,000 tokens was reached", func(requests, tokens int, usd float64) bool { return tokens > 500 && tokens <= 1000 }},
		{[][2]string{{"tokens", "20m"}, {"usd", "2"}}, "max_cost", "The limit of $2", func(requests, tokens int, usd float64) bool { return usd > 1 && usd <= 2 }},
		{[][2]string{{"usd", "1000"}, {"minutes", "0.1"}}, "max_time", "The limit of 6 s was reached", func(requests, tokens int, usd float64) bool { return requests > 0 }},
	} {
		for _, f := range c.fields {
			b.type_("#live-max-"+f[0], f[1])
		}
		if c.stop == "max_cost" {
			b.type_("#live-price-in", "1000")
			b.type_("#live-price-out", "5000")
		}
		before := len(truths(t, endpoint))
		b.run(&runs)
		if got := b.text(fmt.Sprintf(`#live-warnings [data-doubt=%q]`, c.stop)); !strings.Contains(got, c.say) {
			t.Errorf("%s: the warnings say %q", c.stop, b.text("#live-warnings"))
		}
		tokens, usd := 0, 0.0
		used := truths(t, endpoint)[before:]
		for _, r := range used {
			tokens += r.Input + r.Output
			usd += (1000*float64(r.Input) + 5000*float64(r.Output)) / 1e6
		}
		if !c.most(len(used), tokens, usd) {
			t.Errorf("%s: %d requests, %d tokens and $%.2f reached the server", c.stop, len(used), tokens, usd)
		}
		if rows := b.liveRows(); len(rows) == 0 || rows[0].Requests == "0" {
			t.Errorf("%s: nothing is kept: %+v", c.stop, rows)
		}
	}
}

// A run that is stopped keeps what is finished, and its requests end.
func TestLiveStop(t *testing.T) {
	t.Parallel() // they wait more than they work
	endpoint := mockServer(t, slow...)
	h := newHost(t, built, "/")
	b := measuring(t, h, endpoint)
	b.choose("#live-plan", "sweep")
	b.click("#live-start")
	b.waitFor("a phase", `document.querySelectorAll("#live-phases tr[data-phase]").length >= 1`)
	b.click("#live-stop")
	b.finished()
	if got := b.text("#live-warnings"); !strings.Contains(got, "Stopped by you") {
		t.Errorf("the warnings say %q", got)
	}
	if r := b.liveRows(); len(r) == 0 || r[0].Requests == "0" {
		t.Errorf("nothing is kept: %+v", r)
	}
	b.onlyAsked(h, endpoint)
}

// Stop ends the requests at the server, too, and a background thread that is
// lost ends the run with a report. Until then the computer is kept awake.
func TestLiveAbort(t *testing.T) {
	t.Parallel() // they wait more than they work
	endpoint := mockServer(t, "-ttft", "100ms", "-itl", "100ms")
	h := newHost(t, built, "/")
	b := measuring(t, h, endpoint)
	b.eval(`(() => {
		self.locks = [];
		navigator.wakeLock.request = async (kind) => { locks.push(kind); return { release() { locks.push("released"); } }; };
		const make = fleetsize.reader;
		fleetsize.reader = () => self.thread = make();
	})()`, nil)
	b.choose("#live-plan", "single")
	b.type_("#live-in", "32")
	b.type_("#live-out", "4000") // takes 400 s
	b.size(390, 844)
	underWay := func() {
		b.click("#live-start")
		b.waitFor("a request under way", `document.getElementById("live").innerText.includes("1 of 1 answering")`)
	}
	underWay()
	b.waitFor("the button that stops it, on a phone too", `(() => { const r = document.getElementById("live-stop").getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight; })()`)
	b.click("#live-stop")
	b.finished()
	b.waitFor("the computer may sleep again", `locks.join() === "screen,released"`)
	canceled := false
	for end := time.Now().Add(patience); !canceled && time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		all := truths(t, endpoint)
		canceled = len(all) > 0 && all[len(all)-1].Canceled
	}
	if !canceled {
		t.Errorf("the server does not notice that the request ended: %+v", truths(t, endpoint))
	}
	underWay()
	for _, gone := range []string{`thread.onerror(new Event("error"))`, `thread.onmessage = null`} { // it fails, or hangs
		b.eval(gone, nil)
		b.finished()
		if got := b.text("#live"); !strings.Contains(got, "The background reader stopped") {
			t.Errorf("%s: the view says %q", gone, got)
		}
		if strings.HasPrefix(gone, "thread.onerror") {
			underWay()
		}
	}
	if got := b.text("#live-next"); !strings.Contains(got, "Save the report") {
		t.Errorf("there is no report: %q", got)
	}
}
