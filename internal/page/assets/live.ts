// A running story: new entries wait behind a button and never push what is being read; corrected ones are
// replaced where they stand, withdrawn ones go. Without this the page is whole, as it was when it was asked for.
export {}; // a module: its names aren't the window's

interface Told { n: number; t: number; at?: number; html?: string; key?: string }

const box = document.querySelector<HTMLElement>("[data-live]")!;
const head = document.getElementById("live-h")!;
const say = document.getElementById("live-say")!;
const forms = JSON.parse(box.dataset.new!) as Record<string, string>;
const rules = new Intl.PluralRules(document.documentElement.lang);
const waiting = new Map<number, Told>();
let since = box.dataset.since!;
let source: EventSource | undefined;
let tries = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

const bar = document.createElement("div");
bar.className = "more-live";
bar.hidden = true;
const button = document.createElement("button");
button.type = "button";
bar.append(button);
const quiet = document.createElement("p");
quiet.className = "by";
say.after(quiet, bar);
const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "numeric", minute: "numeric" });

const entries = () => [...box.querySelectorAll<HTMLElement>(".entry")];
const at = (e: HTMLElement) => Number(e.dataset.at);
const made = (html: string) => {
	const t = document.createElement("template");
	t.innerHTML = html;
	return t.content.firstElementChild as HTMLElement;
};

// What is read stays where it is, whatever becomes of what stands above.
const still = (change: () => void) => {
	const held = entries().find((e) => e.getBoundingClientRect().bottom > 0);
	const top = held?.getBoundingClientRect().top ?? 0;
	change();
	if (held?.isConnected && box.getBoundingClientRect().top < 0) scrollBy({ top: held.getBoundingClientRect().top - top, behavior: "instant" });
};

const tell = (text: string) => {
	if (quiet.textContent !== text) still(() => (quiet.textContent = text));
};

// Its place is by its time; a day's first entry brings the day.
const put = (e: HTMLElement) => {
	const below = entries().find((x) => at(x) < at(e));
	const last = entries().pop();
	if (below) below.before(e);
	else if (last) last.after(e);
	else box.append(e);
	for (const h of box.querySelectorAll(".day")) h.remove();
	let day = "";
	for (const x of entries()) {
		if (x.dataset.day !== day) {
			const h = document.createElement("h3");
			h.className = "day";
			h.textContent = day = x.dataset.day!;
			x.before(h);
		}
	}
	box.querySelector(".say")?.remove();
};

const count = () => {
	const n = waiting.size;
	const text = n ? (forms[rules.select(n)] ?? forms.other!).replace("{n}", String(n)) : "";
	bar.hidden = !n;
	button.textContent = text;
	if (say.textContent !== text) say.textContent = text;
};

const take = (x: Told) => {
	const old = document.getElementById("e" + x.n);
	if (!x.html) {
		waiting.delete(x.n);
		if (old) still(() => old.remove());
	} else if (old) {
		if (old.dataset.turn === String(x.t)) return;
		still(() => {
			old.remove();
			put(made(x.html!));
		});
	} else {
		// What is older than all that stands here is on a page of its own, if there is one.
		const list = entries();
		if (list.length && x.at! < at(list[list.length - 1]!) && box.querySelector("[rel=next]")) return;
		waiting.set(x.n, x);
	}
	count();
};

// The story so far says nothing of what was withdrawn, and what was corrected as it is now. New rows come with the
// next page: they would push what is being read.
const keys = () => document.querySelector(".box.live");
const keep = (x: Told) => {
	const row = keys()?.querySelector(`[href$="/${x.n}"]`)?.closest("li");
	if (!row || row.outerHTML === x.key) return;
	still(() => {
		row.outerHTML = x.key ?? "";
		if (!keys()!.querySelector("li")) keys()!.remove();
	});
};

button.onclick = () => {
	const list = [...waiting.values()].sort((a, b) => a.at! - b.at!);
	waiting.clear();
	let first: HTMLElement | undefined;
	for (const x of list) put((first = made(x.html!)));
	count();
	if (!first) return;
	first.tabIndex = -1;
	first.focus({ preventScroll: true });
	if (first.getBoundingClientRect().top < 0) first.scrollIntoView();
};

// A page that was away longer than can be told looks at itself anew, as far back as it reaches.
const look = async () => {
	const mine = [...entries(), ...[...waiting.values()].map((x) => made(x.html!))];
	const there = new Set<string>();
	const end = Math.min(...mine.map(at));
	let fresh: HTMLElement | null = null;
	let last = Infinity;
	for (let next: string | undefined = location.pathname, pages = 0; next && pages < 9; pages++) {
		const answer = await fetch(next, { headers: { Accept: "text/html" } });
		if (!answer.ok) return answer.status === 410 && location.reload();
		const page = new DOMParser().parseFromString(await answer.text(), "text/html");
		if (!pages) {
			fresh = page.querySelector<HTMLElement>("[data-live]");
			since = fresh?.dataset.since ?? since;
			const now = page.querySelector(".box.live");
			still(() => (now ? keys()?.replaceWith(now) : keys()?.remove()));
			if (!fresh) over(page.getElementById("live-h")?.textContent ?? "");
		}
		for (const e of [...page.querySelectorAll<HTMLElement>(".entry")].reverse()) {
			there.add(e.id);
			last = Math.min(last, at(e));
			take({ n: Number(e.id.slice(1)), t: Number(e.dataset.turn), at: at(e), html: e.outerHTML });
		}
		next = page.querySelector(".stream [rel=next]")?.getAttribute("href") ?? undefined;
		if (!next) last = -Infinity;
		if (last <= end) break;
	}
	// What stands here and isn't there any more was withdrawn.
	for (const e of mine) if (!there.has(e.id) && at(e) >= last) take({ n: Number(e.id.slice(1)), t: 0 });
};

const over = (word: string) => {
	tries = -1;
	stop();
	head.className = "k";
	head.textContent = word;
};

const stop = () => {
	source?.close();
	source = undefined;
	clearTimeout(timer);
};

// Not all at once, and rarer the longer it doesn't go.
const later = () => {
	stop();
	timer = setTimeout(open, Math.min(120, 3 * 2 ** tries++) * 1000 * (0.5 + Math.random()));
};

const open = () => {
	stop();
	if (document.hidden || tries < 0) return;
	if (tries > 1) void look().catch(() => {});
	source = new EventSource(`${box.dataset.live}?since=${since}`);
	source.onopen = () => {
		tries = 0;
		tell("");
	};
	source.onerror = () => {
		// Since when nothing has come; a moment without a network is nothing to speak of.
		if (!quiet.textContent && tries) tell(box.dataset.still!.replace("{time}", clock.format()));
		if (source?.readyState === EventSource.CLOSED) later();
		else tries ||= 1;
	};
	source.addEventListener("entry", (e) => {
		since = e.lastEventId || since;
		const x = JSON.parse(e.data) as Told;
		take(x);
		keep(x);
	});
	source.addEventListener("lost", () => void look().catch(() => {}));
	source.addEventListener("over", (e) => over((JSON.parse(e.data) as { word: string }).word));
	source.addEventListener("gone", () => setTimeout(() => location.reload(), Math.random() * 1000));
};

document.addEventListener("visibilitychange", () => {
	// A page that nobody sees needs no connection; one that is looked at again asks for what it missed.
	clearTimeout(timer);
	if (document.hidden) timer = setTimeout(stop, 30_000);
	else if (!source) open();
});
open();
