// Sends the requests of a measurement and reads their streams, in a Web Worker of its own: no picture is drawn
// and no result computed on this thread, so that the times are those of the arrivals. It knows nothing of what
// it sends and reads; the Go side plans, parses and counts.
//
// In:  {start: {id, url, method, headers: [[name, value], …], body, opaque, asks}}  send a request now
//      {abort: id}      end a request; its reads stop at once
//      {wake: ms}       tick at that time of this thread's clock
// Out: {list: JSON of [{id, what, at, …}, …], bytes: Uint8Array}   what happened, in order, at most every 25 ms
//      {tick: ms, lag: ms}   every 50 ms and when woken: this thread's clock and by how much it is late
// Times are ms of this thread's performance.now(). what is one of
//   "sent"   just before fetch
//   "head"   status and headers are here: status, type, retry (seconds)
//   "data"   length bytes of the message's bytes, in order
//   "end"    the stream is complete
//   "error"  the browser's word for a failure, which tells little: text
//   "abort"  ended by us
// An opaque request only finds out whether anything answers: the browser keeps what it says to itself. Where
// nothing does, text is the state of the permission that asks names.
"use strict";
(() => {
  const flushAfter = 25, beat = 50;
  const running = new Map(); // id → AbortController
  let alarm = 0, events = [], parts = [], timer = 0, due = performance.now() + beat;

  self.onmessage = ({ data }) => {
    if (data.start) run(data.start);
    else if (data.abort !== undefined) running.get(data.abort)?.abort();
    else if (data.wake !== undefined) wake(data.wake);
  };

  setInterval(() => {
    const now = performance.now(), lag = Math.max(0, now - due);
    due = now + beat;
    self.postMessage({ tick: now, lag });
  }, beat);

  // wake ticks between two beats; a later call replaces an earlier one.
  function wake(at) {
    clearTimeout(alarm);
    alarm = setTimeout(() => self.postMessage({ tick: performance.now(), lag: 0 }), Math.max(0, at - performance.now()));
  }

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
    self.postMessage({ list: JSON.stringify(list), bytes }, [bytes.buffer]);
  }

  // permission is "granted", "prompt" or "denied"; Chromium 142 to 144 have one name for both kinds. "" = unknown.
  async function permission(name) {
    for (const n of [name, "local-network-access"])
      try {
        return (await navigator.permissions.query({ name: n })).state;
      } catch {} // not a name here
    return "";
  }

  async function run({ id, url, method, headers, body, opaque, asks }) {
    const control = new AbortController();
    running.set(id, control);
    const options = { method, headers, signal: control.signal, cache: "no-store", credentials: "omit", redirect: "follow", referrerPolicy: "no-referrer" };
    if (body) options.body = body;
    if (opaque) options.mode = "no-cors";
    note({ id, what: "sent", at: performance.now() });
    try {
      const response = await fetch(url, options);
      note({ id, what: "head", at: performance.now(), status: response.status,
        type: response.headers.get("content-type") ?? "", retry: Number(response.headers.get("retry-after")) || 0 });
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
      const at = performance.now(), text = opaque ? await permission(asks) : String(problem?.message ?? problem).slice(0, 300);
      finish({ id, what: control.signal.aborted ? "abort" : "error", at, text });
    }
  }

  // finish reports at once: the next request may be waiting for this one's place.
  function finish(event) {
    running.delete(event.id);
    note(event);
    flush();
  }
})();
