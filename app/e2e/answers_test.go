package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// asked starts the check of the form and returns what the view says at its end.
func (b *tab) asked() string {
	b.t.Helper()
	var run string
	b.eval(`document.getElementById("ask").dataset.askRun`, &run)
	b.click("#ask-start")
	b.waitFor("the end of the check", fmt.Sprintf(`["done","refused"].includes(document.getElementById("ask").dataset.askState) && document.getElementById("ask").dataset.askRun !== %q`, run))
	return strings.ReplaceAll(b.text("main"), "\u00a0", " ")
}

// says fails unless the view says all of it.
func (b *tab) says(got string, wanted ...string) {
	b.t.Helper()
	for _, w := range wanted {
		if !strings.Contains(got, w) {
			b.t.Errorf("the view says %q, not %q", got, w)
		}
	}
}

// sound fails where the page breaks a rule of accessibility, at the widths and
// in the themes given.
func (b *tab) sound(name string, widths []int64, themes ...string) {
	b.t.Helper()
	b.eval(`document.querySelectorAll("main details").forEach((d) => d.open = true)`, nil)
	for _, width := range widths {
		b.size(width, 900)
		for _, theme := range themes {
			b.theme(theme)
			for _, f := range b.audit(theme == "dark") {
				b.t.Errorf("%s at %d, %s: %s: %s\n  %s", name, width, theme, f.ID, f.Help, strings.Join(f.Nodes, "\n  "))
			}
			b.shot(fmt.Sprintf("%s-%d-%s", name, width, theme))
		}
		b.noSidewaysScroll()
	}
	b.theme("light")
	b.size(1280, 800)
}

