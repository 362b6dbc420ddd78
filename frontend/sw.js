// The app without a network: all files of one version, and the page for every address of the app.
// Messages are not kept here; they lie in the account's local store. The build writes the FILES, whose
// names are made of their content, and the VERSION in front, which is made of all of them.
const CACHE = `tideline-${VERSION}`;
const PAGE = "/";
// What another app handed over, until the app has taken it: `frontend/src/screens/received.rs`.
const SHARED = "shared";

addEventListener("install", (event) => event.waitUntil(fill()));
addEventListener("activate", (event) => event.waitUntil(takeOver()));
// A newer version waits until somebody wants it: frontend/update.js.
addEventListener("message", (event) => event.data === "take" && event.waitUntil(skipWaiting()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin || pathname.startsWith("/api/")) return;
  const isPage = request.mode === "navigate";
  if (pathname === "/share" && request.method === "POST") return event.respondWith(receive(request));
  if (pathname.startsWith("/share/") && !isPage) return event.respondWith(handOver(pathname));
  if (request.method !== "GET") return;
  const name = FILES.includes(pathname) ? pathname : isPage ? PAGE : undefined;
  if (name) event.respondWith(answer(name, request));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(show(event.notification.data));
});

async function fill() {
  const cache = await caches.open(CACHE);
  const fetched = FILES.map(async (file) => {
    // A name that an earlier version had, too, has the same content.
    const known = file.startsWith("/assets/") ? await caches.match(file) : undefined;
    await (known ? cache.put(file, known) : cache.add(file));
  });
  await Promise.all([...fetched, cache.add(new Request(PAGE, { cache: "no-cache" }))]);
}

async function takeOver() {
  const old = (await caches.keys()).filter((name) => name.startsWith("tideline-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
}

// Browsers may throw away what is kept.
async function answer(name, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(name)) ?? fetch(request);
}

// A page that is open goes there; else one opens.
async function show(path) {
  const pages = await clients.matchAll({ type: "window" });
  const page = pages.find(({ focused }) => focused) ?? pages[0];
  if (!page) return clients.openWindow(path);
  page.postMessage({ go: path });
  return page.focus();
}

async function receive(request) {
  await caches.delete(SHARED);
  const [cache, form] = await Promise.all([caches.open(SHARED), request.formData()]);
  const words = ["title", "text", "url"].map((part) => form.get(part)).filter(Boolean).join("\n");
  const files = form.getAll("files");
  const names = files.map(({ name }) => name);
  const puts = files.map((file, n) => cache.put(`/share/${n}`, new Response(file)));
  await Promise.all([...puts, cache.put("/share/list", Response.json({ words, files: names }))]);
  return Response.redirect("/share", 303);
}

async function handOver(path) {
  if (path === "/share/done") return Response.json(await caches.delete(SHARED));
  const cache = await caches.open(SHARED);
  return (await cache.match(path)) ?? new Response(null, { status: 204 });
}
