//go:build !js

package site

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// lineMagic begins the function table of Go 1.20 and later on a machine with instructions of one byte and
// addresses of eight, which WebAssembly is to Go (cmd/link, runtime/symtab.go).
var lineMagic = []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8}

// Offsets of 32-bit fields in the table's record of one function (runtime2.go, type _func).
const (
	atFrame  = 16 // offset of the table of stack depths
	atFile   = 20 // of files
	atLine   = 24 // of lines
	atTables = 28 // number of further tables, whose offsets follow the record
	atUnit   = 32 // where the names of the files begin
	atStart  = 36 // line of the function
	atFuncs  = 43 // a byte: number of further data, whose addresses follow the further tables
	record   = 44

	unsafePoints = 0 // which of the further tables says where a thread must not be interrupted: there are no such interrupts here
	argumentData = 5 // which of the further data says how traces print arguments
	noData       = 0xffffffff
)

// spokenNames begin the names of functions that stay: those of the program itself. A trace passes over functions
// without a name, as it does over those of the runtime that are not exported.
var spokenNames = []string{"main.", "fleetsize/"}

// neededNames stay because traces show them or the runtime asks for them (Go 1.26, runtime/traceback.go,
// stkframe.go): where a panic began, what the runtime's own goroutines run, and the two functions whose arguments
// lie elsewhere.
var neededNames = []string{
	"runtime.gopanic", "runtime.goexit", "runtime.main", "runtime.handleAsyncEvent", "runtime.runFinalizers", "runtime.runCleanups",
	"runtime.forcegchelper", "runtime.bgsweep", "runtime.bgscavenge", "runtime.gcBgMarkWorker", "runtime.updateMaxProcsGoroutine",
	"reflect.makeFuncStub", "reflect.methodValueCall",
}

// dropLines clears in memory the files and lines of all functions, and what else only serves interrupts and
// traces. It changes nothing where it finds no
// function table whose every record is as expected.
func dropLines(memory []byte) {
	for from := 0; ; {
		i := bytes.Index(memory[from:], lineMagic)
		if i < 0 {
			return
		}
		if t, ok := readLines(memory[from+i:]); ok {
			t.drop()
			return
		}
		from += i + 1
	}
}

// lines is where the parts of a function table lie.
type lines struct {
	names, units, files []byte  // names of functions; files of each unit; names of files
	tables              []byte  // sequences of changes, of all kinds
	records             []byte  // from the index of functions on
	functions           []int   // offsets in records
	kept, unwanted      []int32 // offsets in tables
}

func readLines(b []byte) (t lines, ok bool) {
	const head = 8 * 9
	if len(b) < head {
		return t, false
	}
	word := func(i int) int { return int(binary.LittleEndian.Uint64(b[8*i:])) }
	count := word(1)
	edges := []int{word(4), word(5), word(6), word(7), word(8), len(b)}
	for i, e := range edges {
		if e < head || e > len(b) || i > 0 && e < edges[i-1] {
			return t, false
		}
	}
	t.names, t.units, t.files = b[edges[0]:edges[1]], b[edges[1]:edges[2]], b[edges[2]:edges[3]]
	t.tables, t.records = b[edges[3]:edges[4]], b[edges[4]:]
	if count <= 0 || count > len(t.records)/8 {
		return t, false
	}
	for i := range count {
		f := int(binary.LittleEndian.Uint32(t.records[8*i+4:]))
		if f+record > len(t.records) {
			return t, false
		}
		r := t.records[f:]
		further := int(binary.LittleEndian.Uint32(r[atTables:]))
		if further+int(r[atFuncs]) > (len(r)-record)/4 {
			return t, false
		}
		t.functions = append(t.functions, f)
		t.unwanted = append(t.unwanted, offset(r[atFile:]), offset(r[atLine:]))
		t.kept = append(t.kept, offset(r[atFrame:]))
		for k := range further {
			if o := offset(r[record+4*k:]); k == unsafePoints {
				t.unwanted = append(t.unwanted, o)
			} else {
				t.kept = append(t.kept, o)
			}
		}
	}
	for _, o := range append(t.unwanted, t.kept...) {
		if o < 0 || int(o) >= len(t.tables) {
			return t, false
		}
	}
	return t, true
}

func offset(b []byte) int32 { return int32(binary.LittleEndian.Uint32(b)) }

// drop clears what readLines found. Equal sequences are stored once: one that another kind of table shares stays.
func (t *lines) drop() {
	shared := make(map[int32]bool, len(t.kept))
	for _, o := range t.kept {
		shared[o] = true
	}
	for _, o := range t.unwanted {
		if o != 0 && !shared[o] {
			clear(t.tables[o : int(o)+sequence(t.tables[o:])])
		}
	}
	for _, f := range t.functions {
		r := t.records[f:]
		clear(r[atFile : atLine+4])
		clear(r[atUnit : atStart+4])
		further := int(binary.LittleEndian.Uint32(r[atTables:]))
		if further > unsafePoints {
			clear(r[record+4*unsafePoints:][:4])
		}
		if int(r[atFuncs]) > argumentData {
			binary.LittleEndian.PutUint32(r[record+4*(further+argumentData):], noData)
		}
	}
	for rest := t.names; len(rest) > 0; {
		name, after, _ := bytes.Cut(rest, []byte{0})
		if !spoken(name) {
			clear(name)
		}
		rest = after
	}
	clear(t.units)
	clear(t.files)
}

func spoken(name []byte) bool {
	for _, begin := range spokenNames {
		if bytes.HasPrefix(name, []byte(begin)) {
			return true
		}
	}
	if after, ok := bytes.CutPrefix(name, []byte("runtime.")); ok && len(after) > 0 && after[0] >= 'A' && after[0] <= 'Z' {
		return true
	}
	return slices.Contains(neededNames, string(name))
}

// sequence is the length of a list of changes: pairs of numbers up to a zero where a value is due, which ends
// it everywhere but in the first pair.
func sequence(b []byte) int {
	for at, first := 0, true; at < len(b); first = false {
		value, n := binary.Uvarint(b[at:])
		if n <= 0 {
			return 0
		}
		at += n
		if value == 0 && !first {
			return at
		}
		if _, n = binary.Uvarint(b[at:]); n <= 0 {
			return 0
		}
		at += n
	}
	return len(b)
}
