package link

import (
	"strings"
	"testing"

	"fleetsize/catalog"
)

// A workload of a mix may state lengths and targets of its own; they are
// written back in one order and one spelling.
func TestMixOfItsOwn(t *testing.T) {
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ in, want, pairs string }{
		{"chat:7,rag:3", "chat:7,rag:3", ""},
		{"chat:7:ttft800ms:in2k", "chat:7:in2000:ttft800ms", "in=2000&ttft=800ms"},
		{"chat:7:itloff:hit30:lr0.5:e2e20s:out5", "chat:7:out5:hit30:lr0.5:itloff:e2e20s", "out=5&hit=30&lr=0.5&itl=off&e2e=20s"},
		{"chat:7:in800,chat:2:in900", "chat:7:in800,chat:2:in900", "in=800"},
		{"chat:7:in800,chat:2:in800", "chat:2:in800", "in=800"},
		{"chat:7:in800:in900", "chat:7:in900", "in=900"},
	} {
		st, notes := Parse(cat, "mix="+c.in)
		if got := writeMix(&st); got != c.want {
			t.Errorf("mix=%s is written %s, want %s (%v)", c.in, got, c.want, notes)
		}
		if got := st.Mix[0].Pairs(); got != c.pairs {
			t.Errorf("mix=%s: pairs %q, want %q", c.in, got, c.pairs)
		}
		if again, notes := Parse(cat, st.String()); again.String() != st.String() || len(notes) > 0 {
			t.Errorf("mix=%s does not survive: %s, %v", c.in, again.String(), notes)
		}
	}
	for _, c := range []struct{ in, want string }{
		{"chat:7:fast", `"fast" is no setting of a workload`},
		{"chat:7:in0", "0"},
		{"chat:7:ttft99999999s", "out of range"},
		{"chat:7:m70b", "is no setting"},
		{"chat", "a workload is written mix=chat:5"},
	} {
		st, notes := Parse(cat, "mix="+c.in)
		if len(st.Mix) != 0 || len(notes) != 1 || !strings.Contains(notes[0].Text, c.want) {
			t.Errorf("mix=%s: %+v, %v; want a note with %q", c.in, st.Mix, notes, c.want)
		}
	}
}

func TestMixItemWith(t *testing.T) {
	m := MixItem{Workload: "chat", ReqPerS: 1}
	m, problem := m.With("in", "5k")
	if problem != "" || m.Own != "in5000" || m.Value("in") != "5000" || m.Value("out") != "" {
		t.Errorf("%+v, %q", m, problem)
	}
	if same, problem := m.With("out", "-3"); problem == "" || same != m {
		t.Errorf("a negative answer gives %+v, %q", same, problem)
	}
	if m, _ = m.With("in", ""); m.Own != "" {
		t.Errorf("nothing of its own is left as %q", m.Own)
	}
}
