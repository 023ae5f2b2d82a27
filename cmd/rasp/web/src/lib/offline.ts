// The service worker of a static site: it keeps the files of the site, so that pages open
// without a network. Which files, and their version, stands in files.json.

interface Files { version: string; files: string[] }
interface Event { waitUntil(work: Promise<unknown>): void; respondWith(response: Promise<Response>): void; request: Request }
const worker = self as unknown as { addEventListener(type: string, listener: (event: Event) => void): void; skipWaiting(): Promise<void>; clients: { claim(): Promise<void> } };

async function install() {
  const { version, files } = await (await fetch("files.json", { cache: "no-cache" })).json() as Files;
  const kept = await caches.open("rasp-" + version);
  await Promise.all(files.map(async file => {
    const response = await fetch(new Request(file, { cache: "no-cache" }));
    if (!response.ok) throw new Error(`${file}: ${response.status}`);
    // A host may send index.html on to ./, and a page that was sent on opens nowhere else.
    await kept.put(file, response.redirected ? new Response(await response.blob(), { headers: response.headers }) : response);
  }));
  await kept.put("files.json", new Response(JSON.stringify({ version, files })));
  for (const name of await caches.keys()) if (name.startsWith("rasp-") && name !== "rasp-" + version) await caches.delete(name);
  await worker.skipWaiting();
}

async function answer(request: Request): Promise<Response> {
  return await caches.match(request, { ignoreSearch: true }) ?? fetch(request);
}

worker.addEventListener("install", event => event.waitUntil(install()));
worker.addEventListener("activate", event => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", event => { if (event.request.method === "GET") event.respondWith(answer(event.request)); });