// A person checks what endpoints answer: a question set of their own, the
// tokens of two endpoints, embeddings and speech. What the mock server does is
// known, so every figure is.
func TestAnswers(t *testing.T) {
	t.Parallel() // they wait more than they work
	endpoint := mockServer(t, "-ttft", "1ms", "-itl", "0s", "-max-seqs", "8", "-item", "5ms", "-item-each", "0s", "-rtf", "0.01", "-word-errors", "0.25")
	shifted := mockServer(t, "-ttft", "1ms", "-itl", "0s", "-max-seqs", "8", "-logprob-shift", "0.05")
	h := newHost(t, built, "/")
	p := newPerson(t)
	dir := p.downloads()
	b := p.measureView(h)
	b.loadAudit()
	b.click(`[data-source="answers"]`)
	b.type_("#live-url", endpoint)
	b.sound("answers-empty", []int64{1280}, "light")
	b.choose("#ask-kind", "accuracy")
	b.waitFor("the fields of the check", `document.getElementById("ask-paste") !== null`)
	b.click("#ask-paste")
	b.insert("#ask-set", "{")
	b.click("#ask-paste")
	b.waitFor("what is wrong, beside the field", `document.getElementById("ask-questions-msg").innerText.includes("Line 1")`)
	set := ""
	for i, answer := range []string{"3", "4", "5", "6", "0"} { // the last one is wrong, and the one below has no answer here
		set += fmt.Sprintf(`{"category":"sums","question":"What is %d + 2?","answer":"%s"}`+"\n", i+1, answer)
	}
	b.insert("#ask-set", set+`{"category":"seas","question":"Which sea?","answer":"Baltic"}`)
	b.click("#ask-paste")
	b.waitFor("the questions", `document.getElementById("ask-questions-drop").innerText.includes("6 questions")`)
	b.says(b.asked(), "66.7 % of the replies are right, on questions like these 22.3–95.7 % (95 %)", "No answer was found in 1 of 6 replies")
	b.sound("answers-accuracy", []int64{1280, 390}, "light", "dark")
	b.click("#ask-save")
	var doc struct {
		Schema      string `json:"schema_version"`
		Tool        string
		Definitions map[string]struct{ ID string }
		Endpoints   []struct {
			URL, Model string
			Scores     []struct {
				Category               string
				Right, Wrong, Unparsed int
				Accuracy               float64 `json:"accuracy_pct"`
			}
		}
	}
	if err := json.Unmarshal(downloaded(t, dir, "fleetsize-answers.json"), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Endpoints) != 1 || doc.Tool != "fleetsize bench answers" || doc.Definitions["accuracy_pct"].ID == "" {
		t.Fatalf("the saved report: %+v", doc)
	}
	if s := doc.Endpoints[0].Scores; doc.Endpoints[0].URL != endpoint || len(s) != 3 || s[0].Right != 4 || s[0].Wrong != 1 || s[0].Unparsed != 1 || s[1].Category != "seas" {
		t.Errorf("the saved report: %+v", doc.Endpoints[0])
	}

	b.choose("#ask-kind", "parity")
	b.waitFor("the second endpoint", `document.getElementById("ask-url2") !== null`)
	b.click("#ask-start")
	b.waitFor("what is missing, beside the field", `document.getElementById("ask-url2-msg").innerText.includes("Two are compared")`)
	b.type_("#ask-url2", shifted)
	b.says(b.asked(), "The endpoints give the same tokens", "100.0 %", "0.05")
	b.shot("answers-parity-1280-light")

	b.choose("#ask-kind", "embeddings")
	b.waitFor("the batch sizes", `document.getElementById("ask-sizes") !== null`)
	b.type_("#ask-sizes", "1,8")
	b.type_("#ask-requests", "4")
	b.says(b.asked(), "texts/s, in batches of 8 that take", "256")
	var rows int
	b.eval(`document.querySelectorAll("#ask-batches tbody tr").length`, &rows)
	if rows != 2 {
		t.Errorf("%d batches", rows)
	}
	b.shot("answers-embeddings-1280-light")

	b.choose("#ask-kind", "speak")
	b.waitFor("the text to say", `document.getElementById("ask-say") !== null`)
	b.type_("#ask-say", "one two three four five six seven eight")
	b.type_("#ask-rate", "24000")
	b.says(b.asked(), "3.2 s of sound in", "24,000 Hz")
	b.sound("answers-speech", []int64{390}, "light")
	b.click("#ask-wav")
	said := filepath.Join(t.TempDir(), "said.wav")
	if err := os.WriteFile(said, downloaded(t, dir, "fleetsize-speech.wav"), 0o644); err != nil {
		t.Fatal(err)
	}
	b.choose("#ask-kind", "transcribe")
	b.waitFor("the field for the recording", `document.getElementById("ask-audio") !== null`)
	b.do("choosing the recording", chromedp.SetUploadFiles("#ask-audio", []string{said}, chromedp.ByQuery))
	b.waitFor("the recording", `document.getElementById("ask-audio-drop").innerText.includes("said.wav")`)
	b.says(b.asked(), "Of the words, 25.0 % are wrong", "one two three mumble")
	b.onlyAsked(h, "http://127.0.0.1:")
}

// A check can be stopped with what it has, and one that cannot begin says why.
func TestAnswersTrouble(t *testing.T) {
	t.Parallel() // they wait more than they work
	slow := mockServer(t, "-ttft", "1s", "-itl", "10ms", "-max-seqs", "2")
	closed := mockServer(t, "-cors", "off")
	h := newHost(t, built, "/")
	b := measureView(t, h)
	b.click(`[data-source="answers"]`)
	b.type_("#live-url", slow)
	b.click("#ask-start")
	b.waitFor("an answer", `/[1-9]\d* of 40 requests answered/.test(document.getElementById("ask").innerText)`)
	b.click(`[data-source="live"]`)
	b.waitFor("a word about the check", `document.body.innerText.includes("Stop the check first")`)
	b.click("#ask-stop")
	b.waitFor("the end of the check", `document.getElementById("ask").dataset.askState === "done"`)
	b.says(b.text("main"), "cut short", "Save the report")
	b.type_("#live-url", closed)
	b.says(b.asked(), "cannot be checked from this page yet", "does not let this page read it (CORS)", "Commands for each server")
	b.type_("#live-url", "ftp://x")
	b.click("#ask-start")
	b.waitFor("a message", `document.getElementById("live-url-msg").innerText.includes("http")`)
}
