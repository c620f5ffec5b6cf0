// Keeps one version of the site whole and answers from it, online and offline.
// "config" is filled in when the site is written: the version and the files, as paths below the scope.
"use strict";
const config = { version: "", program: "", files: [] };

const scope = new URL(self.registration.scope);
const prefix = `fleetsize ${scope.pathname} `; // other sites may share this origin
const own = prefix + config.version;
const shell = "./";

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => {
  if (event.data === "version" && event.source) event.source.postMessage({ fleetsize: config.version });
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
    const program = file === config.program;
    const address = new URL(program ? `${file}?v=${config.version}` : file, scope);
    const response = await fetch(address, { cache: program ? "default" : "reload" });
    if (!response.ok) throw new Error(`${file}: ${response.status}`);
    // A redirected response may not answer a navigation: store a plain copy.
    const plain = response.redirected ? new Response(response.body, { headers: response.headers }) : response;
    await cache.put(new URL(file, scope), plain);
  }));
  await self.skipWaiting();
}

// activate drops old versions but the last, from which pages still open may want a file. It takes pages
// over only when there was an older version: the first visit's page needs no replacement.
async function activate() {
  const older = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== own);
  await Promise.all(older.slice(0, -1).map((name) => caches.delete(name)));
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
  if (config.files.includes(file)) return stored(file, request, url.searchParams.get("v"));
  if (request.mode === "navigate") return fetch(request).catch(() => Response.redirect(scope.href));
  return undefined;
}

async function stored(file, request, version) {
  const address = new URL(file, scope);
  if (version && version !== config.version && (await caches.has(prefix + version))) {
    const older = await (await caches.open(prefix + version)).match(address);
    if (older) return older;
  }
  const cache = await caches.open(own);
  return (await cache.match(address)) || fetch(request);
}
