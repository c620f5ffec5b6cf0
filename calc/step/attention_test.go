package step

import (
	"math"
	"testing"

	"fleetsize/catalog"
)

// Windowed and sparse pairs against direct summation over queries.
func TestCappedPairs(t *testing.T) {
	for _, tc := range []struct{ p, n, w float64 }{
		{0, 10, 100}, {0, 100, 100}, {0, 1000, 100}, {50, 20, 100}, {50, 200, 100}, {100, 30, 100}, {5000, 30, 100}, {0, 1, 1},
	} {
		// The continuous count ∫ min(x, w) dx from p to p+n, by fine summation.
		const parts = 200
		sum := 0.0
		for i := range int(tc.n) * parts {
			x := tc.p + (float64(i)+0.5)/parts
			sum += math.Min(x, tc.w) / parts
		}
		if got := cappedPairs(tc.p, tc.n, tc.w); !within(got, sum, 1e-4) {
			t.Errorf("cappedPairs(%g, %g, %g) = %g, want %g", tc.p, tc.n, tc.w, got, sum)
		}
	}
}

// However a prompt is cut, its attention costs the same.
func TestPrefillAttentionAddsUp(t *testing.T) {
	for name, c := range zoo(t) {
		whole := c.PrefillAttention(300, 5000)
		parts, at := 0.0, 300.0
		for _, n := range []float64{1, 64, 935, 2000, 2000} {
			parts += c.PrefillAttention(at, n)
			at += n
		}
		if !within(whole, parts, 1e-12) {
			t.Errorf("%s: whole %g, parts %g", name, whole, parts)
		}
	}
}

// The window makes long prompts cheaper and short ones not.
func TestWindowedPrefill(t *testing.T) {
	c := mustCost(t, replica(gptOSS(), b200(), "", 1, 1))
	perLayer := 4 * 64 * 64.0
	if got, want := c.PrefillAttention(0, 100), 36*perLayer*100*100/2; !within(got, want, 1e-12) {
		t.Errorf("100 tokens: %g, want %g", got, want)
	}
	want := 18*perLayer*4000*4000/2 + 18*perLayer*(128*128/2+(4000-128)*128)
	if got := c.PrefillAttention(0, 4000); !within(got, want, 1e-12) {
		t.Errorf("4,000 tokens: %g, want %g", got, want)
	}
}

// MLA decodes in the latent space: the FLOP count there, and cost time.
func TestLatentDecode(t *testing.T) {
	roomy := b200()
	roomy.UsableBytes *= 8
	c := mustCost(t, replica(deepSeek(), roomy, "", 8, 1))
	d := c.Breakdown(Batch{Decoding: 1, Context: 10000})
	if want := 61 * 2 * 128 * (2*512 + 64) * 10000.0; !within(d.AttentionFLOP, want, 1e-12) {
		t.Errorf("decode attention = %g FLOP, want %g", d.AttentionFLOP, want)
	}
	if want := d.AttentionFLOP / (0.68 * 2250e12 * 8); !within(d.Attention, want, 1e-12) {
		t.Errorf("decode attention takes %g s, want %g", d.Attention, want)
	}
	// Every rank reads the whole latent: 61 × 576 values, one byte each.
	if want := 61 * 576 * 10000.0 * 8; !within(d.KVReadBytes, want, 1e-12) {
		t.Errorf("KV bytes read = %g, want %g", d.KVReadBytes, want)
	}
}

// A sparse model reads its top-k and the index, whatever the context.
func TestSparseDecode(t *testing.T) {
	roomy := b200()
	roomy.UsableBytes *= 8
	c := mustCost(t, replica(sparse(), roomy, "", 8, 1))
	near, far := c.Breakdown(Batch{Decoding: 2, Context: 2 * 2048}), c.Breakdown(Batch{Decoding: 2, Context: 2 * 100000})
	grown := far.KVReadBytes - near.KVReadBytes
	if want := c.Work().IndexerBytes * 2 * (100000 - 2048) * 8; !within(grown, want, 1e-9) {
		t.Errorf("beyond the top-k %g bytes more are read, want the index only: %g", grown, want)
	}
}

func TestRecurrentStateIsReadAndWritten(t *testing.T) {
	c := mustCost(t, replica(hybrid(), h100(), catalog.FP8, 1, 1))
	x := c.Breakdown(Batch{Decoding: 1, Context: 1})
	y := c.Breakdown(Batch{Decoding: 2, Context: 1})
	state := c.Work().StateBytes
	if got, want := y.KVRead-x.KVRead, 2*state/(0.82*3350e9); !within(got, want, 1e-9) || state == 0 {
		t.Errorf("one more sequence adds %g s, want its state read and written: %g", got, want)
	}
}
