// Package xlsx writes spreadsheets that Excel, LibreOffice and Google Sheets
// open: text, numbers, formulas with the values they had, names for cells,
// number formats, a few styles, column widths and frozen panes.
//
// Equal books give equal bytes: nothing depends on the clock or on map order.
//
// # Safety
//
// Text is always written as a text cell, so what a user typed never becomes a
// formula, whatever it begins with; text that looks like one also carries the
// quote prefix, so that it stays text when somebody edits the cell. Formulas
// come only from [F], which takes no user text.
package xlsx

// Book is a workbook.
type Book struct {
	Sheets []*Sheet
	Names  []Name
}

// Name is a defined name for a cell or an area. Text must be a letter or "_"
// followed by letters, digits and "_", and not read like a cell address.
type Name struct {
	Text string
	Ref  string // e.g. 'Inputs'!$B$4; see Ref
}

// Sheet is one table. Name has at most 31 characters and none of []:*?/\.
type Sheet struct {
	Name       string
	Widths     []float64 // by column, in characters; 0 or missing = standard
	FreezeRows int
	FreezeCols int
	Rows       [][]*Cell // nil = an empty cell
}

// Cell is one value with its look. Make cells with T, N, F and FT; what
// changes the look returns the same cell.
type Cell struct {
	Kind    Kind
	Text    string  // Text: the text; Formula: the formula without "="
	Number  float64 // Number, and Formula with a number: its value
	Value   string  // Formula with a text: its value
	IsText  bool    // Formula: the value is a text
	Style   Style
	Unknown bool // Formula: the value is an error or empty: none is written
}

// Kind is what a cell holds.
type Kind uint8

// What a cell holds.
const (
	Empty Kind = iota
	Text
	Number
	Formula
)

// Style is the look of a cell. The zero Style is the plain one.
type Style struct {
	Bold   bool
	Large  bool // a title
	Muted  bool // gray text
	Wrap   bool
	Fill   Fill
	Format string // number format code, "" = general
}

// Fill is the ground of a cell.
type Fill uint8

// Grounds.
const (
	NoFill    Fill = iota
	InputFill      // a cell to change
	HeadFill       // the head of a table
	PickFill       // the recommended row
)

// Number formats.
const (
	Whole   = "#,##0"
	Decimal = "#,##0.00"
	Fine    = "0.0000"
	Percent = "0.0%"
	USD     = `"$"#,##0`
	Cents   = `"$"#,##0.00`
	Mills   = `"$"#,##0.0000`
)

// T is a text cell.
func T(text string) *Cell { return &Cell{Kind: Text, Text: text} }

// N is a number cell. NaN and infinities become the word "unknown".
func N(x float64) *Cell {
	if x-x != 0 {
		return T("unknown")
	}
	return &Cell{Kind: Number, Number: x}
}

// F is a formula cell with the value it has now. The formula is written
// without "="; NaN and infinities leave the value out, so that the program
// that opens the book computes it.
func F(formula string, now float64) *Cell {
	return &Cell{Kind: Formula, Text: formula, Number: now, Unknown: now-now != 0}
}

// FT is a formula cell whose value is a text.
func FT(formula, now string) *Cell {
	return &Cell{Kind: Formula, Text: formula, Value: now, IsText: true}
}

// As returns the cell with a number format.
func (c *Cell) As(format string) *Cell { c.Style.Format = format; return c }

// Bold returns the cell in bold.
func (c *Cell) Bold() *Cell { c.Style.Bold = true; return c }

// Large returns the cell as a title.
func (c *Cell) Large() *Cell { c.Style.Bold, c.Style.Large = true, true; return c }

// Muted returns the cell in gray.
func (c *Cell) Muted() *Cell { c.Style.Muted = true; return c }

// Wrap returns the cell with lines broken at its width.
func (c *Cell) Wrap() *Cell { c.Style.Wrap = true; return c }

// On returns the cell on a ground.
func (c *Cell) On(f Fill) *Cell { c.Style.Fill = f; return c }

// Head is a table's head.
func Head(titles ...string) []*Cell {
	row := make([]*Cell, len(titles))
	for i, t := range titles {
		row[i] = T(t).Bold().Wrap().On(HeadFill)
	}
	return row
}

// Add appends a row and returns its 1-based number.
func (s *Sheet) Add(cells ...*Cell) int {
	s.Rows = append(s.Rows, cells)
	return len(s.Rows)
}

// Address is a cell's address: Address(0, 1) is "A1". Columns count from 0,
// rows from 1.
func Address(col, row int) string { return Column(col) + itoa(row) }

// Column is a column's letters; columns count from 0.
func Column(col int) string {
	name := ""
	for col++; col > 0; col = (col - 1) / 26 {
		name = string(rune('A'+(col-1)%26)) + name
	}
	return name
}

// Ref is an absolute reference to a cell of a sheet, for names and formulas:
// Ref("GPU table", 1, 4) is 'GPU table'!$B$4.
func Ref(sheet string, col, row int) string {
	quoted := "'"
	for _, r := range sheet {
		if r == '\'' {
			quoted += "'"
		}
		quoted += string(r)
	}
	return quoted + "'!$" + Column(col) + "$" + itoa(row)
}
