package views

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"fleetsize/calc/bench"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// smiLog is a log of two GPUs of 300 W each from one time to another, every
// second, by a clock that is ahead of UTC.
func smiLog(from time.Time, seconds int, ahead time.Duration) string {
	text := "timestamp, index, power.draw [W], utilization.gpu [%]\n"
	for s := range seconds {
		for gpu := range 2 {
			text += fmt.Sprintf("%s, %d, 300.00 W, 90 %%\n", from.Add(ahead+time.Duration(s)*time.Second).UTC().Format("2006/01/02 15:04:05.000"), gpu)
		}
	}
	return text
}

// A log of nvidia-smi that is opened with reports gives those of its time what
// their GPUs drew, in whichever order they come; where the catalog's price is
// not the report's, the report's counts.
func TestPowerOfReports(t *testing.T) {
	v := measuredBy(t, few+"&g=h100-sxm", bench.Plan{Kind: bench.Load, Input: 1000, Output: 20, MaxConcurrency: 4, PhaseSeconds: 3, Limits: bench.Limits{Requests: 5000}})
	l := &v.endpoint
	words := regexp.MustCompile(`NVIDIA states ±5 %|^report.json: Only [0-9]+ readings|` + wordsOfLive.String())
	l.doc.Setup.Deployment.GPUs, l.doc.Setup.Deployment.TP = 2, 2
	price := 2.5
	l.doc.Setup.Deployment.USDPerGPUHour, l.doc.Setup.Deployment.PriceFrom = &price, "a contract"
	file, err := l.doc.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for i, ahead := range []time.Duration{0, 5*time.Hour + 45*time.Minute} {
		log := smiLog(l.started.Add(-20*time.Second), 240, ahead)
		l.reports, l.power = nil, powerLog{}
		texts := map[string]string{"report.json": string(file), "gpu.csv": log}
		for _, name := range [][]string{{"report.json", "gpu.csv"}, {"gpu.csv", "report.json"}}[i] {
			v.takeReport(name, texts[name])
		}
		if l.power.fault != "" || len(l.reports) != 1 {
			t.Fatalf("%v ahead: %q, %d reports", ahead, l.power.fault, len(l.reports))
		}
		s, _ := v.seenReport(0)
		rate := s.Figures["seen_output"]
		for id, want := range map[string]float64{"drawn": 600, "joule": 600 / rate, "per_drawn": rate / 0.6, "per_usd": rate * 3600 / 5 / 1e6, "usd_mtok": 5 / (rate * 3600) * 1e6} {
			if got := s.Figures["seen_"+id]; math.Abs(got/want-1) > 1e-6 {
				t.Errorf("%v ahead: %s is %v, want %v", ahead, id, got, want)
			}
		}
		if from := s.Sources["seen_usd_hour"]; from != "as the report states: a contract" {
			t.Errorf("the price is from %q", from)
		}
		markup := app.HTMLString(v.liveReports())
		shown := explained(t, v, "power", markup, withIDs("live-reports"), words)
		for _, id := range []string{"seen-drawn", "seen-joule", "seen-per-drawn", "seen-usd-mtok"} {
			if shown[id] != 1 {
				t.Errorf("%d numbers are explained by %s: %v", shown[id], id, shown)
			}
		}
		if text := text(markup); !strings.Contains(text, "600 W") || !strings.Contains(text, "NVIDIA states ±5 %") {
			t.Errorf("the table says %s", text)
		}
	}
	// A run of another zone beside it: the log is of one of them, not of both.
	other := *l.doc
	later := l.started.Add(15 * time.Minute).Format(bench.StartedFormat)
	other.Started = &later
	text2, err := other.Encode()
	if err != nil {
		t.Fatal(err)
	}
	v.takeReport("later.json", string(text2))
	if !strings.Contains(l.power.fault, "different time zones") || l.reports[1].doc.PowerLog != nil {
		t.Errorf("a log that fits two runs by two zones: %q", l.power.fault)
	}
	l.power.zone = "345"
	v.layLog()
	if l.power.fault != "" || l.reports[0].doc.PowerLog.Zone != "+05:45" || l.reports[1].doc.PowerLog != nil {
		t.Errorf("with its zone: %q, %+v", l.power.fault, l.reports[1].doc.PowerLog)
	}
	for name, bad := range map[string]string{"open the report": smiLog(l.started, 9, 0), "no time": "index, power.draw [W]\n0, 300 W\n", "do not overlap": smiLog(l.started.Add(-90*time.Hour), 9, 0)} {
		if l.power = (powerLog{}); name == "open the report" {
			l.reports = nil
		} else if len(l.reports) == 0 {
			v.takeReport("report.json", string(file))
		}
		v.takeReport("gpu.csv", bad)
		if !strings.HasPrefix(l.power.fault, "Gpu.csv: ") && !strings.HasPrefix(l.power.fault, "gpu.csv: ") || !strings.Contains(l.power.fault, name) {
			t.Errorf("%s: the page says %q", name, l.power.fault)
		}
	}
}
