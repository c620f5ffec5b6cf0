// Keeps one version of the site whole and answers from it, online and offline.
// "config" is filled in when the site is written: the version and the files, as paths below the scope.
// Files in "lazy" are stored when they are first asked for, under their name and a hash of their content.
"use strict";
const config = { version: "", program: "", unpacked: "", files: [], lazy: {} };

const scope = new URL(self.registration.scope);
const prefix = `fleetsize ${scope.pathname} `; // other sites may share this origin
const own = prefix + config.version;
const kept = prefix + "lazy"; // outlives versions
const shell = "./";

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => {
  if (event.data === "version" && event.source) event.source.postMessage({ fleetsize: config.version });
  if (event.data?.keep in config.lazy) event.waitUntil(onDemand(event.data.keep, new URL(event.data.keep, scope)));
});
self.addEventListener("fetch", (event) => {
  const answer = route(event.request);
  if (answer) event.respondWith(answer);
});

// install stores every file before this version takes over. "reload" passes by the browser's own cache,
// which could hold files of another version. The program's address carries the version, so that the copy
// the page has just downloaded serves here too.
async function install() {
  const cache = await caches.open(own);
  await Promise.all([shell, ...config.files].map(async (file) => {
    const response = await fetch(new URL(file, scope), { cache: "reload" });
    if (!response.ok) throw new Error(`${file}: ${response.status}`);
    // A redirected response may not answer a navigation: store a plain copy.
    const plain = response.redirected ? new Response(response.body, { headers: response.headers }) : response;
    await cache.put(new URL(file, scope), plain);
  }).concat(installProgram(cache)));
  await self.skipWaiting();
}

// installProgram stores the program unpacked, as the type browsers want: only then do they keep what they
// compiled of it for the next visit.
async function installProgram(cache) {
  const response = await fetch(new URL(`${config.program}?v=${config.version}`, scope));
  if (!response.ok) throw new Error(`${config.program}: ${response.status}`);
  let program = await response.blob();
  const head = new Uint8Array(await program.slice(0, 2).arrayBuffer());
  if (head[0] === 0x1f && head[1] === 0x8b) { // not unpacked by the browser already
    program = await new Response(program.stream().pipeThrough(new DecompressionStream("gzip"))).blob();
  }
  await cache.put(new URL(config.unpacked, scope), new Response(program, { headers: { "Content-Type": "application/wasm" } }));
}

// activate drops old versions but the last, from which pages still open may want a file. It takes pages
// over only when there was an older version: the first visit's page needs no replacement.
async function activate() {
  const older = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== own && name !== kept);
  await Promise.all(older.slice(0, -1).map((name) => caches.delete(name)));
  if (await caches.has(kept)) {
    const cache = await caches.open(kept), current = Object.keys(config.lazy).map((file) => lazyAddress(file).href);
    await Promise.all((await cache.keys()).filter(({ url }) => !current.includes(url)).map((old) => cache.delete(old)));
  }
  if (older.length > 0) await self.clients.claim();
  for (const client of await self.clients.matchAll({ includeUncontrolled: true, type: "window" })) {
    if (client.url.startsWith(scope.href)) client.postMessage({ fleetsize: config.version });
  }
}

// route returns the promised answer, or nothing where the request is none of this site's business.
function route(request) {
  if (request.method !== "GET") return undefined;
  const url = new URL(request.url);
  if (url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname)) return undefined;
  const file = url.pathname.slice(scope.pathname.length);
  if (file === "" || file === "index.html") return stored(shell, request, null); // whatever the query says
  if (file === config.unpacked || config.files.includes(file)) return stored(file, request, url.searchParams.get("v"));
  if (file in config.lazy) return onDemand(file, request);
  if (request.mode === "navigate") return fetch(request).catch(() => Response.redirect(scope.href));
  return undefined;
}

// stored answers with a file of the asked version, where it is there, and else from the host.
async function stored(file, request, version) {
  const name = prefix + (version || config.version);
  if (await caches.has(name)) {
    const found = await (await caches.open(name)).match(new URL(file, scope));
    if (found) return found;
  }
  return fetch(request);
}

// onDemand answers with a file that is stored when it is first used.
async function onDemand(file, request) {
  const cache = await caches.open(kept);
  const found = await cache.match(lazyAddress(file));
  if (found) return found;
  const response = await fetch(request, { cache: "no-cache" });
  if (response.ok) await cache.put(lazyAddress(file), response.clone());
  return response;
}

function lazyAddress(file) {
  return new URL(`${file}?${config.lazy[file]}`, scope);
}
