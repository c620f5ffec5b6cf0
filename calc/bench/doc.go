// Package bench measures an OpenAI-compatible endpoint without touching it: it
// decides which request to send when, reads the bytes that come back, and
// turns timestamps into metrics. Sending, reading and the clock belong to a
// transport (the terminal's net/http, the page's worker), so that both speak
// through one engine and write one report.
//
// # Parts
//
// A Plan is data: which phases, which lengths, which bounds. New makes a Run
// of it, a state machine: the transport reports what happened (Sent, Headers,
// Done, Lag), calls Step, and carries out the Actions it returns. Every
// request has a Stream, which the transport feeds with status and bytes as
// they arrive and which ends as a Record. Records become PhaseResults, those a
// Document, the report file.
//
// Requests that are answered at once, for judging answers instead of timing
// streams, are Rounds of Asks: packages answers, items and speech below this
// one say what to ask and what the Answers mean; a transport carries them out.
//
// # Time
//
// All times are seconds on one monotonic clock of the transport that starts at
// the beginning of the run. A time of -1 means that it did not happen.
//
// # What is measured
//
// Latencies are over the requests that were issued inside a phase's window,
// throughput over the tokens that arrived inside it; ramp and drain are
// outside. A request that was still running when a phase had to end is
// censored: counted, never dropped, because the slow ones are exactly those.
// Every metric has an id in Definitions, and foreign reports keep theirs.
package bench
