import { say } from "../lib/message.ts";
import { t } from "../lib/words.ts";

/** Panel is what stands beside the rows: findings, terms, memory. One is shown at a time; its tabs are links, which
 * lead to the parts where no script runs. */
export class Panel {
  private readonly tabs = [...document.querySelectorAll<HTMLAnchorElement>("#panel-tabs a")];
  private current = "";

  constructor(private readonly insert: (text: string) => void, private readonly back: () => void) {
    if (!this.tabs.length) return;
    for (const tab of this.tabs) tab.setAttribute("role", "tab");
    document.getElementById("panel-tabs")!.setAttribute("role", "tablist");
    this.show("checklist");
    this.fresh();
    const panel = document.getElementById("panel")!;
    panel.addEventListener("click", (e) => this.click(e));
    panel.addEventListener("keydown", (e) => this.key(e));
    panel.addEventListener("submit", (e) => void this.find(e));
  }

  /** show shows one part. */
  show(id: string): void {
    for (const tab of this.tabs) {
      const on = tab.hash === "#" + id;
      const part = document.getElementById(tab.hash.slice(1));
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      if (part) part.hidden = !on;
    }
  }

  /** row puts the terms of a row first. */
  row(id: string): void {
    this.current = id;
    this.fresh();
  }

  /** fresh goes over what the server sent. */
  fresh(): void {
    const n = document.getElementById("findings-n");
    if (n) n.textContent = String(document.querySelectorAll("#checklist li:is([data-severity=error], [data-severity=warning]):not([data-aside])").length || "");
    for (const card of document.querySelectorAll<HTMLElement>(".term-card")) {
      card.toggleAttribute("data-here", (card.dataset.rows ?? "").split(" ").includes(this.current));
    }
  }

  /** terms goes to the terms of the row. */
  terms(): void {
    this.open("terms");
    const here = document.querySelector<HTMLElement>(".term-card[data-here] [data-insert]");
    (here ?? document.querySelector<HTMLElement>("#terms [data-insert]") ?? document.getElementById("terms"))?.focus();
  }

  /** search goes to the search of the memory, with the words that are selected. */
  search(): void {
    const words = getSelection()?.toString().trim() ?? "";
    this.open("memory");
    const input = document.querySelector<HTMLInputElement>("#memory-q");
    if (words && input) input.value = words;
    input?.focus();
    input?.select();
  }

  /** open shows a part, also where the panel is a drawer. */
  private open(id: string): void {
    this.show(id);
    const opener = document.querySelector<HTMLElement>(".panel-open");
    if (opener?.checkVisibility()) opener.click();
  }

  private click(e: Event): void {
    const el = e.target as Element;
    const tab = el.closest<HTMLAnchorElement>("#panel-tabs a");
    const put = el.closest<HTMLElement>("[data-insert]");
    const place = el.closest<HTMLAnchorElement>("#checklist a[href^='#u-']");
    if (tab) {
      e.preventDefault();
      this.show(tab.hash.slice(1));
      tab.focus();
    } else if (put) {
      this.close();
      this.insert(put.dataset.insert ?? "");
    } else if (place) {
      e.preventDefault();
      this.close();
      document.querySelector<HTMLElement>(place.hash + " :is(.unit-shown, .unit-text)")?.focus();
      document.querySelector(place.hash)?.scrollIntoView({ block: "nearest" });
    }
  }

  private key(e: KeyboardEvent): void {
    const el = e.target as HTMLElement;
    const ctrl = e.ctrlKey || e.metaKey;
    if ((ctrl && e.key.toLowerCase() === "g") || (e.key === "Escape" && !el.closest("dialog"))) {
      e.preventDefault();
      this.close();
      this.back();
      return;
    }
    const at = this.tabs.indexOf(el as HTMLAnchorElement);
    const step = e.key === "ArrowRight" ? 1 : e.key === "ArrowLeft" ? -1 : 0;
    if (at < 0 || !step) return;
    e.preventDefault();
    const next = this.tabs[(at + step + this.tabs.length) % this.tabs.length]!;
    this.show(next.hash.slice(1));
    next.focus();
  }

  private close(): void {
    const panel = document.getElementById("panel");
    if (panel) delete panel.dataset.open;
  }

  /** find looks a phrase up in the memory, in place. */
  private async find(e: SubmitEvent): Promise<void> {
    const form = (e.target as Element).closest<HTMLFormElement>("form[data-search]");
    if (!form) return;
    e.preventDefault();
    e.stopPropagation();
    const out = document.getElementById("memory-found");
    try {
      const q = new URLSearchParams({ q: form.querySelector<HTMLInputElement>("[name=q]")?.value ?? "" });
      const res = await fetch(`${form.dataset.search}?${q}`, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(20_000), redirect: "manual" });
      const answer = (await res.json().catch(() => ({}))) as { html?: string; message?: string; errors?: { message: string }[] };
      if (out) out.innerHTML = res.ok ? (answer.html ?? "") : "";
      if (!res.ok) say(answer.errors?.[0]?.message ?? answer.message ?? t("server_trouble"), { tone: "signal" });
    } catch {
      say(t("offline"), { tone: "amber" });
    }
  }
}
