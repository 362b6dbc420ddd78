// Keeps the app on the device (frontend/sw.js), and in time. The page is told `tideline-update` when a
// newer version waits, and says `tideline-take` when the person wants it, `tideline-renew` when the
// service speaks to this one no more. `frontend/src/browser/update.rs` is the other end.

// How often a page that stays open asks for a newer version, at most.
const AGAIN_MS = 60 * 60 * 1000;

const container = navigator.serviceWorker;

export async function keep() {
  // Absent on plain addresses of a local network, refused in some private windows.
  const registration = await container?.register("/sw.js").catch(() => undefined);
  if (!registration) return;
  const offer = () => {
    if (registration.waiting && container.controller) dispatchEvent(new Event("tideline-update"));
  };
  offer();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", offer);
  });
  addEventListener("tideline-take", () => registration.waiting?.postMessage("take"));
  // The first one takes over a page that is whole; each later one needs another page.
  let isFirst = !container.controller;
  container.addEventListener("controllerchange", () => {
    if (!isFirst) location.reload();
    isFirst = false;
  });
  // Somebody clicked on a notification.
  container.addEventListener("message", ({ data }) => {
    if (!data?.go) return;
    history.pushState((history.state ?? 0) + 1, "", data.go);
    dispatchEvent(new PopStateEvent("popstate"));
  });
  let asked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || Date.now() - asked < AGAIN_MS) return;
    asked = Date.now();
    // Fails without a network.
    registration.update().catch(() => undefined);
  });
}

addEventListener("tideline-renew", async () => {
  const registration = await container?.getRegistration().catch(() => undefined);
  await registration?.unregister();
  location.reload();
});
