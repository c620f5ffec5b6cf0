package bench

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// events parses a stream that arrives in pieces of the given size.
func events(stream string, size int) (out []string, p Parser) {
	emit := func(e Event) { out = append(out, e.Type+"|"+string(e.Data)) }
	for b := []byte(stream); len(b) > 0; {
		n := min(size, len(b))
		p.Feed(b[:n], emit)
		b = b[n:]
	}
	p.Flush(emit)
	return out, p
}

// The cases follow WHATWG HTML, section 9.2.6, and what real servers deviate in.
func TestParser(t *testing.T) {
	for _, c := range []struct {
		name, stream string
		want         []string
		garbage      int
	}{
		{"LF", "data: a\n\ndata: b\n\n", []string{"|a", "|b"}, 0},
		{"CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", []string{"|a", "|b"}, 0},
		{"CR", "data: a\r\rdata: b\r\r", []string{"|a", "|b"}, 0},
		{"mixed ends", "data: a\r\n\ndata: b\n\r\n", []string{"|a", "|b"}, 0},
		{"no space after the colon", "data:a\n\n", []string{"|a"}, 0},
		{"only one space is dropped", "data:  a\n\n", []string{"| a"}, 0},
		{"several data lines", "data: a\ndata: b\n\n", []string{"|a\nb"}, 0},
		{"empty data", "data:\n\ndata\n\n", []string{"|", "|"}, 0},
		{"comment", ": ping\n\ndata: a\n\n:\n\n", []string{"|a"}, 0},
		{"byte order mark", "\ufeffdata: a\n\n", []string{"|a"}, 0},
		{"named event, id and retry", "event: error\nid: 7\nretry: 9\ndata: a\n\ndata: b\n\n", []string{"error|a", "|b"}, 0},
		{"no blank line at the end", "data: a\n\ndata: b\n", []string{"|a", "|b"}, 0},
		{"no line end at the end", "data: a\n\ndata: [DONE]", []string{"|a", "|[DONE]"}, 0},
		{"blank lines only", "\n\n\r\n\r", nil, 0},
		{"garbage", "<html>\n\ndata: a\n\n", []string{"|a"}, 1},
		{"nothing", "", nil, 0},
		{"UTF-8", "data: é€😀\n\n", []string{"|é€😀"}, 0},
	} {
		for _, size := range []int{1, 2, 3, 7, 1 << 20} {
			got, p := events(c.stream, size)
			if !slices.Equal(got, c.want) || p.Garbage != c.garbage {
				t.Errorf("%s, %d bytes at a time: got %q (%d garbage), want %q (%d)", c.name, size, got, p.Garbage, c.want, c.garbage)
			}
		}
	}
}

// A line without end must not fill the memory, and what follows still counts.
func TestParserSkipsOverlongLines(t *testing.T) {
	long := strings.Repeat("x", maxLine+1)
	got, p := events("data: a\n\ndata: "+long+"\n\ndata: b\n\n", 64<<10)
	if want := []string{"|a", "|b"}; !slices.Equal(got, want) || p.Overlong != 1 {
		t.Errorf("got %d events, %d overlong, want %q and 1", len(got), p.Overlong, want)
	}
	if cap(p.line) > 2*maxLine {
		t.Errorf("%d bytes are held for a line of at most %d", cap(p.line), maxLine)
	}
	many := strings.Repeat("data: "+strings.Repeat("y", maxLine/2)+"\n", 9)
	got, p = events(many+"\ndata: b\n\n", 1<<20)
	if want := []string{"|b"}; !slices.Equal(got, want) || p.Overlong == 0 {
		t.Errorf("an event of many lines: got %d events, %d overlong", len(got), p.Overlong)
	}
}

// However the bytes are cut, the events are the same.
func FuzzParser(f *testing.F) {
	for _, s := range []string{"data: a\r\n\r\n: c\ndata: b\ndata: c\n\n", "\ufeffevent: x\rdata:\r\r", "data: [DONE]", "{\"error\":{}}", "\r\n\r\r\n\n"} {
		f.Add(s, uint8(3))
	}
	f.Fuzz(func(t *testing.T, stream string, size uint8) {
		whole, p := events(stream, len(stream)+1)
		cut, q := events(stream, int(size)+1)
		if !slices.Equal(whole, cut) || p.Garbage != q.Garbage || p.Comments != q.Comments {
			t.Errorf("%q in pieces of %d: %q, whole: %q", stream, int(size)+1, cut, whole)
		}
		for _, e := range whole {
			if strings.Contains(e, "\r") {
				t.Errorf("%q: carriage return in %q", stream, e)
			}
		}
	})
}

func ExampleParser() {
	var p Parser
	print := func(e Event) { fmt.Printf("%s\n", e.Data) }
	p.Feed([]byte("data: one\n\nda"), print)
	p.Feed([]byte("ta: two\n\n"), print)
	// Output:
	// one
	// two
}
