package views

import (
	"strings"

	"fleetsize/app/worker"
	"fleetsize/calc/fleet"
	"fleetsize/catalog"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// PreRender is the page's markup for the worked example with its exact answer,
// so that a finished answer is on screen before the program runs.
func PreRender() (string, error) {
	cat, err := catalog.Load()
	if err != nil {
		return "", err
	}
	return app.HTMLString(Static(cat, "")), nil
}

// Static is a page that shows the exact answer to a link and is not live.
func Static(cat *catalog.Catalog, text string) *Page {
	v := &Page{s: NewSizing(cat, text), gone: map[string]bool{}, widths: map[string]float64{}}
	job := worker.NewComputer(cat).Start(worker.Request{Link: text})
	for more := true; more; {
		var reply worker.Reply
		var ok bool
		if reply, ok, more = job.Step(); ok {
			v.take(reply)
			if !reply.Answer.Preview {
				v.keep(reply)
			}
		}
	}
	v.chartSeq = v.flow.seq
	return v
}

// keep adds a reply to what the page carries along for the program to start
// from. A reply that can not be written is left out; the program computes it.
func (v *Page) keep(r worker.Reply) {
	if text, err := worker.EncodeReply(r); err == nil {
		v.carried = append(v.carried, text)
	}
}

// carriedID is the element of a pre-rendered page that holds its answer.
const carriedID = "carried"

// carriedUI holds the exact answer of a pre-rendered page, one reply a line.
func (v *Page) carriedUI() app.UI {
	if len(v.carried) == 0 {
		return nil
	}
	return el("div", "", txt(carry(sparse(strings.Join(v.carried, "\n"))))).ID(carriedID).Attr("hidden", "true")
}

// sparse leaves members that are 0, null, false or "" out of the objects of
// JSON written without spaces: reading gives the same without them.
func sparse(json string) string {
	out := make([]byte, 0, len(json))
	name := 0 // where the last string begins in out
	for i := 0; i < len(json); {
		c := json[i]
		if c == '"' {
			end := i + 1
			for end < len(json) && json[end] != '"' {
				if json[end] == '\\' {
					end++
				}
				end++
			}
			name = len(out)
			out = append(out, json[i:min(end+1, len(json))]...)
			i = end + 1
			continue
		}
		if c == ':' {
			if n := empty(json[i+1:]); n > 0 {
				out = out[:name]
				i += 1 + n
				if json[i] == ',' {
					i++
				} else if out[name-1] == ',' {
					out = out[:name-1]
				}
				continue
			}
		}
		out = append(out, c)
		i++
	}
	return string(out)
}

// empty is how long a value without content is, where rest begins with one; 0 for others.
func empty(rest string) int {
	for _, v := range [...]string{"0", "null", "false", `""`} {
		if len(rest) > len(v) && strings.HasPrefix(rest, v) && (rest[len(v)] == ',' || rest[len(v)] == '}') {
			return len(v)
		}
	}
	return 0
}

// carry writes JSON with quotes that need no escaping in markup, which makes it
// a third shorter; carried reads it back.
func carry(json string) string {
	return strings.NewReplacer("`", `\u0060`, `"`, "`").Replace(json)
}

func carried(text string) string { return strings.ReplaceAll(text, "`", `"`) }

// takeCarried starts from the answer the pre-rendered page holds, so that a
// finished answer stays on screen while the program takes over. A page opened
// with another state takes only the likeliest accelerators from it.
func (v *Page) takeCarried(text string) (taken bool) {
	example := NewSizing(v.s.base, "")
	for _, line := range strings.Split(carried(text), "\n") {
		r, err := worker.DecodeReply(line, example.Req)
		if err != nil || r.Stage == worker.StageFailed {
			continue
		}
		if r.Stage == worker.StageAnswer && len(r.Answer.Options) > 0 && !r.Answer.Preview {
			taken = true
		}
		v.take(r)
	}
	if !taken {
		return false
	}
	if v.answerLink() == (&Page{s: example}).answerLink() {
		v.chartSeq = v.flow.seq
		return true
	}
	v.price, v.curve = worker.Price{}, worker.Load{}
	v.preview()
	if v.s.Quick != nil {
		v.s.Answer = fleet.Answer{}
	}
	return true
}
