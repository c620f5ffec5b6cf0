package bench

import "bytes"

// Bounds of one event stream. What is longer is skipped and counted.
const (
	maxLine  = 1 << 20
	maxEvent = 4 << 20
)

// Event is one server-sent event. Data is valid until the next call of Feed.
type Event struct {
	Type string // "" unless the stream names one
	Data []byte
}

// Parser cuts a byte stream into server-sent events (WHATWG HTML, section
// 9.2.6), however the bytes are chunked: LF, CR and CRLF line ends, comments,
// a leading byte order mark, several data lines per event. Unlike a browser it
// hands out a last event that no blank line follows, see Flush.
//
// The zero value is ready to use.
type Parser struct {
	Comments int // lines that start with a colon
	Garbage  int // lines that are no field of an event stream
	Overlong int // lines and events skipped for their length

	line    []byte
	data    []byte
	kind    string
	lines   int  // data lines of the event so far
	started bool // the first line is over, no byte order mark can follow
	skipLF  bool // the last byte was CR
	tooLong bool // the rest of this line is skipped
	drop    bool // the event is too long
}

// Feed reads the next bytes of the stream and calls emit for each event that
// they complete.
func (p *Parser) Feed(b []byte, emit func(Event)) {
	for len(b) > 0 {
		if p.skipLF {
			p.skipLF = false
			if b[0] == '\n' {
				b = b[1:]
				continue
			}
		}
		end := bytes.IndexByte(b, '\n')
		if end < 0 {
			end = len(b)
		}
		if cr := bytes.IndexByte(b[:end], '\r'); cr >= 0 {
			end = cr
		}
		p.keep(b[:end])
		if end == len(b) {
			return
		}
		p.skipLF = b[end] == '\r'
		b = b[end+1:]
		p.endLine(emit)
	}
}

// Flush ends the stream: a line or an event that is still open counts.
func (p *Parser) Flush(emit func(Event)) {
	if len(p.line) > 0 || p.tooLong {
		p.endLine(emit)
	}
	p.dispatch(emit)
}

func (p *Parser) keep(b []byte) {
	if p.tooLong {
		return
	}
	if len(p.line)+len(b) > maxLine {
		p.tooLong = true
		p.line = p.line[:0]
		return
	}
	p.line = append(p.line, b...)
}

func (p *Parser) endLine(emit func(Event)) {
	line := p.line
	p.line = p.line[:0]
	if p.tooLong {
		p.tooLong = false
		p.drop = true
		p.Overlong++
		return
	}
	if !p.started {
		p.started = true
		line = bytes.TrimPrefix(line, []byte("\ufeff"))
	}
	if len(line) == 0 {
		p.dispatch(emit)
		return
	}
	name, value, _ := bytes.Cut(line, []byte(":"))
	if len(value) > 0 && value[0] == ' ' {
		value = value[1:]
	}
	switch string(name) {
	case "":
		p.Comments++
	case "data":
		if len(p.data)+len(value) > maxEvent {
			p.drop = true
			p.Overlong++
			return
		}
		if p.lines > 0 {
			p.data = append(p.data, '\n')
		}
		p.lines++
		p.data = append(p.data, value...)
	case "event":
		p.kind = string(value)
	case "id", "retry":
	default:
		p.Garbage++
	}
}

func (p *Parser) dispatch(emit func(Event)) {
	if p.lines > 0 && !p.drop {
		emit(Event{p.kind, p.data})
	}
	p.data, p.kind, p.lines, p.drop = p.data[:0], "", 0, false
}
