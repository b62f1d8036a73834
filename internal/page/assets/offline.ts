// The service worker of the reader's pages: it keeps what was read on this device, and shows it again
// when there is no connection, saying how old it is. A page always comes from the paper first, so that
// nobody who is connected reads what was withdrawn or corrected meanwhile. The desk is none of its
// business. `paper` stands before this text in /sw.js, see reader/offline.go.

interface Words {
	offline: string; // "You are offline"
	kept: string; // "As of {date}"
	missing: string; // "This page isn't kept on this device"
	list: string; // what the page of kept pages is called
	forget: string; // "Remove all"
	tag: string; // the language that these words are in
}
declare const paper: { langs: Record<string, Words> };

interface Extendable extends Event {
	waitUntil(work: Promise<unknown>): void;
}
interface Fetch extends Extendable {
	request: Request;
	preloadResponse?: Promise<Response | undefined>;
	respondWith(answer: Promise<Response>): void;
}
interface Worker {
	skipWaiting(): Promise<void>;
	registration: ServiceWorkerRegistration;
	clients: { claim(): Promise<void> };
	addEventListener(type: "install" | "activate", act: (e: Extendable & { addRoutes?(routes: object): Promise<void> }) => void): void;
	addEventListener(type: "fetch", act: (e: Fetch) => void): void;
	addEventListener(type: "message", act: (e: Extendable & { data: string[]; source: { url: string } }) => void): void;
}
const worker = self as unknown as Worker;

// What is kept, at most: how many and how many bytes. The oldest leaves first.
const pages = { name: "depesche-pages-1", most: 40, bytes: 4 << 20 };
const media = { name: "depesche-media-1", most: 60, bytes: 8 << 20 };
const assets = { name: "depesche-assets-1", most: 30, bytes: 1 << 20 };
const frames = { name: "depesche-frames-1", most: 10, bytes: 1 << 20 }; // the pages that say what is kept
type Store = typeof pages;
const stores = [pages, media, assets, frames];

const savesData = () => Boolean((navigator as { connection?: { saveData?: boolean } }).connection?.saveData);

// langOf is the language of a page's address, "" for what is no page of ours.
const langOf = (path: string) => {
	const found = /^\/(?:text\/|offline\/)?([A-Za-z-]+)\//.exec(path)?.[1] ?? "";
	return found in paper.langs ? found : "";
};

// keyOf is the address under which a page is kept: without where a link was found.
const keyOf = (address: string) => {
	const url = new URL(address);
	const before = url.searchParams.get("before");
	return url.origin + url.pathname + (before ? "?before=" + encodeURIComponent(before) : "");
};

const find = async (store: Store, key: string) => (await caches.open(store.name)).match(key, { ignoreVary: true });

// moved finds a story by its number: its address without words, or with those of old, leads to the page
// where there is a connection.
async function moved(key: string) {
	const story = /^(\/(?:text\/)?[A-Za-z-]+\/\d+)(?:\/[^/]*)?$/.exec(new URL(key).pathname)?.[1];
	const cache = await caches.open(pages.name);
	const found = story && [...(await cache.keys())].reverse().find((r) => new URL(r.url).pathname.replace(/\/[^/]+$/, "") === story && !new URL(r.url).search);
	return found ? cache.match(found) : undefined;
}

// plain are the headers of bytes that have been unpacked.
function plain(from: Headers) {
	const headers = new Headers(from);
	for (const name of ["content-encoding", "content-length", "vary", "etag"]) headers.delete(name);
	return headers;
}

async function keep(store: Store, key: string, res: Response) {
	const body = await res.arrayBuffer();
	if (body.byteLength > store.bytes / 4) return;
	const headers = plain(res.headers);
	headers.set("x-kept", String(Date.now()));
	headers.set("x-size", String(body.byteLength));
	const cache = await caches.open(store.name);
	await cache.delete(key);
	await cache.put(key, new Response(body, { headers }));
	let count = 0;
	let bytes = 0;
	for (const old of [...(await cache.keys())].reverse()) {
		bytes += Number((await cache.match(old))?.headers.get("x-size"));
		if (++count > store.most || bytes > store.bytes) await cache.delete(old);
	}
}

const forget = async () => {
	for (const store of stores) await caches.delete(store.name);
};

const escape = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

const dated = (res: Response, words: Words) =>
	new Intl.DateTimeFormat(words.tag, { dateStyle: "long", timeStyle: "short" }).format(new Date(Number(res.headers.get("x-kept"))));

// noted is a kept page that says how old it is.
async function noted(res: Response, lang: string) {
	const words = paper.langs[lang]!;
	const note = `<p class="kept" role="status" lang="${words.tag}" dir="auto">${escape(words.offline)}. ${escape(words.kept.replace("{date}", dated(res, words)))}. <a href="/offline/${lang}/">${escape(words.list)}</a></p>`;
	return new Response((await res.text()).replace(/<body>/, (body) => body + note), { headers: res.headers });
}

// listed are the kept pages, newest first.
async function listed(words: Words) {
	const cache = await caches.open(pages.name);
	let items = "";
	for (const request of [...(await cache.keys())].reverse()) {
		const res = (await cache.match(request))!;
		const path = new URL(request.url).pathname + new URL(request.url).search;
		const lang = langOf(path);
		// What stands between the tags was escaped by the one who made the page.
		const title = /<title>([^<]*)/.exec(await res.text())?.[1]?.replace(/ \| [^|]*$/, "");
		if (title && lang) items += `<li class="card" lang="${lang}"><h2 class="t"><a href="${escape(path)}">${title}</a></h2><p class="by">${escape(dated(res, words))}</p></li>`;
	}
	return items && `<ul class="list">${items}</ul><p class="say"><a class="btn" href="forget">${escape(words.forget)}</a></p>`;
}

