package worker

import (
	"fmt"

	"fleetsize/app/link"
	"fleetsize/calc/fleet"
	"fleetsize/calc/negotiate"
	"fleetsize/calc/units"
	"fleetsize/catalog"
	"fleetsize/catalog/jsonio"
)

// Topic is a study behind the first answer.
type Topic string

const (
	TopicMoves     Topic = "moves"     // what moves the answer on one accelerator
	TopicPareto    Topic = "pareto"    // speed per user against output per GPU
	TopicOptions   Topic = "options"   // the answers of options A, B and C
	TopicReverse   Topic = "reverse"   // what hardware at hand or a budget holds
	TopicModels    Topic = "models"    // which models fit on the hardware at hand
	TopicMix       Topic = "mix"       // several workloads on one fleet
	TopicScenarios Topic = "scenarios" // the scenario set for one model
	TopicHardware  Topic = "hardware"  // every accelerator for the workload at hand, whether considered or not
)

// Ask asks for studies of a link. A newer one replaces it; a sizing request
// interrupts it for good.
type Ask struct {
	Type   string     `json:"type"`
	Seq    int        `json:"seq"`
	Link   string     `json:"link"`
	Topics []Topic    `json:"topics"`
	GPU    string     `json:"gpu,omitempty"`     // accelerator of moves and scenarios; "" = the link's best
	GPUs   []string   `json:"gpus,omitempty"`    // accelerators of the Pareto chart
	Links  []string   `json:"options,omitempty"` // whole links of the options
	Whole  bool       `json:"whole,omitempty"`   // a budget buys whole servers
	Own    []OwnModel `json:"own,omitempty"`
	Fit    string     `json:"fit,omitempty"`
}

// Told is one piece of the answer to an Ask: what is known of one topic.
type Told struct {
	Seq       int
	Topic     Topic
	Share     float64 // of the topic that is done
	Done      bool    // nothing follows on this topic
	Last      bool    // nothing follows at all
	Error     string
	Moves     *negotiate.Moves
	Pareto    *negotiate.Pareto
	Options   []negotiate.Answered
	Reverse   *negotiate.Reverse
	Models    []negotiate.ModelFit
	Mix       *negotiate.Mix
	Scenarios []negotiate.ScenarioRow
	Hardware  []negotiate.HardwareRow
}

type wireTold struct {
	Topic      Topic
	Share      float64
	Done, Last bool
	Error      string
	Moves      *negotiate.Moves
	Pareto     *negotiate.Pareto
	Options    []wireAnswered
	Reverse    *negotiate.Reverse
	Models     []negotiate.ModelFit
	Mix        *negotiate.Mix
	Scenarios  []negotiate.ScenarioRow
	Hardware   []negotiate.HardwareRow
}

type wireAnswered struct {
	Option *wireOption
	Text   string
}

const (
	typeAsk  = "fleetsize-ask"
	typeTold = "fleetsize-told"
)

// ToldNumber is the Ask that a piece of a study answers, without reading the
// rest of it; ok is false for another message.
func ToldNumber(text string) (seq int, ok bool) {
	seq, _, ok = numberOf(typeTold, text)
	return seq, ok
}

// EncodeAsk writes a request as text.
func EncodeAsk(a Ask) (string, error) {
	a.Type = typeAsk
	data, err := jsonio.Marshal(a)
	return string(data), err
}

// DecodeAsk reads a request; ok is false for other messages.
func DecodeAsk(text string) (a Ask, ok bool) {
	err := jsonio.Unmarshal([]byte(text), &a)
	return a, err == nil && a.Type == typeAsk
}

// EncodeTold writes a piece of an answer as text. It fails on NaN and
// infinities, which no answer holds.
func EncodeTold(t Told) (string, error) {
	w := wireTold{Topic: t.Topic, Share: t.Share, Done: t.Done, Last: t.Last, Error: t.Error,
		Moves: t.Moves, Pareto: t.Pareto, Reverse: t.Reverse, Models: t.Models, Mix: t.Mix, Scenarios: t.Scenarios, Hardware: t.Hardware}
	for _, a := range t.Options {
		row := wireAnswered{Text: a.Text}
		if a.Option != nil {
			o := encodeOption(*a.Option)
			row.Option = &o
		}
		w.Options = append(w.Options, row)
	}
	return pack(typeTold, t.Seq, &w)
}

