package gpulog

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fleetsize/calc/bench"
)

func sample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func parse(t *testing.T, text, query string) Log {
	t.Helper()
	l, err := Parse([]byte(text), query)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-6*math.Max(1, math.Abs(b)) }

func TestParse(t *testing.T) {
	l := parse(t, string(sample(t, "h100x2.csv")), "")
	if len(l.GPUs) != 2 || !l.Timed || l.Lines != 10 || l.Skipped != 0 {
		t.Fatalf("%d GPUs, timed %v, %d lines, %d skipped", len(l.GPUs), l.Timed, l.Lines, l.Skipped)
	}
	g := l.GPUs[1]
	s := g.Samples[2]
	if g.ID != "1" || g.Name != "NVIDIA H100 80GB HBM3" || len(g.Samples) != 5 {
		t.Errorf("the second GPU is %+v", g)
	}
	if !math.IsNaN(s.Watts) || s.Busy != 1 || s.MemBusy != 0.5 || s.Used != 72000<<20 || s.Total != 81559<<20 || s.Temp != 61 || s.SMClock != 1.8e9 || s.Limit != 700 || s.Reasons != 4 {
		t.Errorf("a reading is %+v", s)
	}
	if math.Abs(s.At-1773144002.006) > 1e-3 { // date -u -d '2026-03-10 12:00:02' +%s
		t.Errorf("at %f", s.At)
	}
}

// What nvidia-smi may write, and what people make of it.
func TestParseVariants(t *testing.T) {
	for _, c := range []struct {
		name, text, query string
		watts, busy       float64 // of the last reading of the first GPU
		gpus, skipped     int
	}{
		{"without units", "timestamp, index, power.draw [W], utilization.gpu [%]\n2026/03/10 12:00:00.000, 0, 250.5, 97\n", "", 250.5, 0.97, 1, 0},
		{"without heading", "2026/03/10 12:00:00.000, 0, 250.5 W, 97 %\n", "timestamp,index,power.draw,utilization.gpu", 250.5, 0.97, 1, 0},
		{"marks for missing", "index, power.draw [W], utilization.gpu [%]\n0, 100 W, 5 %\n0, [Unknown Error], [N/A]\n0, ERR!, [Not Supported]\n0, [GPU is lost], 7 %\n", "", math.NaN(), 0.07, 1, 2},
		{"byte order mark, Windows lines, blanks", "\ufeffpower.draw [W], utilization.gpu [%]\r\n\r\n300 W, 50 %\r\n", "", 300, 0.5, 1, 0},
		{"heading again in the middle", "index, power.draw [W], utilization.gpu [%]\n0, 1 W, 1 %\nindex, power.draw [W], utilization.gpu [%]\n0, 2 W, 2 %\n", "", 2, 0.02, 1, 0},
		{"other columns between", "driver_version, power.draw [W], pstate, utilization.gpu [%]\n550.90, 80 W, P0, 3 %\n", "", 80, 0.03, 1, 0},
		{"average before instant", "power.draw.instant [W], power.draw.average [W], utilization.gpu [%]\n500 W, 400 W, 9 %\n", "", 400, 0.09, 1, 0},
		{"instant alone", "power.draw.average [W], power.draw.instant [W], utilization.gpu [%]\n[N/A], 500 W, 9 %\n", "", 500, 0.09, 1, 0},
		{"nonsense is not read", "index, power.draw [W], utilization.gpu [%]\n0, 1 W, 1 %\nhello\n0, 1e99 W, -4 %\n", "", 1, 0.01, 1, 2},
		{"named by bus", "pci.bus_id, power.draw [W], utilization.gpu [%]\n00000000:01:00.0, 10 W, 1 %\n00000000:02:00.0, 20 W, 2 %\n", "", 10, 0.01, 2, 0},
		{"two machines put together", "index, uuid, power.draw [W], utilization.gpu [%]\n0, GPU-a, 10 W, 1 %\nindex, uuid, power.draw [W], utilization.gpu [%]\n0, GPU-b, 20 W, 2 %\n", "", 10, 0.01, 2, 0},
		{"sweeps of devices without a name", "timestamp, power.draw [W], utilization.gpu [%]\n2026/03/10 12:00:00.000, 10 W, 1 %\n2026/03/10 12:00:00.004, 20 W, 2 %\n2026/03/10 12:00:01.000, 30 W, 3 %\n2026/03/10 12:00:01.004, 40 W, 4 %\n", "", 30, 0.03, 2, 0},
	} {
		l, err := Parse([]byte(c.text), c.query)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		s := l.GPUs[0].Samples[len(l.GPUs[0].Samples)-1]
		if same := s.Watts == c.watts || math.IsNaN(s.Watts) && math.IsNaN(c.watts); !same || !near(s.Busy, c.busy) || len(l.GPUs) != c.gpus || l.Skipped != c.skipped {
			t.Errorf("%s: %g W, busy %g, %d GPUs, %d skipped", c.name, s.Watts, s.Busy, len(l.GPUs), l.Skipped)
		}
	}
}

