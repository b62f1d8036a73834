// The panel is a drawer on narrow screens. Without a script its link is an anchor (:target); with one it
// takes the focus, Escape closes it, and the way back in the history is not littered.

export function panel(): void {
  // Lists of places that scroll on a phone begin with where one is.
  document.querySelector(".sublist [aria-current], .segments [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
  const drawer = document.getElementById("panel");
  if (!drawer) return;
  beside();
  let opener: HTMLElement | null = null;
  const close = (): void => {
    if (!("open" in drawer.dataset)) return;
    delete drawer.dataset.open;
    opener?.focus();
  };
  document.addEventListener("click", (e) => {
    const link = (e.target as Element).closest<HTMLElement>(".panel-open, .panel-close");
    if (link?.classList.contains("panel-open")) {
      e.preventDefault();
      opener = link;
      drawer.dataset.open = "";
      drawer.tabIndex = -1;
      drawer.focus();
    } else if (link) {
      if ("open" in drawer.dataset) e.preventDefault();
      close();
    } else if (!drawer.contains(e.target as Node)) close();
  });
  drawer.addEventListener("keydown", (e) => {
    if (e.key === "Escape") close();
  });
}

// beside tells the styles how high what sticks at the top is, which wraps as it has to: the screen's head
// alone, and all that is above the panel.
function beside(): void {
  const parts = [".bar", ".tools"].map((s) => document.querySelector<HTMLElement>(`.main > ${s}`)).filter((el) => el !== null);
  const measure = (): void => {
    const [head = 0, tools = 0] = parts.map((el) => Math.ceil(el.getBoundingClientRect().height));
    document.documentElement.style.setProperty("--head", `${head}px`);
    document.documentElement.style.setProperty("--above", `${head + tools}px`);
  };
  const watch = new ResizeObserver(measure);
  for (const el of parts) watch.observe(el);
}
