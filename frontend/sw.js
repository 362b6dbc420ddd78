// The app without a network: all files of one version, and the page for every address of the app.
// Messages are not kept here; they lie in the account's local store. The build writes the FILES, whose
// names are made of their content, and the VERSION in front, which is made of all of them.
const CACHE = `tideline-${VERSION}`;
const PAGE = "/";
// What another app handed over, until the app has taken it: `frontend/src/screens/received.rs`.
const SHARED = "shared";
// What notifications say, in the app's language, as its pages taught it.
const WORDS = "/words";

addEventListener("install", (event) => event.waitUntil(fill()));
addEventListener("activate", (event) => event.waitUntil(takeOver()));
// A newer version waits until somebody wants it: frontend/update.js.
addEventListener("message", (event) => {
  event.waitUntil(event.data === "take" ? skipWaiting() : learn(event.data));
});
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

// Something came while the app is closed: `frontend/src/screens/alerts.rs`.
addEventListener("push", (event) => {
  if (event.data) event.waitUntil(tell(event.data.json()));
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

// One notification a conversation: the newest takes the place of an earlier one, by its path.
async function tell({ conversation, title, unread, author, text, holds }) {
  const words = await (await caches.match(WORDS))?.json();
  const said = text || words?.[holds] || words?.message || "";
  const path = `/c/${conversation}`;
  await registration.showNotification(title || words?.notes || "Tideline", {
    body: author ? `${author}${words?.colon ?? ": "}${said}` : said,
    tag: path,
    renotify: true,
    icon: "/icon-192.png",
    data: path,
  });
  await navigator.setAppBadge?.(unread);
}

async function learn(words) {
  const cache = await caches.open("words");
  await cache.put(WORDS, new Response(words));
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
