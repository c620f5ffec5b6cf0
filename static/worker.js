// Runs the calculator's program in a Web Worker. The page's first message brings the compiled program;
// every later one is a string for the Go side, kept until the Go side asks for it.
"use strict";
(() => {
  let deliver = null;
  const waiting = [];

  self.fleetsizeWorkerReady = (handler) => {
    deliver = handler;
    for (const text of waiting.splice(0)) deliver(text);
  };

  self.onmessage = ({ data }) => {
    if (typeof data === "string") {
      if (deliver) deliver(data);
      else waiting.push(data);
    } else if (data && data.module) {
      start(data).catch((problem) => failed(`The background calculation could not start: ${problem.message}.`));
    }
  };

  async function start({ module, exec }) {
    importScripts(exec);
    const go = new Go();
    const instance = await WebAssembly.instantiate(module, go.importObject);
    await go.run(instance);
    failed("The background calculation stopped.");
  }

  function failed(text) {
    self.postMessage(JSON.stringify({ type: "fleetsize-failed", text }));
  }
})();