// DecodeTold reads a piece of an answer; ok is false for other messages. links
// are the requirements of the options asked for, in order.
func DecodeTold(text string, options []fleet.Requirement) (t Told, ok bool) {
	seq, body, ok := numberOf(typeTold, text)
	var w wireTold
	if !ok || unpack(body, &w) != nil {
		return Told{}, false
	}
	t = Told{Seq: seq, Topic: w.Topic, Share: w.Share, Done: w.Done, Last: w.Last, Error: w.Error,
		Moves: w.Moves, Pareto: w.Pareto, Reverse: w.Reverse, Models: w.Models, Mix: w.Mix, Scenarios: w.Scenarios, Hardware: w.Hardware}
	for i, row := range w.Options {
		a := negotiate.Answered{Text: row.Text}
		if row.Option != nil && i < len(options) {
			if o, known := decodeOption(*row.Option, options[i]); known {
				a.Option = &o
			}
		}
		t.Options = append(t.Options, a)
	}
	return t, true
}

// Asked is an Ask being answered, a step at a time.
type Asked struct {
	ask    Ask
	c      *Computer
	st     link.State
	req    fleet.Requirement
	topics []Topic
	study  negotiate.Study
	told   int // steps since the topic was last told
}

// StartAsk begins to answer an Ask with what the computer simulated before.
func (c *Computer) StartAsk(a Ask) *Asked {
	c.know(a.Own, a.Fit)
	st, _ := link.Parse(c.cat, a.Link)
	req, _ := st.Requirement(c.cat)
	return &Asked{ask: a, c: c, st: st, req: req, topics: a.Topics}
}

// Step computes one more piece. ok is false when it has nothing to say yet;
// more is false after the last piece.
func (j *Asked) Step() (told Told, ok, more bool) {
	if len(j.topics) == 0 {
		return Told{Seq: j.ask.Seq, Share: 1, Done: true, Last: true}, true, false
	}
	topic := j.topics[0]
	if j.study == nil {
		study, trouble := j.open(topic)
		if study == nil {
			j.topics = j.topics[1:]
			return Told{Seq: j.ask.Seq, Topic: topic, Share: 1, Done: true, Last: len(j.topics) == 0, Error: trouble}, true, len(j.topics) > 0
		}
		j.study, j.told = study, 0
	}
	done := j.study.Step()
	j.told++
	if !done && j.told < every(topic) {
		return Told{}, false, true
	}
	j.told = 0
	told = j.tell(topic)
	told.Done = done
	if done {
		j.study = nil
		j.topics = j.topics[1:]
		told.Share, told.Last = 1, len(j.topics) == 0
	}
	return told, true, !told.Last
}

// every is after how many steps a topic is told again.
func every(t Topic) int {
	switch t {
	case TopicModels, TopicHardware:
		return 16
	case TopicReverse, TopicMix, TopicPareto:
		return 4
	}
	return 2
}

// open starts the study of a topic; without one, trouble says why.
func (j *Asked) open(t Topic) (s negotiate.Study, trouble string) {
	est, r := &j.c.est, j.req
	switch t {
	case TopicMoves:
		if g, ok := j.gpu(); ok {
			return negotiate.NewMoves(est, r, g), ""
		}
		return nil, "No accelerator serves the demand, so nothing can be moved."
	case TopicPareto:
		var list []*catalog.GPU
		for _, id := range j.ask.GPUs {
			if g, ok := r.Catalog.GPU(id); ok {
				list = append(list, g)
			}
		}
		return negotiate.NewPareto(est, r, list), ""
	case TopicOptions:
		var reqs []fleet.Requirement
		for _, text := range j.ask.Links {
			st, _ := link.Parse(j.c.cat, text)
			q, _ := st.Requirement(j.c.cat)
			reqs = append(reqs, q)
		}
		return negotiate.NewOptions(est, reqs), ""
	case TopicReverse:
		if j.st.Budget > 0 {
			return negotiate.NewBudget(est, r, j.st.Budget, j.ask.Whole), ""
		}
		return negotiate.NewOwn(est, r, Pools(j.st, r.Catalog)), ""
	case TopicModels:
		return negotiate.NewModels(est, r, Pools(j.st, r.Catalog)), ""
	case TopicMix:
		return negotiate.NewMix(est, Parts(j.st, j.c.cat), Pools(j.st, r.Catalog)), ""
	case TopicScenarios:
		g, ok := j.gpu()
		if !ok {
			return nil, "No accelerator serves the demand."
		}
		return negotiate.NewScenarios(est, ScenarioRequirements(j.st, j.c.cat), g), ""
	case TopicHardware:
		return negotiate.NewHardware(est, r), ""
	}
	return nil, fmt.Sprintf("%q is not a study.", string(t))
}

