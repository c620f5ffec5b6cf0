package xlsx

import "strings"

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

const (
	mainNS = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	relNS  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	pkgNS  = "http://schemas.openxmlformats.org/package/2006/"
	typeXL = "application/vnd.openxmlformats-officedocument.spreadsheetml."
)

// Bytes is the workbook as a file's content.
func (b *Book) Bytes() []byte {
	styles := newStyles()
	var sheets []string
	for _, s := range b.Sheets {
		sheets = append(sheets, s.xml(styles))
	}
	var z archive
	z.add("[Content_Types].xml", b.types())
	z.add("_rels/.rels", xmlHead+`<Relationships xmlns="`+pkgNS+`relationships"><Relationship Id="rId1" Type="`+relNS+`/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
	z.add("xl/workbook.xml", b.workbook())
	z.add("xl/_rels/workbook.xml.rels", b.relations())
	z.add("xl/styles.xml", styles.xml())
	for i, content := range sheets {
		z.add("xl/worksheets/sheet"+itoa(i+1)+".xml", content)
	}
	return z.bytes()
}

func (b *Book) types() string {
	var x strings.Builder
	x.WriteString(xmlHead + `<Types xmlns="` + pkgNS + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + typeXL + `sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="` + typeXL + `styles+xml"/>`)
	for i := range b.Sheets {
		x.WriteString(`<Override PartName="/xl/worksheets/sheet` + itoa(i+1) + `.xml" ContentType="` + typeXL + `worksheet+xml"/>`)
	}
	x.WriteString(`</Types>`)
	return x.String()
}

func (b *Book) relations() string {
	var x strings.Builder
	x.WriteString(xmlHead + `<Relationships xmlns="` + pkgNS + `relationships">`)
	for i := range b.Sheets {
		x.WriteString(`<Relationship Id="rId` + itoa(i+1) + `" Type="` + relNS + `/worksheet" Target="worksheets/sheet` + itoa(i+1) + `.xml"/>`)
	}
	x.WriteString(`<Relationship Id="rId` + itoa(len(b.Sheets)+1) + `" Type="` + relNS + `/styles" Target="styles.xml"/></Relationships>`)
	return x.String()
}

// workbook lists the sheets and the names. Programs that open the book compute
// every formula anew.
func (b *Book) workbook() string {
	var x strings.Builder
	x.WriteString(xmlHead + `<workbook ` + mainNS + ` xmlns:r="` + relNS + `"><bookViews><workbookView activeTab="0"/></bookViews><sheets>`)
	for i, s := range b.Sheets {
		x.WriteString(`<sheet name="`)
		escape(&x, sheetName(s.Name))
		x.WriteString(`" sheetId="` + itoa(i+1) + `" r:id="rId` + itoa(i+1) + `"/>`)
	}
	x.WriteString(`</sheets>`)
	if len(b.Names) > 0 {
		x.WriteString(`<definedNames>`)
		for _, n := range b.Names {
			x.WriteString(`<definedName name="`)
			escape(&x, n.Text)
			x.WriteString(`">`)
			escape(&x, n.Ref)
			x.WriteString(`</definedName>`)
		}
		x.WriteString(`</definedNames>`)
	}
	x.WriteString(`<calcPr calcId="0" fullCalcOnLoad="1"/></workbook>`)
	return x.String()
}

// xml is the sheet's part.
func (s *Sheet) xml(styles *styles) string {
	var x strings.Builder
	x.WriteString(xmlHead + `<worksheet ` + mainNS + `><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>`)
	x.WriteString(`<sheetViews><sheetView workbookViewId="0" showGridLines="0">`)
	if s.FreezeRows > 0 || s.FreezeCols > 0 {
		pane := "bottomRight"
		split := ` xSplit="` + itoa(s.FreezeCols) + `" ySplit="` + itoa(s.FreezeRows) + `"`
		switch {
		case s.FreezeCols == 0:
			pane, split = "bottomLeft", ` ySplit="`+itoa(s.FreezeRows)+`"`
		case s.FreezeRows == 0:
			pane, split = "topRight", ` xSplit="`+itoa(s.FreezeCols)+`"`
		}
		x.WriteString(`<pane` + split + ` topLeftCell="` + Address(s.FreezeCols, s.FreezeRows+1) + `" activePane="` + pane + `" state="frozen"/>`)
	}
	x.WriteString(`</sheetView></sheetViews>`)
	if len(s.Widths) > 0 {
		x.WriteString(`<cols>`)
		for i, w := range s.Widths {
			if w > 0 {
				x.WriteString(`<col min="` + itoa(i+1) + `" max="` + itoa(i+1) + `" width="` + number(w) + `" customWidth="1"/>`)
			}
		}
		x.WriteString(`</cols>`)
	}
	x.WriteString(`<sheetData>`)
	for i, row := range s.Rows {
		x.WriteString(`<row r="` + itoa(i+1) + `">`)
		for j, c := range row {
			c.xml(&x, Address(j, i+1), styles)
		}
		x.WriteString(`</row>`)
	}
	x.WriteString(`</sheetData><pageMargins left="0.5" right="0.5" top="0.5" bottom="0.5" header="0.3" footer="0.3"/><pageSetup orientation="landscape" fitToWidth="1" fitToHeight="0"/></worksheet>`)
	return x.String()
}

func (c *Cell) xml(x *strings.Builder, at string, styles *styles) {
	if c == nil {
		return
	}
	look := styles.index(c.Style, c.Kind == Text && formulaLike(c.Text))
	if c.Kind == Empty && look == 0 {
		return
	}
	x.WriteString(`<c r="` + at + `"`)
	if look > 0 {
		x.WriteString(` s="` + itoa(look) + `"`)
	}
	switch c.Kind {
	case Empty:
		x.WriteString(`/>`)
	case Text:
		x.WriteString(` t="inlineStr"><is><t xml:space="preserve">`)
		escape(x, c.Text)
		x.WriteString(`</t></is></c>`)
	case Number:
		x.WriteString(`><v>` + number(c.Number) + `</v></c>`)
	case Formula:
		if c.IsText {
			x.WriteString(` t="str"`)
		}
		x.WriteString(`><f>`)
		escape(x, c.Text)
		x.WriteString(`</f>`)
		switch {
		case c.Unknown:
		case c.IsText:
			x.WriteString(`<v>`)
			escape(x, c.Value)
			x.WriteString(`</v>`)
		default:
			x.WriteString(`<v>` + number(c.Number) + `</v>`)
		}
		x.WriteString(`</c>`)
	}
}
