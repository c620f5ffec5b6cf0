// Sends the requests of a measurement and reads their streams, in a Web Worker of its own: no picture is drawn
// and no result computed on this thread, so that the times are those of the arrivals. It knows nothing of what
// it sends and reads; the Go side plans, parses and counts.
//
// In:  {start: {id, url, method, headers, body, space}}  send a request now
//      {abort: id} | {abort: "all"}                      end requests; their reads stop at once
// Out: {events: [{id, what, at, …}], bytes: Uint8Array}   what happened, in order, at most every 25 ms
//      {tick: ms, lag: ms}                               every 50 ms: this thread's clock and by how much it is late
// Times are ms of this thread's performance.now(). what is one of
//   "sent"   just before fetch
//   "head"   status and headers are here: status, type, headers of interest
//   "data"   length bytes of the message's bytes, in order
//   "end"    the stream is complete
//   "error"  the browser's word for a failure, which tells little: name, text
//   "abort"  ended by us
"use strict";
(() => {
  const flushAfter = 25, beat = 50;
  const running = new Map(); // id → AbortController
  let events = [], parts = [], timer = 0, due = performance.now() + beat, worst = 0;

  self.onmessage = ({ data }) => {
    if (data.start) run(data.start);
    else if (data.abort === "all") for (const control of running.values()) control.abort();
    else if (data.abort !== undefined) running.get(data.abort)?.abort();
  };

  setInterval(() => {
    const now = performance.now();
    worst = Math.max(0, now - due);
    due = now + beat;
    self.postMessage({ tick: now, lag: worst });
  }, beat);

  function note(event) {
    events.push(event);
    if (!timer) timer = setTimeout(flush, flushAfter);
  }

  function flush() {
    clearTimeout(timer);
    timer = 0;
    let size = 0;
    for (const part of parts) size += part.length;
    const bytes = new Uint8Array(size);
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    const list = events;
    events = [];
    parts = [];
    self.postMessage({ events: list, bytes }, [bytes.buffer]);
  }

  async function run({ id, url, method, headers, body, space }) {
    const control = new AbortController();
    running.set(id, control);
    const options = { method, headers, signal: control.signal, cache: "no-store", credentials: "omit", redirect: "follow", referrerPolicy: "no-referrer" };
    if (body) options.body = body;
    if (space) options.targetAddressSpace = space;
    note({ id, what: "sent", at: performance.now() });
    try {
      const response = await fetch(url, options);
      const picked = {};
      for (const name of ["content-type", "retry-after", "server", "x-request-id"]) {
        const value = response.headers.get(name);
        if (value !== null) picked[name] = value;
      }
      note({ id, what: "head", at: performance.now(), status: response.status, headers: picked });
      if (response.body) {
        const reader = response.body.getReader();
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          parts.push(value);
          note({ id, what: "data", at: performance.now(), length: value.length });
        }
      }
      finish({ id, what: "end", at: performance.now() });
    } catch (problem) {
      const aborted = control.signal.aborted;
      finish({ id, what: aborted ? "abort" : "error", at: performance.now(), name: String(problem?.name ?? ""), text: String(problem?.message ?? problem).slice(0, 300) });
    }
  }

  // finish reports at once: the next request may be waiting for this one's place.
  function finish(event) {
    running.delete(event.id);
    note(event);
    flush();
  }
})();
