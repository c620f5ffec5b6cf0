// Starts the calculator: theme before the first paint, download with progress, WebAssembly, offline copy.
// Everything that differs from deploy to deploy stands in the data attributes of this script's tag.
"use strict";
(() => {
  const root = document.documentElement;
  const { version, wasm, wasmUnpacked, wasmBytes, download } = document.currentScript.dataset;
  const base = new URL(".", document.currentScript.src).href;
  const versioned = (file) => new URL(`${file}?v=${version}`, base).href;

  performance.mark("fleetsize-boot");
  root.dataset.boot = "loading";
  const deepLink = location.hash.length > 1 || location.search.length > 1;
  if (deepLink) root.dataset.deeplink = "1";
  replaceForbiddenStorage();
  restoreLook();

  let halt = () => {};
  const compiled = compile();
  compiled.catch(() => {}); // reported in boot, once the page can show it
  const fleetsize = (window.fleetsize = {
    version,
    base,
    wasmURL: versioned(wasm),
    update: false,
    offline: false,
    worker: startWorker,
    reader: () => new Worker(versioned("reader.js"), { name: "fleetsize-reader" }),
    reload: () => location.reload(),
    pending: "", // the address that the program is about to write
    crash,
  });
  addEventListener("error", ({ error }) => caught(error));
  // This script may run before the page is read, or after that and before wasm_exec.js.
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", boot);
  else if (typeof Go === "function" || document.readyState === "complete") boot();
  else addEventListener("load", boot);

  // replaceForbiddenStorage puts a storage that keeps nothing in the place of one that must not even be asked
  // for: its getter throws, which would end the program.
  function replaceForbiddenStorage() {
    for (const name of ["localStorage", "sessionStorage"]) {
      try {
        window[name].getItem("");
      } catch {
        const value = { length: 0, key: () => null, getItem: () => null, removeItem() {}, clear() {},
          setItem() { throw new DOMException("storage is forbidden", "SecurityError"); } };
        Object.defineProperty(window, name, { value });
      }
    }
  }

  // restoreLook applies the stored theme and contrast before anything is painted.
  function restoreLook() {
    for (const [key, values] of [["theme", ["light", "dark"]], ["contrast", ["projector"]]]) {
      try {
        const value = (localStorage.getItem("fleetsize-" + key) || "").replace(/"/g, "");
        if (values.includes(value)) root.dataset[key] = value;
      } catch {
        return; // storage is blocked: follow the system
      }
    }
  }

  // compile returns the compiled program.
  async function compile() {
    if (typeof WebAssembly !== "object") throw new Error("this browser has no WebAssembly, or a policy has turned it off");
    if (typeof DecompressionStream !== "function") throw new Error("this browser is too old (it needs a version of 2023 or newer)");
    const module = (await compileStored()) || (await compileDownload());
    performance.mark("fleetsize-compiled");
    return module;
  }

  // compileStored takes the program from the offline copy. The response goes to the browser untouched: what
  // it compiled on earlier visits is then used again.
  async function compileStored() {
    const container = navigator.serviceWorker;
    if (!container || !container.controller) return null;
    try {
      return await WebAssembly.compileStreaming(fetch(versioned(wasmUnpacked)));
    } catch {
      return null; // the copy is gone
    }
  }

  // compileDownload compiles the program while it arrives.
  async function compileDownload() {
    let response;
    try {
      response = await fetch(versioned(wasm), { priority: "low" }); // what is looked at first comes first
    } catch {
      throw new Error("the download failed; check the connection");
    }
    if (!response.ok) throw new Error(`the server answered ${response.status} for ${wasm}`);
    let body;
    try {
      body = await unpacked(response.body);
    } catch {
      throw new Error("the download stopped half-way; check the connection");
    }
    const program = new Response(body.pipeThrough(progress()), { headers: { "Content-Type": "application/wasm" } });
    try {
      return await WebAssembly.compileStreaming(program);
    } catch (problem) {
      throw new Error(problem instanceof WebAssembly.CompileError
        ? `the downloaded program is damaged (${problem.message})`
        : "the download stopped half-way; check the connection");
    }
  }

  // unpacked returns the stream of the bare program. Most hosts deliver the file as it lies, gzipped; some
  // label it as encoded, so that the browser has unpacked it already. The first two bytes tell.
  async function unpacked(stream) {
    const reader = stream.getReader();
    let head = new Uint8Array(0);
    let ended = false;
    while (head.length < 2 && !ended) {
      const { done, value } = await reader.read();
      ended = done;
      if (value) {
        const longer = new Uint8Array(head.length + value.length);
        longer.set(head);
        longer.set(value, head.length);
        head = longer;
      }
    }
    const whole = new ReadableStream({
      start: (controller) => controller.enqueue(head),
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    });
    const gzipped = head[0] === 0x1f && head[1] === 0x8b;
    return gzipped ? whole.pipeThrough(new DecompressionStream("gzip")) : whole;
  }

  // progress counts unpacked bytes: their total is known whatever the host does to the transfer.
  function progress() {
    let seen = 0;
    return new TransformStream({
      transform(chunk, controller) {
        seen += chunk.length;
        const bar = document.getElementById("boot-bar");
        if (bar) bar.value = Math.min(1, seen / Number(wasmBytes));
        controller.enqueue(chunk);
      },
    });
  }

  async function boot() {
    const placeholder = document.getElementById("app");
    say(`Loading the calculator, ${download} MB, once. Works offline afterwards.` +
      (deepLink ? " Until then this page shows the worked example, not your link." : ""));
    try {
      const module = await compiled;
      if (typeof Go !== "function") throw new Error("wasm_exec.js did not load");
      const go = new Go();
      halt = () => { go.exited = true; };
      const instance = await WebAssembly.instantiate(module, go.importObject);
      fleetsize.memory = () => instance.exports.mem.buffer.byteLength;
      const mounted = new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          if (placeholder.isConnected) return;
          observer.disconnect();
          resolve();
        });
        observer.observe(document.body, { childList: true });
      });
      const ended = go.run(instance);
      ended.finally(() => crash("the program ended"));
      await mounted;
    } catch (problem) {
      fail("failed", `The calculator could not start: ${problem.message}. The worked example stays readable.`);
      return;
    }
    performance.mark("fleetsize-mounted");
    performance.measure("fleetsize-boot-time", "fleetsize-boot", "fleetsize-mounted");
    root.dataset.boot = "ready";
    delete root.dataset.deeplink;
    document.getElementById("boot").hidden = true;
    const focus = document.createElement("script"); // only now is there anything to keep the focus on
    focus.src = versioned("focus.js");
    document.head.append(focus);
    keepOffline();
  }

  function say(text) {
    document.getElementById("boot-text").textContent = text;
    document.getElementById("boot").hidden = false;
  }

  function fail(state, text) {
    root.dataset.boot = state;
    say(text);
    document.getElementById("boot-bar").hidden = true;
    const again = document.getElementById("boot-again");
    again.hidden = false;
    again.onclick = () => location.reload();
  }

  // caught takes an error nobody handled: one that went through the program has stopped it half-way.
  function caught(problem) {
    if (/wasm-function/.test(problem?.stack)) crash(problem.message);
  }

  // crash says that the program has stopped, with the ways back. Nothing that a link holds is lost: the address
  // is brought up to the last input before anything else.
  function crash(message) {
    if (root.dataset.boot === "loading") {
      fail("stopped", `The calculator stopped while it was starting: ${message}. The worked example stays readable.`);
      return;
    }
    if (document.getElementById("crash")) return;
    root.dataset.boot = "stopped";
    halt(); // what stopped half-way must not go on
    try {
      if (fleetsize.pending) history.replaceState(null, "", fleetsize.pending);
      fleetsize.pending = "";
    } catch {} // too many in a short time: the address is a moment old
    const make = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text });
    const button = (name, text, act) => {
      const b = make("button", name, text);
      b.type = "button";
      b.onclick = () => act(b);
      return b;
    };
    const dialog = make("dialog", "crash", "");
    dialog.id = "crash";
    dialog.setAttribute("aria-labelledby", "crash-h");
    dialog.oncancel = (e) => e.preventDefault(); // nothing behind it answers any more
    const title = make("h2", "", "The calculator stopped");
    title.id = "crash-h";
    const row = make("div", "row", "");
    row.append(
      button("btn go", "Reload", () => location.reload()),
      button("btn", "Copy link", async (b) => {
        try {
          await navigator.clipboard.writeText(location.href);
          b.textContent = "Link copied";
        } catch {
          b.textContent = "Copy it from the address bar";
        }
      }),
      button("btn", "Start over", () => location.replace(base)),
    );
    dialog.append(title,
      make("p", "", "This is a fault of the program, not of what you entered. The address holds your sizing: " +
        "Reload goes on with it. If it stops again, keep the link and start over."),
      make("p", "mut xs", `Version ${version}: ${message}`), row);
    document.body.append(dialog);
    dialog.showModal();
  }

  // startWorker starts worker.js with the program compiled for this page, so that both are one version.
  function startWorker() {
    const worker = new Worker(versioned("worker.js"), { name: "fleetsize" });
    compiled.then((module) => worker.postMessage({ module, exec: versioned("wasm_exec.js") }));
    return worker;
  }

  // keepOffline registers the service worker, which tells its version once that version is stored whole.
  // Another version than that of a page that came from storage is a newer one, waiting for a reload.
  async function keepOffline() {
    const container = navigator.serviceWorker;
    if (!container) {
      root.dataset.offline = "unavailable";
      return;
    }
    container.addEventListener("message", ({ data }) => {
      if (!data || !data.fleetsize) return;
      offlineReady();
      if (data.fleetsize !== version && container.controller) updateReady();
    });
    container.startMessages();
    try {
      const registration = await container.register(new URL("sw.js", base).href, { updateViaCache: "none" });
      if (registration.active) registration.active.postMessage("version"); // otherwise it tells when it is
      const first = registration.active ? null : registration.installing;
      first?.addEventListener("statechange", () => {
        if (first.state === "redundant" && !fleetsize.offline) root.dataset.offline = "unavailable"; // storage is full
      });
    } catch {
      root.dataset.offline = "unavailable"; // no secure context, or a private window
    }
  }

  function offlineReady() {
    if (fleetsize.offline) return;
    fleetsize.offline = true;
    root.dataset.offline = "ready";
    window.dispatchEvent(new Event("fleetsize-offline-ready"));
  }

  function updateReady() {
    if (fleetsize.update) return;
    fleetsize.update = true;
    window.dispatchEvent(new Event("fleetsize-update"));
    if (typeof window.goappOnUpdate === "function") window.goappOnUpdate();
  }
})();
