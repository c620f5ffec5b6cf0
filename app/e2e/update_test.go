package e2e

import (
	"testing"
)

// A newer version that comes while an endpoint is measured is announced when the measurement is over.
func TestUpdateWaitsForMeasurement(t *testing.T) {
	t.Parallel()
	endpoint := mockServer(t, "-ttft", "100ms", "-itl", "100ms")
	h := newHost(t, built, "/")
	p := newPerson(t)
	b := p.tab()
	b.open(h.base + "#v=1&g=h100-sxm&t=measure")
	b.ready()
	b.offlineReady()
	b.close()
	b = p.tab() // the second visit is the service worker's
	b.open(h.base + "#v=1&g=h100-sxm&t=measure")
	b.ready()
	b.click(`[data-source="live"]`)
	b.type_("#live-url", endpoint)
	b.click("#live-check")
	b.waitFor("the check passes", `document.getElementById("live").dataset.liveState === "ready"`)
	b.choose("#live-plan", "single")
	b.type_("#live-in", "32")
	b.type_("#live-out", "4000") // takes 400 s
	b.click("#live-start")
	b.waitFor("a request under way", `document.getElementById("live").innerText.includes("1 of 1 answering")`)

	h.deploy(nextVersion(t))
	b.eval(`navigator.serviceWorker.ready.then((r) => r.update()).then(() => 1)`, nil)
	b.waitFor("the newer version", `fleetsize.update`)
	b.click(`[data-view="size"]`)
	b.final()
	var told bool
	b.eval(`document.getElementById("reload") !== null`, &told)
	if told {
		t.Error("the page asks for a reload while it measures")
	}
	b.click(`[data-view="measure"]`)
	b.click("#live-stop")
	b.finished()
	b.click(`[data-view="size"]`)
	b.waitFor("the notice", `document.getElementById("reload")`)
	b.reload(`document.getElementById("reload").click()`)
}
