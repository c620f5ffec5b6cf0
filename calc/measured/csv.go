package measured

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// Bounds of one file.
const (
	MaxBytes   = 16 << 20
	MaxRows    = 100_000
	maxColumns = 200
)

// ParseCSV reads a table of measurements: our own columns in any order with
// optional ones left out, or the columns of NVIDIA's NIM benchmark tables.
// Commas, semicolons or tabs separate cells. Latencies may carry a unit in
// their heading (ms, s, us), ms without one.
//
// Input and output tokens, a load (concurrency or request_rate) and one of
// TTFT, ITL or throughput must have a column. Whatever is wrong with single
// rows is told as problems and read as not stated; a file that is no such
// table, or is larger than MaxBytes or MaxRows, is a *FormatError.
func ParseCSV(data []byte) (Table, []Problem, error) {
	switch {
	case len(data) > MaxBytes:
		return Table{}, nil, formatError("the file has %d MB; at most %d MB are read", len(data)>>20, MaxBytes>>20)
	case !utf8.Valid(data):
		return Table{}, nil, formatError("the file is not UTF-8 text; export it as CSV (UTF-8)")
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	separator := separatorOf(data)
	reader := csv.NewReader(bytes.NewReader(data))
	reader.Comma = separator
	reader.FieldsPerRecord = -1
	reader.LazyQuotes = true
	reader.TrimLeadingSpace = separator != '\t'

	heading, err := reader.Read()
	if errors.Is(err, io.EOF) {
		return Table{}, nil, formatError("the file is empty")
	}
	if err != nil {
		return Table{}, nil, formatError("the first line cannot be read: %v", err)
	}
	if len(heading) > maxColumns {
		return Table{}, nil, formatError("the file has %d columns; at most %d are read", len(heading), maxColumns)
	}
	p := parser{decimalComma: separator != ','}
	if err := p.columns(heading); err != nil {
		return Table{}, nil, err
	}
	t := Table{Columns: p.headings}
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		line, _ := reader.FieldPos(0)
		if err != nil {
			return Table{}, nil, formatError("the file is no CSV: %v", err)
		}
		if empty(cells) {
			continue
		}
		if len(t.Rows) >= MaxRows {
			return Table{}, nil, formatError("the file has more than %d rows", MaxRows)
		}
		if len(cells) != len(heading) {
			p.add(line, CodeCells, "%d cells under %d headings: missing ones are read as not stated, others are left out.", len(cells), len(heading))
			fixed := make([]string, len(heading))
			copy(fixed, cells)
			cells = fixed
		}
		t.Cells = append(t.Cells, cells)
		t.Rows = append(t.Rows, p.row(cells, line))
	}
	if len(t.Rows) == 0 {
		return Table{}, nil, formatError("the file has headings but no rows")
	}
	return t, p.all(), nil
}

// separatorOf is the separator that the first line has most of.
func separatorOf(data []byte) rune {
	first, _, _ := bytes.Cut(data, []byte("\n"))
	best, most := ',', bytes.Count(first, []byte(","))
	for _, s := range []rune{';', '\t'} {
		if n := bytes.Count(first, []byte(string(s))); n > most {
			best, most = s, n
		}
	}
	return best
}

func empty(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// WriteCSV is the table as it was read with columns added at the right. A
// column of the same name is replaced. values are the added cells of each row.
func (t *Table) WriteCSV(columns []string, values [][]string) []byte {
	keep := make([]int, 0, len(t.Columns))
	for i, name := range t.Columns {
		fresh := true
		for _, c := range columns {
			fresh = fresh && c != name
		}
		if fresh {
			keep = append(keep, i)
		}
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	line := make([]string, 0, len(keep)+len(columns))
	write := func(cells, added []string) {
		line = line[:0]
		for _, i := range keep {
			line = append(line, cells[i])
		}
		_ = w.Write(append(line, added...)) // a bytes.Buffer takes everything
	}
	write(t.Columns, columns)
	for i := range t.Cells {
		write(t.Cells[i], values[i])
	}
	w.Flush()
	return b.Bytes()
}
