// An embed is a link with a picture until the reader asks for it: nothing comes from its host before
// the click. The frame takes the picture's place, so nothing moves; the link stays below it.
for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-embed]")) {
	link.onclick = (click) => {
		if (click.ctrlKey || click.metaKey || click.shiftKey || click.altKey) return; // she wants the page itself
		click.preventDefault();
		link.onclick = null;
		const frame = document.createElement("iframe");
		frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-popups");
		frame.referrerPolicy = "no-referrer";
		frame.loading = "lazy";
		frame.allow = "fullscreen";
		frame.title = link.querySelector(".t")!.textContent!;
		frame.src = link.dataset.embed!;
		delete link.dataset.embed;
		link.querySelector("picture, img")?.remove();
		link.before(frame);
		frame.focus({ preventScroll: true });
	};
}

// The share links work without this; with it, the device's own share sheet comes first, and copying
// and printing are added, which no plain link can do. The buttons stand in the page, and its style
// sheet shows them where scripts run: they have their place from the first moment.
const box = document.querySelector<HTMLElement>(".share");
if (box) {
	const url = document.querySelector<HTMLLinkElement>("link[rel=canonical]")?.href ?? location.href;
	const title = document.querySelector<HTMLMetaElement>("meta[property='og:title']")?.content ?? document.title;
	const said = document.createElement("p");
	said.className = "vh";
	said.role = "status";
	box.append(said);

	const acts: Record<string, ((button: HTMLButtonElement) => void) | undefined> = {
		// A reader who closes the sheet has changed her mind; that is no error.
		share: navigator.share && (() => void navigator.share({ title, url }).catch(() => {})),
		copy: navigator.clipboard && (async (button) => {
			try {
				await navigator.clipboard.writeText(url);
			} catch {
				prompt(button.textContent!, url); // the browser doesn't let us: she copies it herself
				return;
			}
			// The button keeps the word: one that changed back would move its neighbours under a finger.
			said.textContent = "";
			said.textContent = button.textContent = button.dataset.copied!;
		}),
		print: () => print(),
	};
	for (const button of box.querySelectorAll("button")) {
		const act = acts[button.value];
		if (act) button.onclick = () => act(button);
		else button.parentElement!.remove();
	}
}

// What is read is kept on the device, for when there is no connection: see offline.ts. A first visit's
// parts came before the worker did, which is told of them. Who saves data is left alone.
const worker = document.querySelector<HTMLScriptElement>("script[data-keep]")?.dataset.keep;
const net = (navigator as { connection?: { saveData?: boolean } }).connection;
if (worker && navigator.serviceWorker && !net?.saveData) {
	addEventListener("load", async () => {
		const first = !navigator.serviceWorker.controller;
		try {
			await navigator.serviceWorker.register(worker);
			const { active } = await navigator.serviceWorker.ready;
			if (first) active!.postMessage(performance.getEntriesByType("resource").map((part) => part.name));
		} catch {
			// The browser keeps nothing, as in a private window.
		}
	});
}

// A menu closes as one expects: with Escape, and when one goes elsewhere.
for (const menu of document.querySelectorAll<HTMLDetailsElement>("header details")) {
	const close = () => (menu.open = false);
	menu.addEventListener("keydown", (e) => {
		if (e.key === "Escape" && menu.open) {
			close();
			menu.querySelector("summary")!.focus();
		}
	});
	menu.addEventListener("focusout", (e) => e.relatedTarget && !menu.contains(e.relatedTarget as Node) && close());
	document.addEventListener("click", (e) => menu.contains(e.target as Node) || close());
}

// A reader who marks words in the text is offered to report them; without this the link below the text
// leads to a choice of places.
const report = document.querySelector<HTMLAnchorElement>(".err a");
if (report) {
	const here = report.cloneNode(true) as HTMLAnchorElement;
	here.className = "btn here";
	document.addEventListener("selectionchange", () => {
		const marked = getSelection()!;
		const block = !marked.isCollapsed && marked.anchorNode?.parentElement?.closest(".txt > [id]");
		if (!block) return void (here.matches(":hover, :focus") || here.remove());
		here.href = `${report.href}?block=${block.id.slice(2)}&quote=${encodeURIComponent(String(marked).slice(0, 300))}`;
		if (block.nextSibling !== here) block.after(here);
	});
}

export {};
