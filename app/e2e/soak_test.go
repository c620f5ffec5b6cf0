package e2e

import (
	"fmt"
	"math/rand"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// One page lives through thousands of random edits, links and views without an error, a number that is
// none, or memory that keeps growing. It is asked for with E2E_SOAK=minutes (make soak).
func TestSoak(t *testing.T) {
	minutes, err := strconv.ParseFloat(os.Getenv("E2E_SOAK"), 64)
	if err != nil || minutes <= 0 {
		t.Skip("make soak asks for it")
	}
	h := newHost(t, built, "/")
	b := start(t, h, newPerson(t), "")
	rnd := rand.New(rand.NewSource(1))
	var memory []float64
	edits := 0
	for end := time.Now().Add(time.Duration(minutes * float64(time.Minute))); time.Now().Before(end); {
		for range 25 {
			b.eval(fmt.Sprintf(`location.hash = %q`, randomLink(rnd)), nil)
			edits++
			time.Sleep(time.Duration(rnd.Intn(120)) * time.Millisecond)
		}
		b.eval(`location.hash = "#v=1&g=h100-sxm,l40s"`, nil)
		b.final()
		var text string
		b.eval(`document.body.innerText`, &text)
		for _, bad := range []string{"NaN", "Infinity", "undefined", "+Inf", "<nil>"} {
			if strings.Contains(text, bad) {
				t.Errorf("after %d links the page shows %q", edits, bad)
			}
		}
		var crashed bool
		b.eval(`document.getElementById("crash") !== null`, &crashed)
		if crashed {
			t.Fatalf("after %d links the page has crashed: %s", edits, b.text("#crash"))
		}
		var used float64
		b.eval(`(fleetsize.memory() + performance.memory.usedJSHeapSize) / 1e6`, &used)
		memory = append(memory, used)
	}
	t.Logf("%d links; memory of the page in MB: %.0f", edits, memory)
	if n := len(memory); n >= 6 {
		early, late := median(memory[n/3:2*n/3]), median(memory[2*n/3:])
		if late > 1.5*early+50 {
			t.Errorf("memory grew from %.0f to %.0f MB between the middle and the last third", early, late)
		}
	}
	b.clean(h)
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
