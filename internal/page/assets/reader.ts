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

// The share links work without this; with it, the device's own share sheet comes first, and
// copying and printing are added, which no plain link can do.
const box = document.querySelector<HTMLElement>(".share");
if (box) {
	const list = box.querySelector("ul")!;
	const url = document.querySelector<HTMLLinkElement>("link[rel=canonical]")?.href ?? location.href;
	const title = document.querySelector<HTMLMetaElement>("meta[property='og:title']")?.content ?? document.title;
	const said = document.createElement("p");
	said.className = "vh";
	said.role = "status";
	box.append(said);

	const add = (word: string, first: boolean, act: (button: HTMLButtonElement) => void) => {
		const item = document.createElement("li");
		const button = document.createElement("button");
		button.type = "button";
		button.className = "btn";
		button.textContent = word;
		button.onclick = () => act(button);
		item.append(button);
		first ? list.prepend(item) : list.append(item);
	};

	const { share, copy, copied, print: printing } = box.dataset as Record<string, string>;
	if (navigator.clipboard) {
		add(copy, true, async (button) => {
			try {
				await navigator.clipboard.writeText(url);
			} catch {
				prompt(copy, url); // the browser doesn't let us: she copies it herself
				return;
			}
			said.textContent = button.textContent = copied;
			setTimeout(() => {
				button.textContent = copy;
				said.textContent = "";
			}, 4000);
		});
	}
	// A reader who closes the sheet has changed her mind; that is no error.
	if (navigator.share) add(share, true, () => void navigator.share({ title, url }).catch(() => {}));
	add(printing, false, () => print());
}
