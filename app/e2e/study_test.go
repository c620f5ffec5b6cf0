package e2e

import (
	"encoding/csv"
	"strings"
	"testing"
)

// A table that ships is compared with the model: error maps with a number in
// every cell, the worst rows with a reason, the rows as CSV; and a fit to it
// ends when it is canceled, with the best it found.
func TestStudy(t *testing.T) {
	t.Parallel()
	const rows = 40
	h := newHost(t, built, "/repo/")
	p := newPerson(t)
	dir := p.downloads()
	b := p.measureView(h)
	b.click(`#study [data-example="nim-8b"]`)
	b.waitFor("every row is predicted", `document.querySelector("#study").dataset.study === "ready" && document.querySelector("#heat-itl") !== null`)
	if got := b.text("#study"); !strings.Contains(got, "typically off by") {
		t.Errorf("the finding is %q", got)
	}
	for _, id := range []string{"heat-ttft", "heat-itl"} {
		var said []string
		b.eval(`[...document.querySelectorAll("#`+id+` svg text")].map((e) => e.textContent)`, &said)
		cells := 0
		for _, s := range said {
			if s = strings.Trim(s, "+−-<>% "); s != "" && strings.Trim(s, "0123456789.") == "" {
				cells++
			}
		}
		if cells < rows {
			t.Errorf("%s has numbers in %d places, want one for each of %d rows: %q", id, cells, rows, said)
		}
	}
	var reasons []string
	b.eval(`[...document.querySelectorAll("#rows tbody tr .why")].map((e) => e.textContent.trim())`, &reasons)
	if len(reasons) < 5 || reasons[0] == "" {
		t.Errorf("the worst rows have the reasons %q", reasons)
	}
	b.click("#rows-csv")
	table, err := csv.NewReader(strings.NewReader(string(downloaded(t, dir, "fleetsize-rows.csv")))).ReadAll()
	if err != nil || len(table) != rows+1 || !strings.Contains(strings.Join(table[0], " "), "model_ttft_ms_p10") {
		t.Errorf("the CSV has %d lines, %v", len(table), err)
	}
	b.click("#fit")
	b.click("#study-cancel")
	b.waitFor("the fit ends", `document.querySelector("#study").dataset.study === "ready" && document.querySelector("#fit-use") !== null`)
	if got := b.text("#fit-panel"); !strings.Contains(got, "Stopped early") && !strings.Contains(got, "Canceled before rows were held out") {
		t.Errorf("nothing says that the fit was canceled: %s", got)
	}
	b.clean(h)
}
