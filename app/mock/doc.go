//go:build !js

// Package mock is an OpenAI-compatible server that answers with invented text
// at exactly known times. It exists to check benchmark clients, and to try the
// measuring view without an accelerator.
//
// # Engines
//
// Three engine models decide when tokens appear:
//
//   - constant (the default): a request holds one of MaxSeqs slots for
//     TTFT + (N−1)·ITL, N its output tokens; token i appears at
//     start + TTFT + i·ITL; the other requests wait in order of arrival
//   - batch (StepBase > 0): continuous batching with a linear step time, so
//     that latencies grow with load; see Config
//   - simulated (Cost): continuous batching with the step law of a real model
//     on a real accelerator, as package serve simulates it, in real time
//
// All of them work on a schedule in absolute time: a late timer delays one
// token, never the ones after it, and a slot that frees up at 10.000 s is
// taken at 10.000 s even if the program noticed at 10.003 s. Config.Expect
// gives throughput and latencies in closed form.
//
// # Truth
//
// Every request leaves a Record: when it arrived, when it got its slot, when
// each token was due and when it was handed to the network. Server.Trace
// returns them; GET /trace serves them as JSON Lines; Config.Trace is written
// as requests end. The header X-Request-Id of an answer is the record's id.
//
// # Quirks
//
// Real servers differ in what they put on the wire. Quirks lists the
// deviations the server can show, by name; without any it behaves like a
// current vLLM: headers at once, a role chunk in front of the first token, one
// event and one write per token, a chunk with the finish reason, the usage
// chunk when asked for, [DONE]. A request's header X-Mock-Quirk replaces the
// server's quirks for that request.
package mock
