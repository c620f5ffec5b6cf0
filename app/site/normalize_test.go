//go:build !js

package site

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

func TestNormalize(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"attributes in order", `<p title="t" class="c" id="i"></p>`, `<p class="c" id="i" title="t"></p>`},
		{"Go quotes become HTML quotes", `<p title="say \"3\u00a0s\""></p>`, "<p title=\"say &quot;3\u00a0s&quot;\"></p>"},
		{"ampersand", `<a href="?a=1&b=2"></a>`, `<a href="?a=1&amp;b=2"></a>`},
		{"raw entities stay one", `<a href="?a=1&amp;b=2"></a>`, `<a href="?a=1&amp;b=2"></a>`},
		{"bare aria is true", `<p aria-checked></p>`, `<p aria-checked="true"></p>`},
		{"aria false stays", `<p aria-checked="false"></p>`, `<p aria-checked="false"></p>`},
		{"boolean false goes", `<details open="false"></details>`, `<details></details>`},
		{"boolean true", `<details open></details>`, `<details open></details>`},
		{"controls wait", `<button type="button">Go</button><input value="5">`, `<button disabled type="button">Go</button><input disabled value="5">`},
		{"disabled once", `<button disabled="false">Go</button>`, `<button disabled>Go</button>`},
		{"handlers go", `<p onclick="x()">a</p>`, `<p>a</p>`},
		{"SVG short form", `<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>`, `<svg viewBox="0 0 1 1"><path d="M0 0"></path></svg>`},
		{"void element", "<p>\n  a\n  <br>\n  b\n</p>", `<p>a<br>b</p>`},
		{"spaces of the text stay", "<p>\n  <b>4</b>\n   GPUs \n  <i>x</i>\n</p>", `<p><b>4</b> GPUs <i>x</i></p>`},
		{"comment", `<p><!-- a > b -->x</p>`, `<p>x</p>`},
	} {
		got, err := normalize(c.in)
		if err != nil || got != c.want {
			t.Errorf("%s: normalize(%q) = %q, %v, want %q", c.name, c.in, got, err, c.want)
		}
	}
}

func TestNormalizeRefuses(t *testing.T) {
	for _, in := range []string{`<p>`, `</p>`, `<p></b>`, `<p class="`, `<p class=x></p>`, `<`, `<p`, `<!-- x`, `<p =></p>`, `<p class=`} {
		if got, err := normalize(in); err == nil {
			t.Errorf("normalize(%q) = %q, want an error", in, got)
		}
	}
}

// The text of a normalized page is the text of the component tree, with no space added or lost.
func TestNormalizeTree(t *testing.T) {
	tree := app.Main().ID("m").Class("a b").Aria("live", "polite").Aria("busy", true).Body(
		app.H1().Body(app.B().Text("4 × H100"), app.Text(" serve 10 req/s of “RAG Q&A” "), app.Span().Text("<3 s")),
		app.P().Body(app.Text("one"), app.Text("two")),
		app.Raw(`<svg viewBox="0 0 2 2"><rect x="0" y="0"/><g><text x="1">x & y</text></g></svg>`),
		app.Button().Title(`a "b" & <c>`).Disabled(false).Hidden(true).Text("Go"),
	)
	const want = `<main aria-busy="true" aria-live="polite" class="a b" id="m"><h1><b>4 × H100</b> serve 10 req/s of “RAG Q&amp;A” <span>&lt;3 s</span></h1>` +
		`<p>onetwo</p><svg viewBox="0 0 2 2"><rect x="0" y="0"></rect><g><text x="1">x & y</text></g></svg>` +
		`<button disabled hidden title="a &quot;b&quot; &amp; &lt;c&gt;">Go</button></main>`
	for range 20 { // go-app's order is random
		got, err := normalize(app.HTMLString(tree))
		if err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Fatalf("got\n%s\nwant\n%s", got, want)
		}
	}
}

// Normalizing twice changes nothing, and nothing makes it fail otherwise than by an error.
func FuzzNormalize(f *testing.F) {
	for _, in := range []string{`<p title="a\"b" x>t</p>`, "<p>\n  a\n</p>", `<svg><path d="M0"/></svg>`, `<input disabled="false">`, `a<b`, `<p a="&#0;">`, `<button onx>`} {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		once, err := normalize(in)
		if err != nil {
			return
		}
		if strings.Contains(once, "\\") {
			return // a backslash in an HTML value reads as Go's on the second pass
		}
		twice, err := normalize(once)
		if err != nil {
			t.Fatalf("normalize(%q) = %q, which is refused: %v", in, once, err)
		}
		if len(twice) > len(once) {
			t.Errorf("%q grew to %q", once, twice)
		}
	})
}

// Attribute order in equals attribute order out, whatever the order.
func TestNormalizeOrder(t *testing.T) {
	attrs := []string{`a="1"`, `b="2"`, `class="c"`, `data-x="4"`, `id="5"`}
	want := "<p " + strings.Join(attrs, " ") + "></p>"
	for range 50 {
		rand.Shuffle(len(attrs), func(i, j int) { attrs[i], attrs[j] = attrs[j], attrs[i] })
		in := "<p " + strings.Join(attrs, " ") + "></p>"
		if got, err := normalize(in); err != nil || got != want {
			t.Errorf("normalize(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
}
