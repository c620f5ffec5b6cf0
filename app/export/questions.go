package export

import (
	"strings"

	"fleetsize/app/link"
	"fleetsize/calc/units"
)

// Question is what to ask a customer about an input, and why it matters to
// the answer.
type Question struct{ Ask, Why string }

// questions by input: the link key of an Assumption.
var questions = map[string]Question{
	"in":        {"How many tokens does a prompt have, with system prompt, history and documents? Median and 95th percentile.", "The wait for the first token and the memory of a request grow with it."},
	"out":       {"How many tokens does an answer have?", "Every token is a step of the engine, and the request holds its memory until the last one."},
	"hit":       {"How much of a prompt was sent before: system prompt, the same documents, earlier turns?", "What is in the prefix cache is not computed again."},
	"lr":        {"How much do the lengths vary?", "Spread lengthens queues and the 95th percentile."},
	"m":         {"Which model must it be? Is a smaller one good enough?", "Its weights decide most of memory and time."},
	"q":         {"Which weight precision passes your quality tests?", "Half the bits are half the memory to hold and to read."},
	"kv":        {"May the KV cache be 8-bit?", "Twice as many requests fit into the same memory."},
	"eng":       {"Which serving engine does the platform run, in which version?", "Schedulers differ in how long requests wait."},
	"sys":       {"How long is the system prompt?", "It is part of every prompt, and the part a cache keeps."},
	"hist":      {"How much of the conversation goes along?", "It is computed with every request."},
	"ask":       {"How long is the question itself?", "It is part of the prompt."},
	"chunks":    {"How many retrieved passages go into a prompt, how long is each?", "They are most of a RAG prompt."},
	"emb":       {"Which model embeds questions and documents?", "It takes accelerators and time of its own."},
	"rer":       {"Which model reranks, and how many candidates?", "It runs before the first token."},
	"docs":      {"How many documents are indexed again, how often, in how many hours?", "Indexing can need more than the questions."},
	"ret":       {"How long does the search take?", "It counts toward the wait for the first token."},
	"turns":     {"How many turns has a conversation?", "Prompts grow with each."},
	"calls":     {"How many model calls does a task make?", "Load is tasks times calls."},
	"rps":       {"How many requests arrive in a second of the busiest minute?", "GPUs grow in proportion."},
	"users":     {"How many people use it at the same time in the busiest hour? Not: how many have an account.", "Only those who ask make load."},
	"rph":       {"How often does one of them ask in an hour?", "Load is people times requests."},
	"day":       {"How many requests come on a busy day?", "The average that the peak is a multiple of."},
	"peak":      {"How much busier is the busiest minute than the average?", "The fleet has to hold the peak."},
	"flight":    {"How many requests run at once at most?", "Each holds memory all the while."},
	"ttft":      {"How long may people wait until the answer starts?", "A tight target keeps replicas emptier, which takes more of them."},
	"itl":       {"How fast must the answer appear? Fast readers take in 7 to 10 tokens a second.", "It limits how many requests share a GPU."},
	"e2e":       {"By when must the whole answer be there?", "It bounds waiting and pace together."},
	"util":      {"How full may replicas be at the peak?", "The rest takes surges."},
	"spare":     {"How many replicas may fail without anyone noticing?", "Each is paid for and stands by."},
	"nodespare": {"May a whole server fail?", "A spare server costs all its GPUs."},
	"grow":      {"How much more load comes every year, for how many years?", "It decides what to buy now."},
	"g":         {"Which accelerators can be had in time, or are there already?", "Delivery and contracts rule many out."},
	"buy":       {"Rent or own? From which budget?", "The two differ in total and in when it is paid."},
	"px":        {"What does a GPU cost you, discounts included?", "List prices differ by a factor of three."},
	"term":      {"Over how many years is it written off?", "A longer term makes owning cheaper."},
	"kwh":       {"What does a kWh cost at the site?", "Power is the largest running cost of owned GPUs."},
	"pue":       {"How many kW does a rack take, with what PUE?", "Dense servers may not fit the room."},
	"use":       {"How busy is it on average, nights and weekends included?", "Cost per token is cost over what is really served."},
}

// QuestionOf is what to ask about an input; empty where there is nothing to ask.
func QuestionOf(id string) Question { return questions[id] }

// Open is an input that nobody has confirmed, with what to ask about it.
type Open struct {
	Assumption
	Question
}

// OpenQuestions are the inputs to ask about, those that were stated first.
func OpenQuestions(p *Proposal) []Open {
	var stated, standard []Open
	for _, a := range Register(p) {
		q, ok := questions[a.ID]
		switch {
		case !ok || a.Status == Confirmed:
		case a.Status == Assumed:
			stated = append(stated, Open{a, q})
		default:
			standard = append(standard, Open{a, q})
		}
	}
	return append(stated, standard...)
}

// AskText is the open questions as a list to send.
func AskText(p *Proposal) string {
	name := p.State.Title
	if name == "" || name == link.Default().Title {
		name = WorkloadName(p)
	}
	var b strings.Builder
	b.WriteString("Questions about " + name + "\n")
	for i, q := range OpenQuestions(p) {
		b.WriteString("\n" + units.Count(float64(i+1)) + ". " + q.Ask + "\n   So far: " + lowerFirst(q.Name) + " " + q.Value + " (" + string(q.Status) + "). " + q.Why + "\n")
	}
	b.WriteString("\n" + p.Link + "\n")
	return b.String()
}
