package score

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"fleetsize/catalog"
)

// Every number of a profile has a name in fit files.
func TestParamsCoverProfile(t *testing.T) {
	var p catalog.Profile
	v := reflect.ValueOf(&p).Elem()
	named := map[*float64]bool{}
	keys := map[string]bool{}
	for _, q := range Params {
		if keys[q.Key] || q.Text == "" || !(q.Scale >= 1) || !(q.Most > 0) {
			t.Errorf("parameter %+v", q)
		}
		keys[q.Key] = true
		named[q.At(&p)] = true
	}
	for i := range v.NumField() {
		f, name := v.Field(i), v.Type().Field(i).Name
		if f.Kind() != reflect.Float64 || name == "TTFTError" || name == "ITLError" {
			continue
		}
		if !named[f.Addr().Interface().(*float64)] {
			t.Errorf("Profile.%s has no parameter: a fit file would lose it", name)
		}
	}
}

// What is written is read again, to six digits.
func TestCalibrationRoundTrip(t *testing.T) {
	cat, _ := resolver(t)
	nim, _ := cat.Engine("nim")
	p := nim.Profiles[0]
	p.ID, p.Match = "fit-nim", catalog.Match{Architectures: []string{"Hopper"}, Versions: []string{"1.8"}}
	p.Bands = catalog.Bands{TTFT: 0.2, TTFTSaturated: 0.3, ITL: 0.1, Rate: 0.1}
	p.ComputeEff, p.DirectReduce = 0.123456789, true
	c := Calibration{
		Engines: []EngineFit{{Engine: "nim", Profile: p, MemoryFraction: 0.8125, Builds: []catalog.Build{
			{Version: "1.9", Model: "llama-3-1-8b", TP: 1, TokenBudget: 4096, Source: "s"}}}},
		Provenance: Provenance{Data: "x.csv", Rows: 40, Groups: []string{"g"}, Catalog: cat.Date},
	}
	data, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := DecodeCalibration(data)
	if err != nil {
		t.Fatal(err)
	}
	again, err := got.Encode()
	if err != nil || string(again) != string(data) {
		t.Errorf("written again:\n%s\nfirst:\n%s", again, data)
	}
	if q := got.Engines[0].Profile; q.ComputeEff != 0.123457 || q.Match.Versions[0] != "1.8" || q.Bands != p.Bands || !q.DirectReduce || got.Engines[0].Builds[0] != c.Engines[0].Builds[0] {
		t.Errorf("read: %+v", got.Engines[0])
	}
	for _, q := range Params {
		want := *q.At(&p)
		if v := *q.At(&got.Engines[0].Profile); v < want*(1-1e-5) || v > want*(1+1e-5) {
			t.Errorf("%s = %v, want %v", q.Key, v, want)
		}
	}
}

func TestApply(t *testing.T) {
	cat, _ := resolver(t)
	c, err := DecodeCalibration([]byte(`{"fleetsize_fit":1,"engines":[{"engine":"nim","memory_fraction":0.5,
		"builds":[{"version":"2.0","model":"llama-3-1-8b","tp":1,"token_budget":4096}],
		"profile":{"id":"mine","architectures":["Hopper"],"rows":5,"parameters":{"ec":0.5,"ed":0.6,"t0_ms":1.5}}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	with, err := c.Apply(cat)
	if err != nil {
		t.Fatal(err)
	}
	old, _ := cat.Engine("nim")
	now, _ := with.Engine("nim-trtllm")
	h100, _ := with.GPU("h100-sxm")
	a100, _ := with.GPU("a100-sxm")
	if p := now.Profile(h100); p.ID != "mine" || p.StepOverhead != 1.5e-3 {
		t.Errorf("profile on Hopper = %+v", p)
	}
	if p := now.Profile(a100); p.ID == "mine" {
		t.Error("the fit serves an architecture it does not name")
	}
	if now.Memory.Fraction != 0.5 || now.SchedulerFor(h100, "2.0", "llama-3-1-8b", 1).TokenBudget != 4096 {
		t.Errorf("memory %v, builds %+v", now.Memory, now.Builds[0])
	}
	if old.Memory.Fraction == 0.5 || old.Profiles[0].ID == "mine" || len(with.Engines) != len(cat.Engines) {
		t.Error("Apply changed the catalog it was given")
	}
	c.Engines[0].Engine = "mystery"
	var bad *CalibrationError
	if _, err := c.Apply(cat); !errors.As(err, &bad) {
		t.Errorf("unknown engine: %v", err)
	}
}

func TestBadFitFiles(t *testing.T) {
	const ok = `{"fleetsize_fit":1,"engines":[{"engine":"nim","profile":{"id":"x","parameters":{"ec":0.5,"ed":0.6}}}]}`
	if _, err := DecodeCalibration([]byte(ok)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{`{`, `[`, "no JSON document"},
		{`"fleetsize_fit":1,`, ``, "fleetsize_fit"},
		{`"fleetsize_fit":1`, `"fleetsize_fit":7`, "format 7"},
		{`[{"engine":"nim","profile":{"id":"x","parameters":{"ec":0.5,"ed":0.6}}}]`, `[]`, "no engine"},
		{`"id":"x"`, `"id":""`, "no id"},
		{`"ec":0.5`, `"ec":-1`, "ec = -1"},
		{`"ec":0.5`, `"ec":1e300`, "ec = 1e+300"},
		{`"ec":0.5,`, ``, "ec and ed must be given"},
		{`"ec"`, `"speed"`, `"speed"`},
		{`"engine":"nim",`, `"engine":"nim","memory_fraction":2,`, "memory_fraction 2"},
		{`"id":"x",`, `"id":"x","bands":{"ttft":-1},`, "half-width -1"},
		{`"id":"x",`, `"id":"x","rows":-1,`, "-1"},
		{`"engine":"nim",`, `"engine":"nim","builds":[{"version":"1","token_budget":-4}],`, "out of range"},
	} {
		text := strings.Replace(ok, c.old, c.new, 1)
		got, err := DecodeCalibration([]byte(text))
		var bad *CalibrationError
		if got != nil || !errors.As(err, &bad) || !strings.Contains(bad.Text, c.want) {
			t.Errorf("%s: %v, want an error with %q", text, err, c.want)
		}
	}
}

func FuzzDecodeCalibration(f *testing.F) {
	f.Add([]byte(`{"fleetsize_fit":1,"engines":[{"engine":"nim","profile":{"id":"x","parameters":{"ec":0.5,"ed":0.6}}}]}`))
	f.Add([]byte(`{"fleetsize_fit":1,"engines":[{"engine":"vllm","builds":[{"version":"1","tp":2}],"profile":{"id":"x","bands":{"ttft":1},"parameters":{"ec":2,"ed":1,"t0_ms":1}}}]}`))
	cat, x := resolver(f)
	_ = x
	row := rowOf(f, heading, "llama-3-1-8b,h100-sxm,1,1,1,nim,1.8.0,fp8,200,20,4,,2,100,10,500,,,")
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := DecodeCalibration(data)
		if err != nil {
			return
		}
		if _, err := c.Encode(); err != nil {
			t.Fatal(err)
		}
		with, err := c.Apply(cat)
		if err != nil {
			return
		}
		y, err := NewResolver(with)
		if err != nil {
			t.Fatal(err)
		}
		var r Runner
		if s := r.Row(y, row); s.Reason == "" && !(s.TTFT.Model.Value > 0 && s.TTFT.Model.Value < 1e9) {
			t.Fatalf("TTFT %v", s.TTFT.Model)
		}
	})
}
