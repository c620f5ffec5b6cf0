//go:build !js

package cli

const benchUsage = `Usage: fleetsize bench -url URL [flags]
       fleetsize bench compare [-tolerance 5] [-json] BEFORE.json AFTER.json
       fleetsize bench export [-format FORMAT] -o FILE REPORT.json
       fleetsize bench power LOG.csv [REPORT.json]
       fleetsize bench answers -url URL [-questions FILE.jsonl] [-against URL]
       fleetsize bench embeddings|rerank -url URL [-batch 1,4,16,64]
       fleetsize bench transcribe -url URL -audio FILE.wav [-text 'WHAT IS SAID']
       fleetsize bench speak -url URL -text 'WHAT TO SAY' [-sample-rate HZ]

Measures an OpenAI-compatible endpoint: TTFT, time per token, throughput, what
load it holds. Ctrl+C ends it with what was finished (exit code 3). Where
nothing could be measured no file is written, and the exit code is 1.

Endpoint
  -url URL
    	base address, for example http://127.0.0.1:8000/v1
  -model NAME
    	model to ask for (default the first one that the endpoint lists)
  -key-env NAME
    	environment variable that holds the key
  -header 'NAME: VALUE'
    	extra header; may be repeated
  -api chat|completions
    	which interface to measure (default chat)
  -http 1.1|2|h2c  -cacert FILE  -insecure
    	protocol, certificate authority to trust, or trust everything

Plan
  -plan NAME
    	single      one request at a time, after a warm-up (default)
    	probes      four short phases, enough to fit the estimate to this endpoint
    	sweep       512 in, 128 out at 1, 4, 8 and 16 in flight
    	scenarios   summarization, chat and reasoning lengths
    	load        1, 2, 4 … 64, then +64 in flight until throughput stops rising
    	slo         the most requests in flight that hold a service level
    	open        arrivals at a rate, whatever the server does
    	FILE.json   a plan file, or a report for its plan; flags are laid over it
  -in N  -out N
    	tokens per prompt and answer (default 1000 and 1000; sweep 512 and 128)
  -concurrency 1,2,4
    	requests in flight, instead of the plan's own; for slo the last one is
    	the highest that is tried
  -max-concurrency N
    	end of the ladder of load and slo (default 1024)
  -rate 0.5,1,2  -poisson
    	arrivals per second of open, evenly or at random; without -rate quarters
    	of the measured capacity
  -phase DURATION
    	length of a phase, ramp and drain excluded (default 15s; use 60s or 180s
    	where requests take long)
  -tier NAME,…
    	economy, standard (default), premium, all, or your own limits as
    	NAME:TOKENS_PER_S:TTFT, for example mine:25:2s
  -requests N  -warmup N
    	measured requests of plans that count, and unmeasured ones before
    	(default 5 and 1)
  -shared-prefix N
    	tokens at the start of every prompt that are the same (default 0: no two
    	prompts start alike, so that no cache flatters)
  -seed N
    	same seed, same prompts (default 1)

Limits
  -max-requests N  -max-tokens N  -max-time DURATION
    	end the run (default 100000, none, 1h)
  -max-usd X  -usd-in X  -usd-out X
    	end it at a cost, given what a million tokens in and out cost
  -timeout DURATION  -stall DURATION
    	give up a request (default 10m), or a stream without bytes (default 60s)

Report
  -json
    	write the report to standard output instead of a table
  -o FILE
    	write it to a file: JSON, or CSV with NIM's columns for FILE.csv
  -format json|csv|vllm|aiperf|inference-perf
    	shape of that file; the last two are one file per phase
  -raw
    	put every request with its arrivals into the report
  -on LINK
    	what stands behind the endpoint, so that the report can be fitted to:
    	'm=llama-3.1-8b&g=h100-sxm&tp=1&eng=vllm&q=fp8'; and says what tokens
    	cost, by the catalog's price or yours: px=h100-sxm:2.10
  -quiet
    	no progress on standard error
  -write inference-perf|aiperf|guidellm|vllm|plan
    	measure nothing; print the plan for a client that runs on many machines,
    	or as a plan file for -plan and for the page

compare lists what changed, load by load, and exits with 1 when anything is
more than -tolerance per cent worse: a check for continuous integration.
export writes a report in another shape. power lays a log of nvidia-smi over a
report: watts, joules per token, GPU use; fleetsize bench power -h explains it.

answers asks questions with known answers and shows the share of right ones
with its 95 % interval; the endpoint flags are those above, and
  -questions FILE.jsonl
    	one {"question","answer"} per line, with "category", "choices" and "kind"
    	(number, choice, text) where wanted (default 40 simple ones)
  -repeats N  -temperature X  -out N  -concurrency N
    	how often each is asked (default 1), how (default 0), tokens allowed
    	(default 1024), requests at once (default 4)
  -against URL  -against-model NAME
    	a second endpoint: the difference question by question, and whether the
    	token probabilities agree
  -min PERCENT
    	exit with 1 when the accuracy is surely below

embeddings and rerank measure latency and throughput by batch size: -batch, -in
tokens per text (default 200), -requests per size (default 20), -concurrency.

transcribe and speak measure speech endpoints, -requests times (default 3): the
real-time factor (time taken ÷ length of the recording), word errors against
-text, and whether a recording is finite, not silent and of the right rate;
-voice NAME (default alloy), -save FILE.wav. A problem exits with 1.

Example: fleetsize bench -url http://127.0.0.1:8333/v1 -plan load -in 200 -out 50 -phase 5s
`
