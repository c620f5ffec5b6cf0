package e2e

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// soakDriver runs steps inside the page, which is ten times as fast as asking from outside for each: links, typing
// into fields, presses of buttons that change the sizing or the view, and files. It tells how many found
// something to act on.
const soakDriver = `self.soak = async (steps) => {
	let done = 0;
	const type = (e, text) => {
		e.value = text;
		e.dispatchEvent(new Event("input", {bubbles: true}));
		e.dispatchEvent(new Event("change", {bubbles: true}));
	};
	for (const {Link, Field, Text, Press, File: kind, Pick, Pause} of steps) {
		if (Link) {
			location.hash = Link;
			done++;
		} else if (Field) {
			const e = document.getElementById(Field);
			if (e && !e.disabled) { e.focus(); type(e, Text); e.blur(); done++; }
		} else if (Press) {
			const all = [...document.querySelectorAll(Press)].filter((e) => !e.disabled);
			if (all.length) { all[Pick % all.length].click(); done++; }
		} else if (kind) {
			const all = document.querySelectorAll("input[type=file]");
			if (all.length) {
				const e = all[Pick % all.length], held = new DataTransfer();
				held.items.add(new File([Text], kind));
				e.files = held.files;
				e.dispatchEvent(new Event("change", {bubbles: true}));
				done++;
			}
		}
		await new Promise((r) => setTimeout(r, Pause));
	}
	return done;
}; true`

// A soakStep is one thing that is done to the page.
type soakStep struct {
	Link, Field, Text, Press, File string
	Pick, Pause                    int
}

// One page lives through thousands of random links, edits and imports without an error, a number that is
// none, or memory that keeps growing. It is asked for with E2E_SOAK=minutes (make soak).
func TestSoak(t *testing.T) {
	minutes, err := strconv.ParseFloat(os.Getenv("E2E_SOAK"), 64)
	if err != nil || minutes <= 0 {
		t.Skip("make soak asks for it")
	}
	h := newHost(t, built, "/")
	b := start(t, h, newPerson(t), "")
	b.eval(soakDriver, nil)
	rnd := rand.New(rand.NewSource(1))
	var memory []float64
	did := map[string]int{}
	steps := 0
	for end := time.Now().Add(time.Duration(minutes * float64(time.Minute))); time.Now().Before(end); {
		// Most links of a batch stay in one view: drawing another one whole takes longer than everything else.
		views := []string{"size", "size", "size", "compare", "explain", "measure", "report", "data", "how"}
		view := "&t=" + views[rnd.Intn(len(views))]
		var batch []soakStep
		for range 50 {
			s := randomStep(rnd)
			if s.Link != "" && !strings.Contains(s.Link, "&t=") {
				s.Link += view
			}
			batch = append(batch, s)
		}
		var done int
		b.eval(fmt.Sprintf("soak(%s)", mustJSON(t, batch)), &done)
		steps += done
		for _, s := range batch {
			did[s.kind()]++
		}
		b.eval(`document.querySelectorAll("dialog[open]").forEach((d) => d.close()); location.hash = "#v=1&g=h100-sxm,l40s"; true`, nil)
		b.final()
		var text string
		b.eval(`document.body.innerText`, &text)
		for _, bad := range []string{"NaN", "Infinity", "undefined", "+Inf", "<nil>", "[object"} {
			if strings.Contains(text, bad) {
				t.Errorf("after %d steps the page shows %q", steps, bad)
			}
		}
		var crashed bool
		b.eval(`document.getElementById("crash") !== null`, &crashed)
		if crashed {
			t.Fatalf("after %d steps the page has crashed: %s; the last were %s", steps, b.text("#crash"), mustJSON(t, batch))
		}
		var used float64
		b.eval(`(fleetsize.memory() + performance.memory.usedJSHeapSize) / 1e6`, &used)
		memory = append(memory, used)
	}
	t.Logf("%d steps that did something, of %v; memory of the page in MB: %.0f", steps, did, memory)
	if n := len(memory); n >= 6 {
		early, late := median(memory[n/3:2*n/3]), median(memory[2*n/3:])
		if late > 1.5*early+50 {
			t.Errorf("memory grew from %.0f to %.0f MB between the middle and the last third", early, late)
		}
	}
	b.clean(h)
}

