//go:build !js

package site

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// A program with goroutines, garbage and a panic, which prints what it knows of itself.
const talker = `package main

import (
	"fmt"
	"runtime"
)

func main() {
	done := make(chan int)
	go func() {
		defer func() {
			pc, _, _, known := runtime.Caller(0)
			fmt.Println(recover(), runtime.FuncForPC(pc).Name(), known)
			close(done)
		}()
		var none map[string]int
		none["x"] = 1
	}()
	<-done
	kept := map[int][]byte{}
	for i := range 2000 {
		kept[i%50] = make([]byte, 1<<12)
		if i%100 == 0 {
			runtime.GC()
		}
	}
	fmt.Println(len(kept))
}
`

// A slimmed program is smaller and does the same, its crashes included.
func TestSlimProgramRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a program")
	}
	dir := t.TempDir()
	source, full, small := filepath.Join(dir, "main.go"), filepath.Join(dir, "full.wasm"), filepath.Join(dir, "small.wasm")
	if err := os.WriteFile(source, []byte(talker), 0o644); err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "build", "-ldflags=-s -w", "-o", full, source)
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	program, err := os.ReadFile(full)
	if err != nil {
		t.Fatal(err)
	}
	slimmed, err := slim(program)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(small, slimmed, 0o644); err != nil {
		t.Fatal(err)
	}
	before, err := compress(program)
	if err != nil {
		t.Fatal(err)
	}
	after, err := compress(slimmed)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes instead of %d after gzip", len(after), len(before))
	if len(after) > len(before)*94/100 {
		t.Errorf("%d bytes instead of %d after gzip, want 6 %% less", len(after), len(before))
	}
	run := func(file string) string {
		goroot, err := exec.Command("go", "env", "GOROOT").Output()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("node", filepath.Join(string(bytes.TrimSpace(goroot)), "lib", "wasm", "wasm_exec_node.js"), file)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return string(out)
	}
	const want = "assignment to entry in nil map main.main.func1.1 true\n50\n"
	for _, file := range []string{full, small} {
		if got := run(file); got != want {
			t.Errorf("%s printed %q, want %q", filepath.Base(file), got, want)
		}
	}

	// Outside the tables of lines, nothing has changed.
	was, is := dataOf(t, program), dataOf(t, slimmed)
	table, ok := readLines(was[bytes.Index(was, lineMagic):])
	if !ok {
		t.Fatal("no function table found")
	}
	now, ok := readLines(is[bytes.Index(is, lineMagic):])
	if !ok {
		t.Fatal("no function table is left")
	}
	names, still := bytes.Split(table.names, []byte{0}), map[string]bool{}
	for _, name := range bytes.Split(now.names, []byte{0}) {
		still[string(name)] = true
	}
	for _, name := range names {
		if spoken(name) != still[string(name)] && len(name) > 0 {
			t.Fatalf("the name %s: kept %v, want %v", name, still[string(name)], spoken(name))
		}
	}
	for _, o := range table.kept {
		if o == 0 { // none
			continue
		}
		n := sequence(table.tables[o:])
		if !bytes.Equal(table.tables[o:int(o)+n], now.tables[o:int(o)+n]) {
			t.Fatalf("the table at %d, which is needed, has changed", o)
		}
	}
	table.drop()
	if !bytes.Equal(was[:len(is)], is) || len(bytes.Trim(was[len(is):], "\x00")) > 0 {
		t.Error("data outside the tables have changed")
	}
}

func dataOf(t *testing.T, program []byte) []byte {
	t.Helper()
	sections, err := wasmSections(program)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sections {
		if s.id == dataSection {
			memory, err := readData(s.body)
			if err != nil {
				t.Fatal(err)
			}
			return memory
		}
	}
	t.Fatal("no data section")
	return nil
}

// Memory comes back as it was, in few segments.
func TestSegments(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		memory := make([]byte, 1+rnd.IntN(20000))
		for range rnd.IntN(12) {
			at := rnd.IntN(len(memory))
			for i := at; i < min(at+rnd.IntN(700), len(memory)); i++ {
				memory[i] = byte(rnd.IntN(3))
			}
		}
		body := writeData(memory)
		got, err := readData(body)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, bytes.TrimRight(memory, "\x00")) {
			t.Fatalf("%d bytes came back as %d others", len(memory), len(got))
		}
		if count, _ := binary.Uvarint(body); count > uint64(len(memory)/zeroRun+1) {
			t.Fatalf("%d segments for %d bytes", count, len(memory))
		}
	}
}

// Damaged programs are refused, or come out whole, and never stop the command.
func FuzzSlim(f *testing.F) {
	data := writeData(append(append([]byte("some data"), make([]byte, 2*zeroRun)...), lineMagic...))
	program := append(append([]byte(nil), tiny...), dataSection, byte(len(data)))
	f.Add(append(program, data...))
	f.Add(tiny)
	f.Add([]byte("\x00asm\x01\x00\x00\x00\x0b\x07\x01\x00\x41\xff\xff\xff\x7f"))
	f.Fuzz(func(t *testing.T, program []byte) {
		once, err := slim(program)
		if err != nil {
			return
		}
		twice, err := slim(once)
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("slimming again gave %d bytes instead of %d, %v", len(twice), len(once), err)
		}
	})
}
