//go:build !js

package cli

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fleetsize/calc/bench"
)

// powerFixture writes calc/bench's report with a start, and a log of one GPU at
// 400 W around it by a clock two hours ahead of UTC.
func powerFixture(t *testing.T) (log, report string) {
	t.Helper()
	dir := t.TempDir()
	log, report = filepath.Join(dir, "gpu.csv"), filepath.Join(dir, "report.json")
	d := smallReport(t)
	when := "2026-03-10T10:00:00.000Z"
	d.Started = &when
	data, err := d.Encode()
	if err != nil {
		t.Fatal(err)
	}
	last := d.Phases[len(d.Phases)-1]
	text := "timestamp, index, name, power.draw [W], utilization.gpu [%], memory.used [MiB], memory.total [MiB], temperature.gpu, clocks_event_reasons.active\n"
	start := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	for s := -5; float64(s) < *last.StartS+*last.WindowS+5; s++ {
		text += fmt.Sprintf("%s, 0, NVIDIA H100 80GB HBM3, 400.00 W, 95 %%, 70000 MiB, 81559 MiB, 60, 0x0000000000000004\n", start.Add(time.Duration(s)*time.Second).Format("2006/01/02 15:04:05.000"))
	}
	for name, b := range map[string][]byte{log: []byte(text), report: data} {
		if err := os.WriteFile(name, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return log, report
}

// logFor writes a log of one GPU at 400 W around the run of a report.
func logFor(t *testing.T, log, report string) {
	t.Helper()
	data, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	d, err := bench.DecodeDocument(data)
	if err != nil || d.Started == nil {
		t.Fatal(err, d.Started)
	}
	at, err := time.Parse(time.RFC3339, *d.Started)
	if err != nil {
		t.Fatal(err)
	}
	text := "timestamp, index, power.draw [W], utilization.gpu [%]\n"
	for s := range 120 {
		text += at.Add(time.Duration(s-30)*time.Second).UTC().Format("2006/01/02 15:04:05.000") + ", 0, 400 W, 90 %\n"
	}
	if err := os.WriteFile(log, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestBenchPower(t *testing.T) {
	log, report := powerFixture(t)
	joined := filepath.Join(filepath.Dir(log), "joined.json")
	code, out, stderr := run("", "bench", "power", log, report, "-o", joined)
	if code != exitDone || !strings.Contains(stderr, "Written: "+joined) {
		t.Fatalf("exit %d, %s", code, stderr)
	}
	for _, want := range []string{"J/token out", "at UTC+02:00 (found)", "57 % of the H100 SXM's rating of 700 W", "held the clocks back in 100 %", "NVIDIA states ±5 %"} {
		if !strings.Contains(out, want) {
			t.Errorf("the text lacks %q:\n%s", want, out)
		}
	}
	code, asJSON, _ := run("", "bench", "power", "-json", report, log, "-zone", "+02:00", "-shift", "-0.5s")
	var d bench.Document
	if err := json.Unmarshal([]byte(asJSON), &d); err != nil || code != exitDone || d.PowerLog == nil || d.PowerLog.ZoneFrom != "given" || d.PowerLog.ShiftS != -0.5 {
		t.Fatalf("exit %d, %v, %+v", code, err, d.PowerLog)
	}
	if d.Definitions["joule_per_output_token"].ID != "energy:board/output_token" {
		t.Errorf("the energy of a token is defined as %+v", d.Definitions["joule_per_output_token"])
	}
	for i := range d.Phases {
		p := &d.Phases[i]
		if p.Power == nil || p.Power.JoulePerOutput == nil || math.Abs(*p.Power.JoulePerOutput**p.OutputTokPerS-400) > 0.01 || *p.Power.MeanW != 400 {
			t.Errorf("%s: %+v", p.Label, p.Power)
		}
	}
	// What was joined is compared: the same at twice the watts is worse.
	data, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	hot, worse := log+"-hot.csv", filepath.Join(filepath.Dir(log), "worse.json")
	if err := os.WriteFile(hot, []byte(strings.ReplaceAll(string(data), "400.00 W", "800.00 W")), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := run("", "bench", "power", "-o", worse, hot, report); code != exitDone {
		t.Fatal(stderr)
	}
	code, out, _ = run("", "bench", "compare", joined, worse)
	if code != exitFailed || !strings.Contains(out, "power.joule_per_output_token") || strings.Count(out, "worse\n") != len(d.Phases) {
		t.Errorf("exit %d\n%s", code, out)
	}
}

// A log alone is summed up GPU by GPU.
func TestBenchPowerSums(t *testing.T) {
	log := filepath.Join("..", "..", "calc", "gpulog", "testdata", "h100x2.csv")
	code, out, stderr := run("", "bench", "power", log)
	if code != exitDone || !strings.Contains(out, "NVIDIA H100 80GB HBM3") || !strings.Contains(out, "\nall ") || !strings.Contains(out, "kWh") {
		t.Errorf("exit %d, %s\n%s", code, stderr, out)
	}
	code, out, _ = run("", "bench", "power", "-json", log)
	versioned(t, "power", out)
	var d struct {
		GPUs []struct {
			ID, Name string
			Peak     *float64 `json:"peak_w"`
			PerToken *float64 `json:"joule_per_output_token"`
		}
		Together struct {
			Peak *float64 `json:"peak_w"`
		}
	}
	if err := json.Unmarshal([]byte(out), &d); err != nil || code != exitDone || len(d.GPUs) != 2 || d.GPUs[1].ID != "1" || *d.GPUs[1].Peak != 500 || d.GPUs[0].PerToken != nil || *d.Together.Peak != 1100 {
		t.Errorf("exit %d, %v\n%s", code, err, out)
	}
}

func TestBenchPowerFaults(t *testing.T) {
	log, report := powerFixture(t)
	none := filepath.Join(filepath.Dir(log), "none.csv")
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "0 files given"},
		{[]string{none}, "no such file"},
		{[]string{report}, "is a report; give the log"},
		{[]string{report, report}, "both reports"},
		{[]string{log, log}, "both logs"},
		{[]string{log, report, "-zone", "CET"}, `"CET" is no zone`},
		{[]string{log, report, "-zone", "-05:00"}, "do not overlap in the zone -05:00"},
		{[]string{log, report, "-gpus", "0,3"}, "the log has no GPU 3; it has 0"},
		{[]string{log, report, "-shift", "48h"}, "more than a day"},
		{[]string{log, report, "-o", "x.csv"}, "it can be .json"},
		{[]string{log, "-query", "cheese"}, "names no column"},
	} {
		if code, out, stderr := run("", append([]string{"bench", "power"}, c.args...)...); code != exitUsage || out != "" || !strings.Contains(stderr, c.want) {
			t.Errorf("%q: exit %d, %s, want %q", c.args, code, stderr, c.want)
		}
	}
	// Where a table of measurements belongs, a log says where it belongs.
	if code, _, stderr := run("", "validate", log); code != exitUsage || !strings.Contains(stderr, "fleetsize bench power") {
		t.Errorf("exit %d, %s", code, stderr)
	}
}