func (s soakStep) kind() string {
	switch {
	case s.Link != "":
		return "links"
	case s.Field != "":
		return "fields"
	case s.File != "":
		return "files"
	}
	return "presses"
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// randomStep is half the time a link, else an edit by hand, now and then a file.
func randomStep(rnd *rand.Rand) soakStep {
	pick := func(list ...string) string { return list[rnd.Intn(len(list))] }
	s := soakStep{Pick: rnd.Intn(1 << 20), Pause: rnd.Intn(40)}
	switch n := rnd.Intn(20); {
	case n < 10:
		s.Link = randomLink(rnd)
	case n < 14:
		s.Field = pick("rps", "users", "day", "in", "out", "hit", "ttft", "itl", "e2e", "util", "spare", "grow", "tp", "docs", "kwh", "model")
		s.Text = pick("1", "7.5", "40", "3000", "1e6", "0", "-1", "off", "abc", "", "12k", "0.2s", "90ms", "llama", "999999999999999")
	case n < 19:
		s.Press = pick("[data-step]", "[data-preset]", "[data-view]", "[data-reset]", "[data-confirm]", "[data-consider-one]", ".seg button", "summary", "button.xn", "[data-gpu] button", "th button", "[aria-label=Undo]", "[aria-label=Redo]")
	default:
		s.File = pick("a.json", "b.csv", "c.txt")
		s.Text = pick("", "{", "[]", strings.Repeat("[", 5000), "a,b,c\n1,2", `{"model_type":"llama"}`,
			`{"model_type":"llama","architectures":["LlamaForCausalLM"],"hidden_size":2048,"intermediate_size":8192,"num_attention_heads":32,"num_hidden_layers":16,"num_key_value_heads":8,"vocab_size":128256,"max_position_embeddings":131072}`,
			"model,gpu,tp,engine,weights,isl,osl,concurrency,ttft_ms,itl_ms,output_tok_s\nllama-3.1-8b,h100-sxm,1,vllm,fp8,1000,100,4,60,8,450\nllama-3.1-8b,h100-sxm,1,vllm,fp8,1000,100,16,90,11,1300\n")
	}
	return s
}

// randomLink is a state with some keys right, some wrong, some extreme.
func randomLink(rnd *rand.Rand) string {
	pick := func(list ...string) string { return list[rnd.Intn(len(list))] }
	number := func() string {
		return pick("0", "1", "7", "33", "500", "5k", "120k", "1e9", "-3", "1.5m", "off", "abc", "", "0.001", "999999999999")
	}
	pairs := []string{"v=1"}
	for range rnd.Intn(9) {
		switch rnd.Intn(12) {
		case 0:
			pairs = append(pairs, "w="+pick("rag", "chat", "agent", "batch", "reasoning", "code", "summarize", "nothing"))
		case 1:
			pairs = append(pairs, "m="+pick("llama-3.1-8b", "llama-3.3-70b", "deepseek-v3", "qwen3-32b", "gpt-oss-120b", "mixtral-8x7b", "unknown"))
		case 2:
			pairs = append(pairs, pick("in", "out", "rps", "users", "day", "flight", "tp", "pp", "spare", "yrs")+"="+number())
		case 3:
			pairs = append(pairs, pick("ttft", "itl", "e2e")+"="+number()+pick("", "s", "ms"))
		case 4:
			pairs = append(pairs, "eng="+pick("vllm", "sglang", "trtllm", "nim", "tgi", "other"))
		case 5:
			pairs = append(pairs, "q="+pick("fp8", "bf16", "int4", "any", "nvfp4", "fp3"))
		case 6:
			pairs = append(pairs, "pos="+pick("lean", "std", "cautious", "bold"))
		case 7:
			pairs = append(pairs, "g="+pick("h100-sxm", "l40s,a10g", "b200:tp8", "mi300x", "none", "gb200"))
		case 8:
			pairs = append(pairs, "t="+pick("size", "compare", "explain", "measure", "report", "data", "how", "else"))
		case 9:
			pairs = append(pairs, pick("hit", "lr", "util", "grow", "rounds", "spec", "pd", "ep", "dp", "kwh", "pue", "off", "chunks", "docs")+"="+number())
		case 10:
			pairs = append(pairs, "xg=own:mem"+number()+":bw"+number()+":bf16-"+number())
		default:
			pairs = append(pairs, strings.Repeat("z", 1+rnd.Intn(4))+"="+number())
		}
	}
	return "#" + strings.Join(pairs, "&")
}
