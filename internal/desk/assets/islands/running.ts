import { morph } from "../lib/dom.ts";
import { coming, live } from "../lib/live.ts";
import { Drafts } from "../lib/store.ts";
import { t } from "../lib/words.ts";
import { pageAnew } from "./strip.ts";

type Typed = Record<string, string>;

/** <depesche-running>: the screen of a running story. Ctrl and Enter send the form that one writes in; what is
 * typed for a new entry is kept through a crash until the server has it; rows follow what happens, but for those
 * that one is at work in. */
export class RunningElement extends HTMLElement {
  private stop: (() => void) | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;
  private drafts: Drafts<Typed> | undefined;

  connectedCallback(): void {
    this.stop = live(coming(200, () => this.refresh()));
    this.addEventListener("keydown", (e) => this.key(e));
    this.addEventListener("input", (e) => this.typed(e));
    void this.restore();
    void this.here();
    this.timer = setInterval(() => void this.here(), 15_000);
  }

  disconnectedCallback(): void {
    this.stop?.();
    clearInterval(this.timer);
  }

  private get form(): HTMLFormElement | null {
    return this.querySelector<HTMLFormElement>("#write");
  }

  private key(e: KeyboardEvent): void {
    if (e.key !== "Enter" || !(e.ctrlKey || e.metaKey) || e.isComposing) return;
    const form = (e.target as HTMLElement).closest("form");
    const button = form?.querySelector<HTMLButtonElement>("button.primary") ?? form?.querySelector("button");
    if (!form || !button) return;
    e.preventDefault();
    form.requestSubmit(button);
  }

  private values(): Typed {
    const out: Typed = {};
    for (const [name, value] of new FormData(this.form!)) if (typeof value === "string") out[name] = value;
    return out;
  }

  private typed(e: Event): void {
    if (!this.form?.contains(e.target as Node)) return;
    void this.drafts?.keep(this.values());
    this.querySelector("#kept")!.textContent = t("live_kept");
  }

  /** restore brings back what a page that went away had not got the server's answer for. */
  private async restore(): Promise<void> {
    if (!this.form) return;
    this.drafts = new Drafts<Typed>("live:" + this.dataset.story);
    const left = await this.drafts.orphans(() => {});
    for (const kept of left) {
      const text = this.form.elements.namedItem("text") as HTMLTextAreaElement;
      // The server has it already, or there is something here.
      if (kept.value.sent === this.dataset.sent || !kept.value.text || text.value) {
        if (kept.value.sent === this.dataset.sent) void this.drafts.forget(kept.name);
        continue;
      }
      for (const [name, value] of Object.entries(kept.value)) {
        const field = this.form.elements.namedItem(name);
        if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = true;
        else if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement) field.value = value;
      }
      this.querySelector("#kept")!.textContent = t("live_again");
      void this.drafts.keep(this.values());
      void this.drafts.forget(kept.name);
    }
  }

  /** here tells who else is at the story. */
  private async here(): Promise<void> {
    const edition = this.dataset.edition;
    if (!edition || document.hidden) return;
    try {
      const res = await fetch(`/desk/editions/${edition}/presence`, { method: "POST", body: new URLSearchParams({ block: "" }), headers: { Accept: "application/json" } });
      const { people } = (await res.json()) as { people: { name: string }[] };
      this.querySelector("#at-hand")!.textContent = people.length ? t("live_here", { names: people.map((p) => p.name).join(", ") }) : "";
    } catch {
      // Who is here is nobody's work.
    }
  }

  private async refresh(): Promise<void> {
    const page = await pageAnew();
    const list = this.querySelector(".entries");
    const fresh = page?.querySelector(".entries");
    if (!list || !fresh) return;
    const rows = new Map(Array.from(list.children, (row) => [row.id, row]));
    let last: Element | null = null;
    for (const row of Array.from(fresh.children)) {
      const old = rows.get(row.id);
      rows.delete(row.id);
      if (!old) {
        if (last) last.after(row);
        else list.prepend(row);
        last = row;
        continue;
      }
      if (old.innerHTML !== row.innerHTML && !old.matches(":focus-within") && !old.querySelector("details[open]")) {
        old.className = row.className;
        morph(old as HTMLElement, row.innerHTML);
      }
      last = old;
    }
  }
}
