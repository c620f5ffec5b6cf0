//go:build !js

package cli

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func explainRun(t *testing.T, args ...string) (out, errs string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	code = Run(append([]string{"explain"}, args...), strings.NewReader(""), &o, &e)
	return o.String(), e.String(), code
}

func TestExplain(t *testing.T) {
	const link = "g=h100-sxm&rps=12&ok=rps"
	out, errs, code := explainRun(t, link)
	if code != exitDone || errs != "" {
		t.Fatalf("exit %d: %s", code, errs)
	}
	for _, want := range []string{"GPUs on H100 SXM: ", "Formula ", "ceil(sized demand ÷ (peak load × rate per replica))", "With numbers ", "12 req/s", "Where from", "posture Standard", "Sure? "} {
		if !strings.Contains(out, want) {
			t.Errorf("the text lacks %q:\n%s", want, out)
		}
	}
	for _, args := range [][]string{{link, "demand"}, {link + "&x=demand"}, {link, "demand:h100-sxm"}, {"-fit", "", link, "DEMAND"}} {
		if out, _, code := explainRun(t, args...); code != exitDone || !strings.Contains(out, "Peak demand on H100 SXM: 12 req/s") || !strings.Contains(out, "you entered (confirmed)") {
			t.Errorf("%q: exit %d\n%s", args, code, out)
		}
	}
	out, _, _ = explainRun(t, "-json", link, "ttft-alone")
	var doc map[string]struct {
		Formula, With_numbers, Unit string
		Value                       float64
		Sources                     []struct{ Symbol, From string }
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil || doc["ttft_alone"].Unit != "s" || doc["ttft_alone"].Value <= 0 || len(doc["ttft_alone"].Sources) < 6 {
		t.Errorf("%v: %s", err, out)
	}
	out, _, _ = explainRun(t, "-list", link)
	if n := strings.Count(out, "\n"); n < 80 || !strings.Contains(out, "prefill-compute ") {
		t.Errorf("%d numbers listed:\n%s", n, out)
	}
}

func TestExplainFaults(t *testing.T) {
	for _, tc := range []struct {
		args []string
		want string
	}{
		{[]string{"g=h100-sxm", "no-such-number"}, "nothing is known"},
		{[]string{"g=h100-sxm", "gpus:no-such-gpu"}, "not in the accelerator catalog"},
		{[]string{"g=h100-sxm", "gpus:l40s"}, "no option of this answer"},
		{[]string{"in=500k"}, "no accelerator serves"},
		{[]string{}, "no LINK"},
	} {
		if out, errs, code := explainRun(t, tc.args...); code != exitUsage || out != "" || !strings.Contains(errs, tc.want) {
			t.Errorf("%q: exit %d, %q, want %q", tc.args, code, errs, tc.want)
		}
	}
}
