//go:build !js

package book

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"fleetsize/app/export"
	"fleetsize/app/export/xlsx"
)

// recalculate has LibreOffice compute every formula when it opens a book, as a
// person's F9 does; by default it trusts the values in the file.
const recalculate = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
`

// soffice converts workbooks to one CSV a sheet, with every formula computed
// anew and exact values; it returns the sheets of each by name.
func soffice(t *testing.T, files map[string][]byte) map[string]map[string][][]string {
	t.Helper()
	program, err := exec.LookPath("soffice")
	if err != nil {
		t.Fatal("LibreOffice is not installed: run make deps")
	}
	dir := t.TempDir()
	settings := filepath.Join(dir, "profile", "user", "registrymodifications.xcu")
	if err := os.MkdirAll(filepath.Dir(settings), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(settings, []byte(recalculate), 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--norestore",
		"--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1", "--outdir", dir}
	for name, content := range files {
		path := filepath.Join(dir, name+".xlsx")
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, out)
	}
	found := map[string]map[string][][]string{}
	for name := range files {
		found[name] = map[string][][]string{}
		list, _ := filepath.Glob(filepath.Join(dir, name+"-*.csv"))
		for _, path := range list {
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			r := csv.NewReader(f)
			r.FieldsPerRecord = -1
			records, err := r.ReadAll()
			f.Close()
			if err != nil {
				t.Fatal(err)
			}
			sheet := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), name+"-"), ".csv")
			found[name][sheet] = records
		}
		if len(found[name]) != 8 {
			t.Fatalf("%s: LibreOffice wrote %d sheets", name, len(found[name]))
		}
	}
	return found
}

// stale gives every formula a wrong value, so that a program that does not
// compute is found out.
func stale(b *xlsx.Book) *xlsx.Book {
	for _, s := range b.Sheets {
		for _, r := range s.Rows {
			for j := range r {
				if r[j] != nil && r[j].Kind == xlsx.Formula {
					r[j].Number, r[j].Value, r[j].IsText, r[j].Unknown = 987654321, "", false, false
				}
			}
		}
	}
	return b
}

// set changes the cell with a defined name.
func set(t *testing.T, b *xlsx.Book, name string, to float64) {
	t.Helper()
	for _, n := range b.Names {
		if n.Text != name {
			continue
		}
		sheet, at, _ := strings.Cut(n.Ref, "!")
		sheet = strings.Trim(sheet, "'")
		var col, row int
		letters, digits, _ := strings.Cut(strings.TrimPrefix(at, "$"), "$")
		for _, l := range letters {
			col = col*26 + int(l-'A') + 1
		}
		row, _ = strconv.Atoi(digits)
		for _, s := range b.Sheets {
			if s.Name == sheet {
				cell := s.Rows[row-1][col-1]
				style := cell.Style
				*cell = *xlsx.N(to)
				cell.Style = style
				return
			}
		}
	}
	t.Fatalf("no cell is called %s", name)
}

// compare checks the Fleet sheet as LibreOffice computed it against the engine.
func compare(t *testing.T, what string, sheets map[string][][]string, p *export.Proposal) {
	t.Helper()
	for name, records := range sheets {
		for i, r := range records {
			for j, c := range r {
				if strings.HasPrefix(c, "#") || strings.HasPrefix(c, "Err:") || c == "987654321" {
					t.Errorf("%s: %s!%s is %q", what, name, xlsx.Address(j, i+1), c)
				}
			}
		}
	}
	fleet := sheets["Fleet"]
	head := -1
	at := map[string]int{}
	for i, r := range fleet {
		if len(r) > 0 && r[0] == "entry" {
			head = i
			for j, c := range r {
				at[c] = j
			}
		}
	}
	if head < 0 {
		t.Fatalf("%s: no Fleet table", what)
	}
	number := func(r []string, id string) float64 {
		x, err := strconv.ParseFloat(r[at[id]], 64)
		if err != nil {
			return math.NaN()
		}
		return x
	}
	for i := range p.Answer.Options {
		o := &p.Answer.Options[i]
		// The order of the sheet is that of its own answer; rows are found by name.
		var row []string
		for _, r := range fleet[head+1:] {
			if len(r) > 0 && r[0] == export.GPUName(o.GPU) {
				row = r
				break
			}
		}
		if row == nil {
			continue // not in the sheet: it became viable by the change
		}
		if row[1] != export.Layout(o.Layout) {
			continue // the change made another layout the better one
		}
		check := func(id string, want float64) {
			if got := number(row, id); math.Abs(got-want) > 1e-6*math.Abs(want)+1e-9 {
				t.Errorf("%s: %s: LibreOffice has %s %v, the engine %v", what, o.GPU.ID, id, got, want)
			}
		}
		check("replicas", float64(o.Replicas))
		check("gpus", float64(o.GPUs))
		check("nodes", float64(o.Nodes))
		if o.Priced {
			check("usd_month", o.USDPerMonth)
		} else if row[at["usd_month"]] != "No price" {
			t.Errorf("%s: %s has no price and costs %q", what, o.GPU.ID, row[at["usd_month"]])
		}
		if o.Powered {
			check("kw", o.KW)
		}
	}
}

// LibreOffice computes the same totals as the engine, and follows changed
// inputs as the engine does.
func TestLibreOfficeComputesTheSame(t *testing.T) {
	if testing.Short() {
		t.Skip("starts LibreOffice")
	}
	base := proposal(t, "rps=10&pos=cautious", true)
	people := proposal(t, "users=2500&rph=12&peak=2.5&m=llama-3.3-70b&q=fp8&nodespare=1&yrs=3&grow=30", false)
	flight := proposal(t, "flight=300&g=h100-sxm,l40s,a100-80-sxm", false)
	files := map[string][]byte{}
	add := func(name string, p *export.Proposal, change func(b *xlsx.Book)) {
		b := Workbook(p)
		if change != nil {
			change(b)
		}
		files[name] = stale(b).Bytes()
	}
	add("base", base, nil)
	add("people", people, nil)
	add("flight", flight, nil)
	owned := proposal(t, "rps=10&buy=own&off=15&term=4&kwh=0.2&pue=1.5", false)
	add("owned", owned, nil)
	add("cheaper", owned, func(b *xlsx.Book) {
		set(t, b, "discount", 0.4)
		set(t, b, "term_years", 5)
		set(t, b, "usd_per_kwh", 0.1)
		set(t, b, "pue", 1.2)
	})
	add("demand", base, func(b *xlsx.Book) { set(t, b, "stated_demand", 37) })
	add("margin", base, func(b *xlsx.Book) {
		set(t, b, "peak_load", 0.5)
		set(t, b, "spare_replicas", 0)
		set(t, b, "growth", 0)
	})
	add("price", base, func(b *xlsx.Book) {
		set(t, b, "usd_per_gpu_hour_h100_sxm_80gb", 10)
		set(t, b, "option", 2)
	})
	add("grown", owned, func(b *xlsx.Book) {
		set(t, b, "growth", 0.3)
		set(t, b, "years", 2)
	})
	add("crowd", people, func(b *xlsx.Book) { set(t, b, "people", 9000) })
	got := soffice(t, files)
	compare(t, "base", got["base"], base)
	compare(t, "people", got["people"], people)
	compare(t, "flight", got["flight"], flight)
	compare(t, "owned", got["owned"], owned)
	compare(t, "cheaper", got["cheaper"], proposal(t, "rps=10&buy=own&off=40&term=5&kwh=0.1&pue=1.2", false))
	compare(t, "demand", got["demand"], proposal(t, "rps=37&pos=cautious", true))
	compare(t, "margin", got["margin"], proposal(t, "rps=10&pos=cautious&util=50&spare=0&grow=0", true))
	compare(t, "grown", got["grown"], proposal(t, "rps=10&buy=own&off=15&term=4&kwh=0.2&pue=1.5&grow=30&yrs=2", false))
	compare(t, "crowd", got["crowd"], proposal(t, "users=9000&rph=12&peak=2.5&m=llama-3.3-70b&q=fp8&nodespare=1&yrs=3&grow=30", false))

	// A new price moves one row, and another option the Summary.
	priced := *base
	priced.Answer.Options = append(priced.Answer.Options[:0:0], base.Answer.Options...)
	for i := range priced.Answer.Options {
		if o := &priced.Answer.Options[i]; o.GPU.ID == "h100-sxm-80gb" {
			o.USDPerMonth *= 10 / o.GPU.Rent.USD
		}
	}
	compare(t, "price", got["price"], &priced)
	second := &priced.Answer.Options[1]
	for _, r := range got["price"]["Summary"] {
		if r[0] == "Accelerator" && r[1] != export.GPUName(second.GPU) {
			t.Errorf("Summary shows %s for option 2, want %s", r[1], export.GPUName(second.GPU))
		}
		if r[0] == "GPUs" && r[1] != fmt.Sprint(second.GPUs) {
			t.Errorf("Summary shows %s GPUs for option 2, want %d", r[1], second.GPUs)
		}
	}
	growth(t, got["people"]["Fleet"], people)
}

// growth checks the years: with the years provided for, the fleet is the one
// that was sized.
func growth(t *testing.T, fleet [][]string, p *export.Proposal) {
	t.Helper()
	o := p.Best()
	found := false
	for i, r := range fleet {
		if len(r) > 0 && r[0] == "Year" {
			for _, y := range fleet[i+1:] {
				if len(y) > 4 && y[0] == fmt.Sprint(p.Req.Posture.Years) {
					found = true
					if y[4] != fmt.Sprint(o.GPUs) {
						t.Errorf("year %s has %s GPUs, the engine sized %d", y[0], y[4], o.GPUs)
					}
				}
			}
		}
	}
	if !found {
		t.Error("no table of years")
	}
}
