package e2e

import "testing"

func TestLooks(t *testing.T) {
	h := newHost(t, built, "/")
	b := newPerson(t).tab()
	b.theme("light")
	b.open(h.base)
	b.ready()
	b.final()
	var ms float64
	b.eval("performance.now()", &ms)
	t.Logf("final after %.0f ms", ms)
	b.shot("size-1280-light")
	b.theme("dark")
	b.shot("size-1280-dark")
	b.theme("light")
	b.size(390, 844)
	b.shot("size-390-light")
	b.theme("dark")
	b.shot("size-390-dark")
	b.clean(h)
}