// gpu is the accelerator asked about, else the best by the closed form.
func (j *Asked) gpu() (*catalog.GPU, bool) {
	if g, ok := j.req.Catalog.GPU(j.ask.GPU); ok {
		return g, true
	}
	if a := j.c.est.Preview(j.req); len(a.Options) > 0 {
		return a.Options[0].GPU, true
	}
	return nil, false
}

// tell is what is known of the topic.
func (j *Asked) tell(t Topic) Told {
	told := Told{Seq: j.ask.Seq, Topic: t, Share: j.study.Progress()}
	switch s := j.study.(type) {
	case *negotiate.MoveStudy:
		v := s.Result()
		told.Moves = &v
	case *negotiate.ParetoStudy:
		v := s.Result()
		told.Pareto = &v
	case *negotiate.OptionStudy:
		told.Options = s.Result()
	case *negotiate.ReverseStudy:
		v := s.Result()
		told.Reverse = &v
	case *negotiate.ModelStudy:
		told.Models = s.Result()
	case *negotiate.MixStudy:
		v := s.Result()
		told.Mix = &v
	case *negotiate.ScenarioStudy:
		told.Scenarios = s.Result()
	case *negotiate.HardwareStudy:
		told.Hardware = s.Result()
	}
	return told
}

// Pools is the hardware at hand as a link states it; what the catalog does not
// know is left out.
func Pools(st link.State, cat *catalog.Catalog) []negotiate.Pool {
	var list []negotiate.Pool
	for _, p := range st.Own {
		if g, ok := cat.GPU(p.GPU); ok {
			list = append(list, negotiate.Pool{GPU: g, N: p.N})
		}
	}
	return list
}

// Parts are the workloads of a link's mix, each with its own lengths and targets
// or its preset's, and with everything else as the link has it.
func Parts(st link.State, cat *catalog.Catalog) []negotiate.Part {
	var list []negotiate.Part
	for _, m := range st.Mix {
		one := preset(st, m.Workload)
		if m.Own != "" {
			one, _ = one.With(cat, m.Pairs())
		}
		one.Demand = fleet.Demand{Kind: fleet.PerSecond, ReqPerS: m.ReqPerS}
		r, _ := one.Requirement(cat)
		name := m.Workload
		if p, ok := cat.Preset(m.Workload); ok {
			name = p.Name
		}
		if m.Value("in") != "" || m.Value("out") != "" {
			name += " " + units.Count(float64(r.Workload.Input)) + "/" + units.Count(float64(r.Workload.Output))
		}
		list = append(list, negotiate.Part{Name: name, Req: r})
	}
	return list
}

// preset is a state with a workload's own lengths and targets.
func preset(st link.State, id string) link.State {
	fresh := link.Default()
	st.Workload = id
	st.Input, st.Output, st.Hit, st.LengthRatio = fresh.Input, fresh.Output, fresh.Hit, fresh.LengthRatio
	st.System, st.History, st.Question, st.Chunks, st.ChunkSize = 0, 0, 0, 0, 0
	st.TTFT, st.ITL, st.E2E = link.Target{}, link.Target{}, link.Target{}
	return st
}

// ScenarioRequirements are the scenario set for the model and margin of a link.
func ScenarioRequirements(st link.State, cat *catalog.Catalog) []fleet.Requirement {
	var list []fleet.Requirement
	for _, s := range negotiate.Scenarios {
		one := preset(st, s.ID)
		one.Input, one.Output = s.Input, s.Output
		r, _ := one.Requirement(cat)
		list = append(list, r)
	}
	return list
}