// contents is the page of kept pages, with what is kept in it; missed says that it stands for a page
// that could not be had.
async function contents(frame: Response | undefined, lang: string, missed: boolean) {
	const words = paper.langs[lang]!;
	let html = frame ? await frame.text() : `<!doctype html><html lang="${lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title></title><body><h1></h1><div id="kept"></div>`;
	const list = (await listed(words)).replace('href="forget"', `href="/offline/${lang}/forget"`);
	if (list) html = html.replace(/(<div id="kept">)[^]*?<\/div>/, (_, tag) => `${tag}${list}</div>`);
	if (missed) {
		html = html.replace(/(<title>)[^<|]*/, (_, tag) => `${tag}${escape(words.offline)} `);
		html = html.replace(/(<h1[^>]*>)[^<]*<\/h1>/, (_, tag) => `${tag}${escape(words.offline)}</h1><p class="about">${escape(words.missing)}</p>`);
	}
	return new Response(html, { status: missed ? 503 : 200, headers: frame ? plain(frame.headers) : { "Content-Type": "text/html; charset=utf-8" } });
}

// frame brings the empty page of kept pages, anew each week.
async function frame(lang: string) {
	const key = location.origin + `/offline/${lang}/`;
	const have = await find(frames, key);
	if (have && Number(have.headers.get("x-kept")) > Date.now() - 7 * 24 * 3600_000) return;
	if (savesData()) return;
	const res = await fetch(key).catch(() => undefined);
	if (res?.ok && !res.redirected) await keep(frames, key, res);
}

async function page(e: Fetch, lang: string): Promise<Response> {
	const url = new URL(e.request.url);
	const key = keyOf(e.request.url);
	const own = url.pathname.startsWith("/offline/");
	if (own && url.pathname.endsWith("/forget")) {
		await forget();
		return Response.redirect(`/offline/${lang}/`, 303);
	}
	try {
		const res = (await e.preloadResponse) ?? (await fetch(e.request));
		if (own) return res.ok ? contents(res, lang, false) : res;
		if (res.ok && res.headers.get("content-type")?.startsWith("text/html")) {
			e.waitUntil(Promise.all([keep(pages, key, res.clone()), frame(lang)]));
		} else if (res.status === 404 || res.status === 410 || res.type === "opaqueredirect") {
			e.waitUntil(caches.open(pages.name).then((cache) => cache.delete(key)));
		}
		return res;
	} catch {
		const have = own ? undefined : ((await find(pages, key)) ?? (await moved(key)));
		if (have) return noted(have, lang);
		return contents(await find(frames, location.origin + `/offline/${lang}/`), lang, !own);
	}
}

// file is what never changes under its name: once kept, it isn't asked for again.
async function file(e: Extendable, store: Store, request: Request | string): Promise<Response> {
	const key = typeof request === "string" ? request : request.url;
	const have = await find(store, key);
	if (have) return have;
	const res = await fetch(request);
	if (res.status === 200 && res.type === "basic" && !(store === media && savesData())) e.waitUntil(keep(store, key, res.clone()));
	return res;
}

const storeOf = (url: URL) => (url.origin !== location.origin ? undefined : url.pathname.startsWith("/assets/") ? assets : url.pathname.startsWith("/media/") ? media : undefined);

worker.addEventListener("install", (e) => {
	e.waitUntil(worker.skipWaiting());
	const desk = e.addRoutes?.({ condition: { urlPattern: { pathname: "/desk/*" } }, source: "network" });
	if (desk) e.waitUntil(desk.catch(() => {}));
});

worker.addEventListener("activate", (e) => {
	const names = stores.map((store) => store.name);
	e.waitUntil(
		Promise.all([
			worker.clients.claim(),
			worker.registration.navigationPreload?.enable(),
			caches.keys().then((all) => Promise.all(all.filter((name) => name.startsWith("depesche-") && !names.includes(name)).map((name) => caches.delete(name)))),
		]),
	);
});

// The page that brought this worker was there before it, and tells what it is made of. All of that
// lies in the browser's own cache.
worker.addEventListener("message", (e) => {
	const at = new URL(e.source.url);
	const lang = langOf(at.pathname);
	if (!lang || at.origin !== location.origin) return;
	const parts = e.data.map(async (address) => {
		const store = storeOf(new URL(address));
		if (store) await file(e, store, address);
	});
	const first = async () => {
		const res = await fetch(at.href.split("#")[0]!);
		if (res.ok && !res.redirected) await keep(pages, keyOf(at.href), res);
	};
	e.waitUntil(Promise.allSettled([...parts, at.pathname.startsWith("/offline/") || first(), frame(lang)]));
});

worker.addEventListener("fetch", (e) => {
	const url = new URL(e.request.url);
	if (e.request.method !== "GET" || url.origin !== location.origin) return;
	if (e.request.mode === "navigate") {
		const lang = langOf(url.pathname);
		if (lang) e.respondWith(page(e, lang));
		return;
	}
	const store = storeOf(url);
	if (store && !e.request.headers.has("range")) e.respondWith(file(e, store, e.request));
});

export {};
