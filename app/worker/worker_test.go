package worker

import (
	"math"
	"reflect"
	"strings"
	"sync"
	"testing"

	"fleetsize/app/link"
	"fleetsize/calc/fleet"
	"fleetsize/calc/negotiate"
	"fleetsize/catalog"
)

var loadOnce = sync.OnceValues(catalog.Load)

func testCatalog(t testing.TB) *catalog.Catalog {
	t.Helper()
	cat, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

// few is a link with a handful of accelerators, to keep the tests quick.
const few = "g=h100-sxm,l40s,t4,mi300x,a10g&ttft=2s"

func requirement(t testing.TB, cat *catalog.Catalog, text string) fleet.Requirement {
	t.Helper()
	st, _ := link.Parse(cat, text)
	req, _ := st.Requirement(cat)
	return req
}

// replies runs a job to its end.
func replies(c *Computer, r Request) []Reply {
	var list []Reply
	job := c.Start(r)
	for more := true; more; {
		var reply Reply
		var ok bool
		if reply, ok, more = job.Step(); ok {
			list = append(list, reply)
		}
	}
	return list
}

// A reply survives the trip between worker and page unchanged, pointers
// included.
func TestReplyRoundTrip(t *testing.T) {
	cat := testCatalog(t)
	for _, text := range []string{few, "in=200k&m=llama-2-70b", "flight=64&g=h100-sxm,l4", "xg=mygpu:mem96:bw4000:bf16-800&g=mygpu"} {
		req := requirement(t, cat, text)
		for _, want := range replies(NewComputer(cat), Request{Seq: 7, Link: text}) {
			data, err := EncodeReply(want)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			got, err := DecodeReply(data, req)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			if text == few || !strings.Contains(text, "xg=") { // own entries are new values each time
				if !equal(reflect.ValueOf(got), reflect.ValueOf(want)) {
					t.Errorf("%s: %s reply differs after the trip", text, want.Stage)
				}
				continue
			}
			if len(got.Answer.Options) != len(want.Answer.Options) || len(got.Answer.Excluded) != len(want.Answer.Excluded) {
				t.Errorf("%s: own accelerator was lost", text)
			}
		}
	}
}

// equal is DeepEqual that takes nil and empty lists for the same.
func equal(a, b reflect.Value) bool {
	if a.Kind() != b.Kind() {
		return false
	}
	switch a.Kind() {
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !equal(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Struct:
		for i := range a.NumField() {
			if !equal(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

// A job opens with the preview of everything, tells the final headline before
// the table, and ends at the same answer as computing in one go.
func TestJobOrder(t *testing.T) {
	cat := testCatalog(t)
	list := replies(NewComputer(cat), Request{Seq: 3, Link: few})
	if first := list[0]; first.Stage != StageAnswer || !first.Answer.Preview {
		t.Errorf("first reply: %s, preview %v", first.Stage, first.Answer.Preview)
	}
	var answers []Reply
	done := -1
	for i, r := range list {
		if r.Seq != 3 {
			t.Errorf("reply %d answers request %d", i, r.Seq)
		}
		if r.Last != (i == len(list)-1) {
			t.Errorf("reply %d of %d: last %v", i, len(list), r.Last)
		}
		if r.Done < done || r.Done > r.Total || r.Total != len(cat.GPUs) {
			t.Errorf("reply %d: %d of %d done after %d", i, r.Done, r.Total, done)
		}
		done = r.Done
		if r.Stage == StageAnswer {
			answers = append(answers, r)
			if n := len(r.Answer.Options) + len(r.Answer.Excluded); n != len(cat.GPUs) {
				t.Errorf("reply %d lists %d accelerators of %d", i, n, len(cat.GPUs))
			}
		}
	}
	final := answers[len(answers)-1]
	if final.Answer.Preview || !final.Headline {
		t.Errorf("last answer: preview %v, headline %v", final.Answer.Preview, final.Headline)
	}
	var est fleet.Estimator
	if want := est.Size(requirement(t, cat, few)); !equal(reflect.ValueOf(final.Answer), reflect.ValueOf(want)) {
		t.Error("the job's answer differs from the one computed in one go")
	}
	for _, a := range answers {
		if a.Headline && a.Answer.Options[0].GPU != final.Answer.Options[0].GPU {
			t.Errorf("headline announced %s, final %s", a.Answer.Options[0].GPU.ID, final.Answer.Options[0].GPU.ID)
		}
	}
}

func TestCurvesBelongToTheAnswer(t *testing.T) {
	cat := testCatalog(t)
	var price Price
	var load Load
	var answer fleet.Answer
	for _, r := range replies(NewComputer(cat), Request{Link: few, LoadGPU: "l40s"}) {
		switch r.Stage {
		case StageAnswer:
			answer = r.Answer
		case StagePrice:
			price = r.Price
		case StageLoad:
			load = r.Load
		}
	}
	if load.GPU == nil || load.GPU.ID != "l40s" || len(load.Points) < 3 {
		t.Fatalf("load curves of %v with %d points, want l40s", load.GPU, len(load.Points))
	}
	for i := 1; i < len(load.Points); i++ {
		if load.Points[i].InFlight <= load.Points[i-1].InFlight {
			t.Errorf("points out of order at %d", load.Points[i].InFlight)
		}
	}
	counts := map[string]int{}
	for _, o := range answer.Options {
		counts[o.GPU.ID] = o.GPUs
	}
	if len(price.Curves) < 3 {
		t.Fatalf("%d curves", len(price.Curves))
	}
	for _, c := range price.Curves {
		last := math.MaxInt
		for _, p := range c.Points {
			if p.TTFT == 2 && p.GPUs != counts[c.GPU.ID] {
				t.Errorf("%s at the target: %d GPUs on the curve, %d in the table", c.GPU.ID, p.GPUs, counts[c.GPU.ID])
			}
			if p.GPUs > 0 && p.GPUs > last {
				t.Errorf("%s needs more GPUs (%d) for a longer wait %v s", c.GPU.ID, p.GPUs, p.TTFT)
			}
			if p.GPUs > 0 {
				last = p.GPUs
			}
		}
	}
}

func TestDecodeReplyRefusesOtherMessages(t *testing.T) {
	req := requirement(t, testCatalog(t), "")
	for _, text := range []string{"", "null", "{}", `{"type":"fleetsize-failed","text":"x"}`, "fleetsize-reply", "fleetsize-reply 1", "fleetsize-reply x AA", "fleetsize-reply 1 !", "fleetsize-reply 1 /w"} {
		if r, err := DecodeReply(text, req); err == nil {
			t.Errorf("DecodeReply(%q) = %+v, want an error", text, r)
		}
	}
}

func TestOwnModel(t *testing.T) {
	cat := testCatalog(t)
	own := []OwnModel{{"Mine", `{"model_type":"llama","architectures":["LlamaForCausalLM"],"hidden_size":2048,"intermediate_size":8192,"num_attention_heads":32,"num_hidden_layers":16,"num_key_value_heads":8,"vocab_size":128256,"max_position_embeddings":131072}`}, {"broken", "{"}}
	with := Extend(cat, own)
	if len(with.Models) != len(cat.Models)+1 {
		t.Fatalf("%d models, want one more than %d", len(with.Models), len(cat.Models))
	}
	m := with.Models[len(with.Models)-1]
	if !m.Custom {
		m = with.Models[0]
	}
	c := NewComputer(cat)
	job := c.Start(Request{Link: "g=h100-sxm&m=" + m.ID, Own: own})
	if job.req.Model.ID != m.ID || job.req.Model.Layers != 16 {
		t.Errorf("computes for %s", job.req.Model.ID)
	}
}

func FuzzDecodeReply(f *testing.F) {
	cat, err := loadOnce()
	if err != nil {
		f.Fatal(err)
	}
	st, _ := link.Parse(cat, few)
	req, _ := st.Requirement(cat)
	for _, w := range []wire{
		{Stage: StageAnswer, Answer: &wireAnswer{Options: []wireOption{{GPU: "t4"}, {GPU: "nope"}}, Excluded: []wireExclusion{{GPU: "nope"}}}},
		{Stage: StagePrice, Price: []wireCurve{{GPU: "h100-sxm-80gb"}}, Load: &wireLoad{GPU: "x"}},
	} {
		text, err := pack(typeReply, 1, &w)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := DecodeReply(text, req)
		if err != nil {
			return
		}
		for _, o := range r.Answer.Options {
			if o.GPU == nil {
				t.Error("an option without its accelerator")
			}
		}
	})
}

// Messages of every kind, whole or broken, are read as one kind or refused.
func FuzzDecodeMessages(f *testing.F) {
	cat, err := loadOnce()
	if err != nil {
		f.Fatal(err)
	}
	st, _ := link.Parse(cat, few)
	req, _ := st.Requirement(cat)
	add := func(text string, err error) {
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	add(EncodeRequest(Request{Seq: 3, Link: "g=h100-sxm"}))
	add(EncodeAsk(Ask{Seq: 4}))
	add(EncodeTold(Told{Seq: 5, Options: []negotiate.Answered{{Text: "x"}}}))
	add(EncodeStudy(StudyRequest{Seq: 6}))
	add(EncodeStudyReply(StudyReply{Seq: 7}))
	f.Fuzz(func(t *testing.T, text string) {
		_, ask := DecodeAsk(text)
		_, study := DecodeStudy(text)
		told, isTold := DecodeTold(text, []fleet.Requirement{req})
		reply, err := DecodeReply(text, req)
		if ask && study || isTold && (ask || study || err == nil) {
			t.Errorf("%q is of two kinds", text)
		}
		for _, a := range told.Options {
			if a.Option != nil && a.Option.GPU == nil {
				t.Error("an option without its accelerator")
			}
		}
		if n, ok := ToldNumber(text); isTold && (!ok || n != told.Seq) {
			t.Errorf("%q is told as number %d, and read as %d", text, n, told.Seq)
		}
		if n, ok := Number(text); err == nil && (!ok || n != reply.Seq) {
			t.Errorf("%q is number %d, and read as %d", text, n, reply.Seq)
		}
	})
}
