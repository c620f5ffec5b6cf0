package e2e

import (
	"fmt"
	"testing"
	"time"
)

// After one visit the site opens without its host, from any link.
func TestOffline(t *testing.T) {
	t.Parallel()
	for place, prefix := range map[string]string{"root": "/", "folder": "/repo/"} {
		t.Run(place, func(t *testing.T) {
			h := newHost(t, built, prefix)
			p := newPerson(t)
			b := p.tab()
			b.open(h.base + "#v=1&w=rag&rps=10")
			b.ready()
			b.offlineReady()
			b.close()
			h.stop()
			for name, rest := range map[string]string{
				"same address":          "#v=1&w=rag&rps=10",
				"no link":               "",
				"another link":          "#v=1&w=chat&m=llama-3.3-70b&q=fp8&rps=3",
				"another link as query": "?v=1&w=chat&m=llama-3.3-70b&q=fp8&rps=3",
				"page named":            "index.html#v=1&w=chat",
				"unknown page":          "size/chat",
			} {
				if prefix == "/" && name != "another link" && name != "unknown page" {
					continue // the folder has them all
				}
				t.Run(name, func(t *testing.T) {
					b := p.tab()
					b.t = t
					b.open(h.base + rest)
					b.ready()
					b.offlineReady()
					b.close()
				})
			}
		})
	}
}

// A newer version is announced once it is complete, only then, and runs after a reload.
func TestUpdate(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/repo/")
	h.maxAge = 10 * time.Minute
	p := newPerson(t)
	count := onEveryPage(`self.updates = 0; addEventListener("fleetsize-update", () => updates++)`)
	visit := func() *tab {
		b := p.tab()
		b.do("counting notices", count)
		b.open(h.base + "#v=1&rps=7")
		b.ready()
		b.offlineReady()
		return b
	}
	notices := func(b *tab) (n int) {
		b.eval("updates", &n)
		return n
	}
	version := func(b *tab) (v string) {
		b.eval("fleetsize.version", &v)
		return v
	}

	first := visit()
	// Others on this origin must keep what is theirs.
	var ignored any
	first.eval(`Promise.all(["other-project", "fleetsize / 0123", "fleetsize /repo/x/ 0123"].map((name) => caches.open(name))).then(() => 1)`, &ignored)
	second := visit()
	if a, b := notices(first), notices(second); a+b != 0 {
		t.Fatalf("%d notices on the first visit and %d on the second, want none", a, b)
	}
	before := version(second)

	h.deploy(nextVersion(t))
	visit() // makes the browser look for a new version, which the open pages are told
	first.waitFor("the notice", "updates > 0")
	second.waitFor("the notice", "updates > 0")
	if got := version(second); got != before {
		t.Errorf("the page's version changed from %s to %s without a reload", before, got)
	}
	// The page of the old version can still start its worker, from files of its own version.
	second.eval(`new Promise((resolve) => {
		const worker = fleetsize.worker();
		worker.onmessage = ({ data }) => resolve(data.startsWith("fleetsize-reply 7 ") ? "running" : data);
		worker.onerror = (e) => resolve("error " + e.message);
		worker.postMessage('{"seq":7,"link":"v=1&g=h100-sxm"}');
	})`, &ignored)
	if ignored != "running" {
		t.Errorf("the old page's worker: %v", ignored)
	}
	if n := notices(second); n != 1 {
		t.Errorf("%d notices, want 1", n)
	}
	second.reload(`fleetsize.reload()`)
	second.waitFor("the new version", fmt.Sprintf(`self.fleetsize && fleetsize.version !== %q`, before))
	second.offlineReady()
	if n := notices(second); n != 0 {
		t.Errorf("%d notices after the reload, want none", n)
	}
	var address string
	second.eval("location.href", &address)
	if address != h.base+"#v=1&rps=7" {
		t.Errorf("after the reload the address is %s", address)
	}
	var names []string
	second.eval("caches.keys()", &names)
	want := map[string]bool{"other-project": true, "fleetsize / 0123": true, "fleetsize /repo/x/ 0123": true}
	for _, name := range names {
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("the update deleted foreign caches %v", want)
	}

	h.stop()
	offline := visit()
	if got := version(offline); got == before {
		t.Error("offline, the old version came back")
	}
}
