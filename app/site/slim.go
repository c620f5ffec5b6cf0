//go:build !js

package site

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// slim returns a program of the Go compiler without what a delivered one does not need, which makes it a
// tenth smaller after gzip:
//
//   - The tables that say which instruction came from which file and line, how arguments are printed, and what
//     functions of other modules and of the runtime are called. Only traces of crashes print them; the names of our
//     own functions stay. The runtime takes offset 0 for "not known".
//   - The tables that say where a thread must not be interrupted, which no browser does.
//   - Thousands of data segments. The linker starts one wherever eight zeros follow each other; runs of zeros
//     compress better than the addresses of segments do, and a browser starts with a few of them sooner.
//
// The file is the same program otherwise: the code is not touched, nor any datum outside these tables. Where
// the tables are not laid out as this toolchain does, they are left alone.
func slim(program []byte) ([]byte, error) {
	sections, err := wasmSections(program)
	if err != nil {
		return nil, fmt.Errorf("the program is not a whole WebAssembly file: %w", err)
	}
	out := append([]byte(nil), program[:wasmHead]...)
	for _, s := range sections {
		body := s.body
		if s.id == dataSection {
			memory, err := readData(body)
			if err != nil {
				return nil, fmt.Errorf("data of the program: %w", err)
			}
			dropLines(memory)
			body = writeData(memory)
		}
		out = append(out, s.id)
		out = binary.AppendUvarint(out, uint64(len(body)))
		out = append(out, body...)
	}
	return out, nil
}

const (
	wasmHead    = 8 // magic number and version
	dataSection = 11
	i32Const    = 0x41
	end         = 0x0b

	// zeroRun is how many zeros in a row end a segment. Between 128 and 65,536 the size after gzip is the same.
	zeroRun = 1024
	// memoryMax bounds what the initial data may take, in bytes: damaged addresses must not allocate more.
	memoryMax = 1 << 28
)

var errCut = errors.New("it ends early")

type section struct {
	id   byte
	body []byte
}

// wasmSections splits a program.
func wasmSections(program []byte) (list []section, err error) {
	if len(program) < wasmHead {
		return nil, errCut
	}
	for rest := program[wasmHead:]; len(rest) > 0; {
		id := rest[0]
		size, n := binary.Uvarint(rest[1:])
		if n <= 0 || size > uint64(len(rest)-1-n) {
			return nil, errCut
		}
		rest = rest[1+n:]
		list = append(list, section{id, rest[:size]})
		rest = rest[size:]
	}
	return list, nil
}

// readData returns the memory that the active segments of a data section fill.
func readData(body []byte) (memory []byte, err error) {
	count, n := binary.Uvarint(body)
	if n <= 0 {
		return nil, errCut
	}
	body = body[n:]
	for range count {
		if len(body) < 2 || body[0] != 0 || body[1] != i32Const {
			return nil, errors.New("a segment is not of the kind that the Go linker writes")
		}
		at, n := signedLEB(body[2:])
		if n <= 0 || len(body) < 3+n || body[2+n] != end || at < 0 {
			return nil, errors.New("a segment has no constant address")
		}
		body = body[3+n:]
		size, n := binary.Uvarint(body)
		if n <= 0 || size > uint64(len(body)-n) {
			return nil, errCut
		}
		stop := uint64(at) + size
		if stop > memoryMax {
			return nil, fmt.Errorf("a segment ends at %d, beyond %d", stop, memoryMax)
		}
		if stop > uint64(len(memory)) {
			memory = append(memory, make([]byte, stop-uint64(len(memory)))...)
		}
		copy(memory[at:], body[n:n+int(size)])
		body = body[n+int(size):]
	}
	return memory, nil
}

// writeData is the data section that fills memory, which is zero where no segment is.
func writeData(memory []byte) []byte {
	var body []byte
	count := uint64(0)
	for at := 0; at < len(memory); {
		if memory[at] == 0 {
			at++
			continue
		}
		stop, zeros := at, 0
		for i := at; i < len(memory) && zeros < zeroRun; i++ {
			if memory[i] == 0 {
				zeros++
			} else {
				zeros, stop = 0, i+1
			}
		}
		body = append(body, 0, i32Const)
		body = appendSignedLEB(body, int64(at))
		body = append(body, end)
		body = binary.AppendUvarint(body, uint64(stop-at))
		body = append(body, memory[at:stop]...)
		count++
		at = stop
	}
	return append(binary.AppendUvarint(nil, count), body...)
}

// signedLEB reads a signed number of at most five bytes; n is 0 where there is none.
func signedLEB(b []byte) (v int64, n int) {
	for i := range min(len(b), 5) {
		v |= int64(b[i]&0x7f) << (7 * i)
		if b[i]&0x80 == 0 {
			if b[i]&0x40 != 0 {
				v -= 1 << (7 * (i + 1))
			}
			return v, i + 1
		}
	}
	return 0, 0
}

// appendSignedLEB appends a number of 0 or more.
func appendSignedLEB(b []byte, v int64) []byte {
	for v >= 0x40 {
		b = append(b, byte(v)|0x80)
		v >>= 7
	}
	return append(b, byte(v))
}
