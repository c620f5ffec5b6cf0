package e2e

import "testing"

// The vocabulary for counting tokens is fetched when it is first used, never before, and then works offline,
// also when a newer version of the site has come meanwhile.
func TestVocabularyOnDemand(t *testing.T) {
	t.Parallel()
	const file = "o200k_base.tokens.gz"
	size := func(b *tab) (n int) {
		b.t.Helper()
		b.eval(`fetch("`+file+`").then((r) => r.ok ? r.arrayBuffer() : new ArrayBuffer(0)).then((b) => b.byteLength, () => -1)`, &n)
		return n
	}
	sent := func(h *host) (n int) {
		for _, s := range h.transfers() {
			if s.file == file {
				n++
			}
		}
		return n
	}
	want := len(built[file])
	h := newHost(t, built, "/repo/")
	p := newPerson(t)
	b := p.tab()
	b.open(h.base)
	b.ready()
	b.offlineReady()
	if n := sent(h); n != 0 {
		t.Fatalf("the vocabulary was sent %d times before anything used it", n)
	}
	b.close()

	b = p.tab() // the second visit is the service worker's
	b.open(h.base)
	b.ready()
	if n := size(b); n != want {
		t.Fatalf("%d bytes, want %d", n, want)
	}
	if first, again := sent(h), size(b); first != 1 || again != want || sent(h) != 0 {
		t.Errorf("it was fetched from the host again")
	}
	b.close()

	h.deploy(nextVersion(t))
	b = p.tab()
	b.open(h.base)
	b.ready()
	b.waitFor("the newer version", `(() => { caches.keys().then((k) => { self.caught = k.filter((name) => name.startsWith("fleetsize /repo/")).length; }); return self.caught === 3; })()`)
	b.close()
	h.stop()
	b = p.tab()
	b.open(h.base)
	b.ready()
	if n := size(b); n != want {
		t.Errorf("offline: %d bytes, want %d", n, want)
	}
}

// On the first visit the service worker does not see the page's requests: it is told what to keep.
func TestVocabularyOnFirstVisit(t *testing.T) {
	t.Parallel()
	const file = "o200k_base.tokens.gz"
	h := newHost(t, built, "/")
	p := newPerson(t)
	b := p.tab()
	b.open(h.base)
	b.ready()
	b.offlineReady()
	b.eval(`navigator.serviceWorker.ready.then((r) => { r.active.postMessage({ keep: "`+file+`" }); return 1; })`, nil)
	b.waitFor("the vocabulary", `(() => { caches.match("`+file+`", { ignoreSearch: true }).then((r) => { self.kept = !!r; }); return self.kept; })()`)
	h.stop()
	b.close()
	b = p.tab()
	b.open(h.base)
	b.ready()
	var n int
	b.eval(`fetch("`+file+`").then((r) => r.arrayBuffer()).then((b) => b.byteLength, () => -1)`, &n)
	if n != len(built[file]) {
		t.Errorf("offline: %d bytes, want %d", n, len(built[file]))
	}
}
