package worker

import (
	"reflect"
	"strings"
	"testing"

	"fleetsize/app/link"
	"fleetsize/calc/fleet"
)

// told runs an Ask to its end and sends every piece through the codec.
func told(t *testing.T, c *Computer, a Ask) map[Topic]Told {
	t.Helper()
	var options []fleet.Requirement
	for _, text := range a.Links {
		options = append(options, requirement(t, c.cat, text))
	}
	last := map[Topic]Told{}
	share := map[Topic]float64{}
	job := c.StartAsk(a)
	for more := true; more; {
		var piece Told
		var ok bool
		if piece, ok, more = job.Step(); !ok {
			continue
		}
		text, err := EncodeTold(piece)
		if err != nil {
			t.Fatalf("%s: %v", piece.Topic, err)
		}
		got, ok := DecodeTold(text, options)
		if !ok {
			t.Fatalf("%s: the page does not take its own kind of message", piece.Topic)
		}
		if !equal(reflect.ValueOf(got), reflect.ValueOf(piece)) {
			t.Errorf("%s: differs after the trip", piece.Topic)
		}
		if got.Seq != a.Seq || got.Share < share[got.Topic] || got.Last == more {
			t.Errorf("%s: seq %d, share %v after %v, last %v", got.Topic, got.Seq, got.Share, share[got.Topic], got.Last)
		}
		share[got.Topic] = got.Share
		last[got.Topic] = got
	}
	return last
}

func TestAskAnswersEveryTopic(t *testing.T) {
	c := NewComputer(testCatalog(t))
	text := few + "&own=h100-sxm:8,l40s:4&mix=rag:5,chat:2"
	got := told(t, c, Ask{Seq: 3, Link: text, GPUs: []string{"h100-sxm", "l40s"}, Links: []string{text, "g=l40s", "w=nothing&in=100m"},
		Topics: []Topic{TopicMoves, TopicPareto, TopicOptions, TopicReverse, TopicModels, TopicMix, TopicScenarios, TopicHardware}})
	for topic, piece := range got {
		if !piece.Done || piece.Share != 1 || piece.Error != "" {
			t.Errorf("%s: %+v", topic, piece)
		}
	}
	if m := got[TopicMoves].Moves; m == nil || len(m.Moves) < 6 || !m.Base.Viable {
		t.Errorf("moves: %+v", m)
	}
	if p := got[TopicPareto].Pareto; p == nil || len(p.Frontiers) != 2 || len(p.Frontiers[0].Points) == 0 {
		t.Errorf("pareto: %+v", p)
	}
	if o := got[TopicOptions].Options; len(o) != 3 || o[0].Option == nil || o[1].Option == nil || o[1].Option.GPU.ID != "l40s" || o[2].Option != nil && o[2].Text != "" {
		t.Errorf("options: %+v", o)
	}
	if r := got[TopicReverse].Reverse; r == nil || len(r.Pools) != 2 || r.Total.N != 12 || !(r.Total.ReqPerS > r.Pools[0].ReqPerS) {
		t.Errorf("reverse: %+v", r)
	}
	if len(got[TopicModels].Models) < 50 || len(got[TopicHardware].Hardware) != len(c.cat.GPUs) {
		t.Errorf("%d models, %d accelerators", len(got[TopicModels].Models), len(got[TopicHardware].Hardware))
	}
	if m := got[TopicMix].Mix; m == nil || len(m.Own) != 2 || len(m.Fleets) == 0 || len(m.Fleets[0].Parts) != 2 {
		t.Errorf("mix: %+v", m)
	}
	if s := got[TopicScenarios].Scenarios; len(s) != 3 || s[1].Input != 1000 || s[1].Output != 1000 {
		t.Errorf("scenarios: %+v", s)
	}
}

func TestAskSaysWhatItCannot(t *testing.T) {
	c := NewComputer(testCatalog(t))
	got := told(t, c, Ask{Seq: 1, Link: "g=t4&m=llama-3-1-405b", Topics: []Topic{TopicMoves, "nonsense"}})
	if e := got[TopicMoves].Error; !strings.Contains(e, "No accelerator") {
		t.Errorf("moves without an answer: %q", e)
	}
	if e := got["nonsense"].Error; !strings.Contains(e, "nonsense") {
		t.Errorf("an unknown topic: %q", e)
	}
	if none := told(t, c, Ask{Seq: 2}); len(none) != 1 || !none[""].Last {
		t.Errorf("an Ask for nothing ends with %+v", none)
	}
}

func TestAskTextIsTold(t *testing.T) {
	want := Ask{Seq: 4, Link: "v=1&rps=3", Topics: []Topic{TopicMoves}, GPU: "l4", Links: []string{"g=l4"}, Whole: true}
	text, err := EncodeAsk(want)
	if err != nil {
		t.Fatal(err)
	}
	got, ok := DecodeAsk(text)
	want.Type = typeAsk
	if !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v came back as %+v", want, got)
	}
	for _, other := range []string{"", "{}", StopStudy, `{"seq":1,"link":"v=1"}`} {
		if _, ok := DecodeAsk(other); ok {
			t.Errorf("%q is taken for an Ask", other)
		}
		if _, ok := DecodeTold(other, nil); ok {
			t.Errorf("%q is taken for an answer", other)
		}
	}
}

// Sizing requests and studies are told apart, whichever comes first.
func TestMessagesAreToldApart(t *testing.T) {
	sizing, _ := EncodeRequest(Request{Seq: 1, Link: "v=1"})
	if _, ok := DecodeAsk(sizing); ok {
		t.Error("a sizing request is taken for an Ask")
	}
	text, _ := EncodeAsk(Ask{Seq: 1})
	if _, ok := DecodeStudy(text); ok {
		t.Error("an Ask is taken for a study of measurements")
	}
	reply, _ := EncodeTold(Told{Seq: 1})
	if _, err := DecodeReply(reply, fleet.Requirement{Catalog: testCatalog(t)}); err == nil {
		t.Error("a study's piece is taken for a sizing reply")
	}
}

func TestPartsKeepTheMargin(t *testing.T) {
	cat := testCatalog(t)
	st, _ := link.Parse(cat, "m=llama-3-1-70b&pos=cautious&in=9000&ttft=1s&mix=chat:5,summarize:2")
	parts := Parts(st, cat)
	if len(parts) != 2 || parts[0].Req.Workload.Input != 1000 || parts[0].Req.Targets.TTFT != 1 || parts[1].Req.Workload.Input != 4000 || parts[1].Req.Targets.TTFT != 5 ||
		parts[1].Req.Demand.ReqPerS != 2 || parts[1].Req.Posture.Utilization != 0.6 || parts[1].Req.Model.ID != "llama-3-1-70b" {
		t.Errorf("%+v", parts)
	}
	st, _ = link.Parse(cat, "mix=chat:5:in800:ttft250ms:itloff,rag:2")
	parts = Parts(st, cat)
	if r := parts[0].Req; r.Workload.Input != 800 || r.Workload.Output != 1000 || r.Targets.TTFT != 0.25 || r.Targets.ITL != 0 || parts[0].Name != "Chat 800/1,000" ||
		parts[1].Req.Workload.Input != 5000 || parts[1].Req.Targets.ITL != 0.05 {
		t.Errorf("with lengths and targets of its own: %+v", parts)
	}
}
