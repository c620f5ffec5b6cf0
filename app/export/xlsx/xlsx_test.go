package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"math"
	"strings"
	"testing"
	"unicode/utf8"
)

// parts reads a workbook back and checks that every part is well-formed XML.
func parts(t testing.TB, content []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		found[f.Name] = string(text)
		d := xml.NewDecoder(bytes.NewReader(text))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		}
		if !utf8.Valid(text) {
			t.Errorf("%s is not UTF-8", f.Name)
		}
	}
	return found
}

func TestAddresses(t *testing.T) {
	for col, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA", 16383: "XFD"} {
		if got := Column(col); got != want {
			t.Errorf("Column(%d) = %s, want %s", col, got, want)
		}
	}
	if got, want := Ref("GPU table", 1, 4), "'GPU table'!$B$4"; got != want {
		t.Errorf("Ref = %s, want %s", got, want)
	}
	if got, want := Ref("it's", 0, 1), "'it''s'!$A$1"; got != want {
		t.Errorf("Ref = %s, want %s", got, want)
	}
}

func TestCells(t *testing.T) {
	s := &Sheet{Name: "One", Widths: []float64{20, 0, 8}, FreezeRows: 1, FreezeCols: 1}
	s.Add(Head("a", "b")...)
	s.Add(T("=1+1"), N(1.5).As(Cents), F("A1*2", 3), FT(`IF(A1>0,"yes","no")`, "yes"), N(math.NaN()), F("1/0", math.Inf(1)), nil)
	b := &Book{Sheets: []*Sheet{s, {Name: "Two"}}, Names: []Name{{"price", Ref("One", 1, 2)}}}
	p := parts(t, b.Bytes())
	sheet := p["xl/worksheets/sheet1.xml"]
	for _, want := range []string{
		`t="inlineStr"><is><t xml:space="preserve">=1+1</t></is></c>`,
		`<v>1.5</v>`, `<f>A1*2</f><v>3</v>`, `t="str"><f>IF(A1&gt;0,&quot;yes&quot;,&quot;no&quot;)</f><v>yes</v>`,
		`>unknown</t>`, `<f>1/0</f></c>`,
		`<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/>`,
		`<col min="1" max="1" width="20" customWidth="1"/><col min="3" max="3" width="8"`,
	} {
		if !strings.Contains(sheet, want) {
			t.Errorf("the sheet lacks %s:\n%s", want, sheet)
		}
	}
	if got := p["xl/workbook.xml"]; !strings.Contains(got, `<definedName name="price">'One'!$B$2</definedName>`) || !strings.Contains(got, `<sheet name="Two" sheetId="2" r:id="rId2"/>`) {
		t.Errorf("workbook: %s", got)
	}
	if got := p["xl/styles.xml"]; !strings.Contains(got, `formatCode="&quot;$&quot;#,##0.00"`) || !strings.Contains(got, `quotePrefix="1"`) {
		t.Errorf("styles: %s", got)
	}
}

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"a<b&c>\"d\"":                    "a&lt;b&amp;c&gt;&quot;d&quot;",
		"bell\x07 nul\x00 tab\t":         "bell nul tab\t",
		"_x0041_ _x00zz_":                "_x005F_x0041_ _x00zz_",
		"bad\xff byte":                   "bad byte",
		"東京 😀":                           "東京 😀",
		strings.Repeat("x", maxText+100): strings.Repeat("x", maxText),
	} {
		var b strings.Builder
		escape(&b, in)
		if b.String() != want {
			t.Errorf("escape(%.40q) = %.60q, want %.60q", in, b.String(), want)
		}
	}
	for in, want := range map[string]string{"a/b": "ab", "": "Sheet", "'x'": "x", strings.Repeat("n", 40): strings.Repeat("n", 31)} {
		if got := sheetName(in); got != want {
			t.Errorf("sheetName(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestDeterministic(t *testing.T) {
	b := &Book{Sheets: []*Sheet{{Name: "S", Rows: [][]*Cell{{T("x").Bold(), N(1).On(InputFill)}}}}}
	if !bytes.Equal(b.Bytes(), b.Bytes()) {
		t.Error("two writes differ")
	}
}

// Whatever a text holds, the book stays readable and the text stays a text.
func FuzzText(f *testing.F) {
	for _, s := range []string{"=cmd|' /C calc'!A0", "@SUM(A1)", "+1", "-1", "\t=1", "\r", "]]>", "_x0000_", "\ufffe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p := parts(t, (&Book{Sheets: []*Sheet{{Name: s, Rows: [][]*Cell{{T(s)}}}}}).Bytes())
		if strings.Contains(p["xl/worksheets/sheet1.xml"], "<f>") {
			t.Errorf("%q became a formula", s)
		}
	})
}
