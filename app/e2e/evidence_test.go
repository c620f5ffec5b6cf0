package e2e

import (
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// The sizing chart is computed in the page, row by row, each with a reason;
// its rows open in Size, and going back returns to it.
func TestSizingChart(t *testing.T) {
	t.Parallel()
	h := newHost(t, built, "/repo/")
	b := start(t, h, newPerson(t), "")
	b.click(`.tabs [data-view="how"]`)
	b.click(`[data-how="chart"]`)
	b.waitFor("every row is computed", `document.querySelector('#sizing-chart[data-state="final"]') !== null`)
	if got := b.link(); !strings.Contains(got, "x=chart") {
		t.Errorf("the link is %s", got)
	}
	chart := b.text("#sizing-chart")
	for _, want := range []string{"contradicts itself", "One request at a time", "35.45", "4.32"} {
		if !strings.Contains(chart, want) {
			t.Errorf("the chart lacks %q", want)
		}
	}
	b.noSidewaysScroll()
	b.view("sizing-chart-1280")
	b.size(390, 844)
	b.noSidewaysScroll()
	b.view("sizing-chart-390")
	b.size(1280, 900)
	b.click(`#sizing-chart [data-open-link]`)
	b.waitFor("the row opens in Size", `document.querySelector('#answer') !== null`)
	b.do("go back", chromedp.NavigateBack())
	b.waitFor("the chart is back", `document.querySelector('#sizing-chart[data-state="final"]') !== null`)
}

// A benchmark client's result file is pasted, completed and predicted, and
// then stands beside the answer.
func TestImportedResult(t *testing.T) {
	t.Parallel()
	const result = `{"backend":"vllm","model_id":"meta-llama/Llama-3.1-8B-Instruct","num_prompts":160,"request_rate":"inf","max_concurrency":16,"completed":160,` +
		`"total_input_tokens":160000,"total_output_tokens":32000,"output_throughput":1516.6,"mean_ttft_ms":120.0,"mean_tpot_ms":10.0,"quantization":"fp8","tp":"1"}`
	h := newHost(t, built, "/repo/")
	b := start(t, h, newPerson(t), "#m=llama-3.1-8b&q=fp8&in=1000&out=200&flight=16&g=h100-sxm&tp=1&ttft=off&itl=off&util=100&spare=0")
	b.click(`.tabs [data-view="measure"]`)
	b.click("#study-paste")
	b.waitFor("the field for pasting", `document.querySelector("#study-text") !== null`)
	var done bool
	b.eval(`(() => { document.querySelector("#study-text").value = `+strconv.Quote(result)+`; return true })()`, &done)
	b.click("#study-read")
	b.waitFor("the row is predicted", `document.querySelector('#rows [data-line]') !== null && document.querySelector('#study').dataset.study === "ready"`)
	if rows := b.text("#rows"); !strings.Contains(rows, "120 ms †") {
		t.Errorf("TTFT by another definition is not marked: %s", rows)
	}
	b.click("#rows-beside")
	b.click(`.tabs [data-view="size"]`)
	b.waitFor("the row stands beside the answer", `document.querySelector('[data-measured]')?.textContent.includes("16 in flight")`)
	if confidence := b.text("#fleet"); !strings.Contains(confidence, "Measured") {
		t.Errorf("the tier is not Measured: %s", confidence)
	}
}
