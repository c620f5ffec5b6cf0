package xlsx

import "strings"

// look is a style as the file knows it.
type look struct {
	Style
	quoted bool // text that must stay text
}

// styles collects the looks that a book uses, the plain one first.
type styles struct {
	looks   []look
	formats []string
}

func newStyles() *styles { return &styles{looks: []look{{}}} }

// index is the number of a look, given out in order of use.
func (s *styles) index(style Style, quoted bool) int {
	want := look{style, quoted}
	for i, l := range s.looks {
		if l == want {
			return i
		}
	}
	s.looks = append(s.looks, want)
	return len(s.looks) - 1
}

// firstFormat is the first number that a file may give to a format of its own.
const firstFormat = 164

func (s *styles) format(code string) int {
	if code == "" {
		return 0
	}
	for i, f := range s.formats {
		if f == code {
			return firstFormat + i
		}
	}
	s.formats = append(s.formats, code)
	return firstFormat + len(s.formats) - 1
}

// fonts, by (large, bold, muted); fills by Fill. Two fills come first because
// the format reserves them.
const (
	fontsXML = `<fonts count="5"><font><sz val="11"/><name val="Calibri"/></font>` +
		`<font><b/><sz val="11"/><name val="Calibri"/></font>` +
		`<font><b/><sz val="16"/><name val="Calibri"/></font>` +
		`<font><sz val="10"/><color rgb="FF5F6873"/><name val="Calibri"/></font>` +
		`<font><sz val="11"/><color rgb="FF1F3FA8"/><name val="Calibri"/></font></fonts>`
	fillsXML = `<fills count="5"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>` +
		`<fill><patternFill patternType="solid"><fgColor rgb="FFFFF6DD"/></patternFill></fill>` +
		`<fill><patternFill patternType="solid"><fgColor rgb="FFEFF1F4"/></patternFill></fill>` +
		`<fill><patternFill patternType="solid"><fgColor rgb="FFF1F5FF"/></patternFill></fill></fills>`
	bordersXML = `<borders count="2"><border/><border><left/><right/><top/><bottom style="thin"><color rgb="FFC8CDD4"/></bottom></border></borders>`
)

func (l look) font() int {
	switch {
	case l.Large:
		return 2
	case l.Bold:
		return 1
	case l.Muted:
		return 3
	case l.Fill == InputFill:
		return 4
	}
	return 0
}

func (l look) fill() int {
	if l.Fill == NoFill {
		return 0
	}
	return int(l.Fill) + 1
}

func (s *styles) xml() string {
	var looks strings.Builder
	for _, l := range s.looks {
		looks.WriteString(`<xf numFmtId="` + itoa(s.format(l.Format)) + `" fontId="` + itoa(l.font()) + `" fillId="` + itoa(l.fill()) + `" borderId="`)
		if l.Fill == HeadFill {
			looks.WriteString(`1`)
		} else {
			looks.WriteString(`0`)
		}
		looks.WriteString(`" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"`)
		if l.quoted {
			looks.WriteString(` quotePrefix="1"`)
		}
		looks.WriteString(`><alignment vertical="top"`)
		if l.Wrap {
			looks.WriteString(` wrapText="1"`)
		}
		looks.WriteString(`/></xf>`)
	}
	var x strings.Builder
	x.WriteString(xmlHead + `<styleSheet ` + mainNS + `>`)
	if len(s.formats) > 0 {
		x.WriteString(`<numFmts count="` + itoa(len(s.formats)) + `">`)
		for i, f := range s.formats {
			x.WriteString(`<numFmt numFmtId="` + itoa(firstFormat+i) + `" formatCode="`)
			escape(&x, f)
			x.WriteString(`"/>`)
		}
		x.WriteString(`</numFmts>`)
	}
	x.WriteString(fontsXML + fillsXML + bordersXML)
	x.WriteString(`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="` + itoa(len(s.looks)) + `">` + looks.String() + `</cellXfs>`)
	x.WriteString(`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`)
	return x.String()
}