func TestReasonsByColumn(t *testing.T) {
	l := parse(t, "power.draw [W], clocks_throttle_reasons.sw_power_cap, clocks_throttle_reasons.hw_thermal_slowdown\n1 W, Active, Not Active\n1 W, Not Active, [N/A]\n1 W, [N/A], [N/A]\n", "")
	var got []int64
	for _, s := range l.GPUs[0].Samples {
		got = append(got, s.Reasons)
	}
	if len(got) != 3 || got[0] != powerCap || got[1] != 0 || got[2] != -1 {
		t.Errorf("reasons %v", got)
	}
}

func TestParseFaults(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "no lines of data",
		"1,2,3\n4,5,6":                "with a heading",
		"timestamp, power.draw [W]\n": "no lines of data",
		"timestamp, power.draw [W]\n2026/03/10 12:00:00, [N/A]":  "none of the 1 lines",
		"model,gpu,concurrency,ttft_ms\nllama,h100,1,50\n":       "with a heading",
		strings.Repeat("power.draw [W], index\n", 5) + "x, y\nz": "none of the 2 lines",
	} {
		if _, err := Parse([]byte(text), ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	if _, err := Parse([]byte("1,2"), "cheese"); err == nil || !strings.Contains(err.Error(), `"cheese"`) {
		t.Error(err)
	}
	if Recognize([]byte("timestamp, cheese\n")) || Recognize(nil) || !Recognize(sample(t, "h100x2.csv")) {
		t.Error("recognized wrongly")
	}
}

// The area below straight lines between readings, by hand.
func TestOver(t *testing.T) {
	l := parse(t, string(sample(t, "h100x2.csv")), "")
	const noon = 1773144000
	u := l.Over(noon+0.002, noon+4.002)
	// GPU 0: 400 to 600 W in 2 s, 600 for 2 s. GPU 1, whose readings come 4 ms
	// later and of which one is missing: 117.8 to 300, then 300 to 500 in 4 s.
	first := (400+600)/2*2.0 + 600*2
	at := 300 - (300-117.8)*0.004/2
	second := (at+300)/2*0.004 + (300+499.8)/2*3.996
	if !near(u.Joules, first+second) || !near(u.Watts, (first+second)/4) {
		t.Errorf("%g J, %g W; want %g J", u.Joules, u.Watts, first+second)
	}
	if u.GPUs != 2 || u.Samples != 4 || !near(u.Covered, 1) {
		t.Errorf("%+v", u)
	}
	if !near(u.Busy, (0.8+0.6+1+1)/4) || !near(u.Temp, 61) || !near(u.Used, 2*72000<<20) || !near(u.Share, 72000.0/81559) || u.Limit != 1400 {
		t.Errorf("%+v", u)
	}
	if u.Slowed != 0.5 || u.PowerCap != 0.5 || u.Heat != 0 || u.Brake != 0 {
		t.Errorf("held back %g, %g, %g, %g", u.Slowed, u.PowerCap, u.Heat, u.Brake)
	}
	// The newest readings together: 600 of the first, and 300 of the second
	// that is 2 s old.
	if u.Peak != 900 {
		t.Errorf("peak %g", u.Peak)
	}
	if half := l.Over(noon+4, noon+12); !near(half.Covered, (2.002+2.006)/2/8) {
		t.Errorf("covered %g", half.Covered)
	}
}

// A pause of the log is not bridged.
func TestGap(t *testing.T) {
	text := "timestamp, power.draw [W]\n"
	for _, s := range []string{"00", "01", "02", "03", "23", "24", "25", "26"} {
		text += "2026/03/10 12:00:" + s + ".000, 200 W\n"
	}
	l := parse(t, text, "")
	from, to := l.Span()
	u := l.Over(from, to)
	if !near(u.Covered, 6.0/26) || !near(u.Watts, 200) || !near(u.Joules, 200*26) {
		t.Errorf("%+v", u)
	}
	if n := len(l.GPUs); n != 1 {
		t.Errorf("%d GPUs", n)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(sample(f, "h100x2.csv"), "")
	f.Add([]byte("2026/03/10 12:00:00.000, 0, 250.5 W, 97 %\n"), "timestamp,index,power.draw,utilization.gpu")
	f.Add([]byte("index, power.draw [W]\n0, [N/A]\n-1, 5\n"), "")
	f.Fuzz(func(t *testing.T, data []byte, query string) {
		l, err := Parse(data, query)
		if err != nil {
			return
		}
		from, to := l.Span()
		u := l.Over(from, to+1)
		readings := 0
		for _, g := range l.GPUs {
			readings += len(g.Samples)
		}
		if readings+l.Skipped != l.Lines || u.Samples != readings {
			t.Fatalf("%d readings of which %d lie in the span, %d skipped, %d lines", readings, u.Samples, l.Skipped, l.Lines)
		}
		for name, x := range map[string]float64{"covered": u.Covered, "busy": u.Busy, "slowed": u.Slowed} {
			if x < 0 || x > 1.000001 {
				t.Fatalf("%s is %g", name, x)
			}
		}
		if u.Watts < 0 || u.Peak < 0 || u.Joules < 0 || math.IsInf(u.Watts, 0) || math.IsInf(u.Joules, 0) {
			t.Fatalf("%+v", u)
		}
		d := report(10, 20)
		if Join(d, l, Options{}) == nil {
			if _, err := d.Encode(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// report is a report of 2026-03-10 10:00 UTC with a phase from start for long
// seconds: 50 tok/s out, 150 in, 0.5 requests a second.
func report(start, long float64) *bench.Document {
	when, out, in, rate := "2026-03-10T10:00:00.000Z", 50.0, 150.0, 0.5
	return &bench.Document{SchemaVersion: bench.SchemaVersion, Started: &when, Phases: []bench.PhaseDoc{
		{Label: "1 in flight", StartS: &start, WindowS: &long, OutputTokPerS: &out, InputTokPerS: &in, RequestPerS: &rate},
	}}
}

// What nvidia-smi dmon writes, spaced and as CSV, with and without the time
// (columns of its manual page; made by hand).
func TestDmon(t *testing.T) {
	spaced := `#Date       Time        gpu    pwr  gtemp  mtemp     sm    mem    enc    dec   mclk   pclk     fb
#YYYYMMDD   HH:MM:SS    Idx      W      C      C      %      %      %      %    MHz    MHz     MB
 20260310   12:00:00      0    412     61     70     97     45      0      0   2619   1755  70000
 20260310   12:00:00      1    398     59      -     95     44      0      0   2619   1740  70001
 20260310   12:00:01      0    414     61     70     98     45      0      0   2619   1755  70000
 20260310   12:00:01      1    400     59      -     95     44      0      0   2619   1740  70001
#Date       Time        gpu    pwr  gtemp  mtemp     sm    mem    enc    dec   mclk   pclk     fb
 20260310   12:00:02      0    416     62     71     99     46      0      0   2619   1755  70100
 20260310   12:00:02      1    402     59      -     96     44      0      0   2619   1740  70001
`
	for name, text := range map[string]string{"spaced": spaced, "csv": strings.Join(strings.Fields(strings.ReplaceAll(strings.ReplaceAll(spaced, "\n", " \x00 "), "#Date", "#date")), ", ")} {
		text = strings.ReplaceAll(strings.ReplaceAll(text, ", \x00, ", "\n"), ", \x00", "\n")
		if !Recognize([]byte(text)) {
			t.Errorf("%s: not recognized: %q", name, text[:40])
		}
		l := parse(t, text, "")
		if len(l.GPUs) != 2 || !l.Timed || l.Skipped != 0 || l.Lines != 6 || len(l.GPUs[1].Samples) != 3 {
			t.Fatalf("%s: %+v", name, l)
		}
		s, u := l.GPUs[0].Samples[2], l.All()
		if s.Watts != 416 || s.Temp != 62 || s.MemTemp != 71 || s.Busy != 0.99 || s.MemBusy != 0.46 || s.Used != 70100<<20 || s.SMClock != 1755e6 || !math.IsNaN(l.GPUs[1].Samples[0].MemTemp) {
			t.Errorf("%s: %+v", name, s)
		}
		if !near(u.Watts, 814) || u.Seconds < 2 {
			t.Errorf("%s: %+v", name, u)
		}
	}
	l := parse(t, "# gpu    pwr  gtemp     sm\n# Idx      W      C      %\n    0    412     61     97\n", "")
	if l.Timed || l.GPUs[0].Samples[0].Watts != 412 {
		t.Errorf("without time: %+v", l)
	}
}
