import { morph } from "../lib/dom.ts";
import { coming, live } from "../lib/live.ts";
import { say, unsay } from "../lib/message.ts";
import { Drafts } from "../lib/store.ts";
import { t } from "../lib/words.ts";
import { idle, wait } from "./forms.ts";
import { pageAnew } from "./strip.ts";

type Typed = Record<string, string>;

/** <depesche-running>: the screen of a running story. Ctrl and Enter send the form that one writes in; what is
 * typed for a new entry is kept through a crash until the server has it; without a connection the page stays, and
 * what is sent again bears the name that it had; rows follow what happens, but for those that one is at work in. */
export class RunningElement extends HTMLElement {
  private stop: (() => void) | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;
  private drafts: Drafts<Typed> | undefined;
  private sending = false;
  /** The form that goes as forms do. */
  private passed: HTMLFormElement | undefined;

  connectedCallback(): void {
    this.stop = live(coming(200, () => this.refresh()));
    this.addEventListener("keydown", (e) => this.key(e));
    this.addEventListener("input", (e) => this.typed(e));
    this.addEventListener("submit", (e) => void this.send(e));
    addEventListener("online", () => unsay(unsent));
    // What a page out of the browser's cache shows is old, and may have been sent; what wasn't is kept.
    addEventListener("pageshow", (e) => e.persisted && location.reload());
    if (document.readyState === "complete") this.arrive();
    else addEventListener("load", () => this.arrive(), { once: true });
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

  /** arrive puts the focus where the last act was: in its row, or in the field that it made. */
  private arrive(): void {
    const at = document.getElementById(location.hash.slice(1));
    const now = document.activeElement;
    if (!at || !this.contains(at) || (now !== at && now !== document.body)) return;
    ((at.matches(".other") && at.querySelector("textarea")) || at).focus();
  }

  private async send(e: SubmitEvent): Promise<void> {
    const form = e.target as HTMLFormElement;
    if (form === this.passed) return;
    e.preventDefault();
    if (this.sending) return;
    this.sending = true;
    unsay(unsent);
    const button = e.submitter as HTMLButtonElement | null;
    const text = form === this.form ? (form.elements.namedItem("text") as HTMLTextAreaElement) : null;
    const body = new URLSearchParams([...new FormData(form, button)] as [string, string][]);
    if (button) wait(button);
    if (text) text.readOnly = true;
    try {
      const to = text ? await post(form.action, body) : await reach();
      if (to && text) return await this.taken(form, text, to);
      // The server has something to say, or an act of a row is done: the page that it answers with comes.
      if (button) idle(button);
      if (!text && this.says(form)) await this.drafts?.drop();
      this.passed = form;
      form.requestSubmit(button);
      this.passed = undefined;
    } catch {
      if (button) idle(button);
      say(t("live_unsent"), { tone: "amber", stay: true, name: unsent });
    }
    if (text) text.readOnly = false;
    this.sending = false;
  }

  /** says tells whether a row takes what is in the box: it isn't to come back as an entry of its own. */
  private says(row: HTMLFormElement): boolean {
    const mine = (this.form?.elements.namedItem("text") as HTMLTextAreaElement | undefined)?.value;
    return !!mine && [...row.querySelectorAll("textarea")].some((f) => f.value === mine);
  }

  /** taken leaves nothing in the box to come back to, and goes on. */
  private async taken(form: HTMLFormElement, text: HTMLTextAreaElement, to: string): Promise<void> {
    await this.drafts?.drop();
    form.reset();
    text.value = "";
    location.replace(to);
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
    const refused = (this.form.elements.namedItem("text") as HTMLTextAreaElement).value !== "";
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
    // What was refused came back under a name of its own.
    if (refused) void this.drafts.keep(this.values());
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
      if (old.innerHTML !== row.innerHTML && !atWork(old)) {
        old.className = row.className;
        morph(old as HTMLElement, row.innerHTML);
      }
      last = old;
    }
  }
}

/** The name of the message that something wasn't sent. */
const unsent = "unsent";

/** post sends a new entry and returns where to go on; "" if it wasn't taken. It throws where nobody answers. */
async function post(action: string, body: URLSearchParams): Promise<string> {
  const res = await fetch(action, { method: "POST", headers: { Accept: "application/json" }, body, signal: AbortSignal.timeout(30_000), redirect: "manual" });
  if (res.status === 429 || res.status >= 500) throw new Error("no answer");
  return res.ok ? ((await res.json()) as { to: string }).to : "";
}

/** reach throws if the server can't be reached: the browser would show a page of its own for what is typed. */
async function reach(): Promise<void> {
  const res = await fetch("/healthz", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(10_000) });
  if (!res.ok) throw new Error("no answer");
}

/** atWork tells whether somebody is writing in a row. */
function atWork(row: Element): boolean {
  if (row.querySelector("details[open]")) return true;
  return [...row.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("textarea, input:not([type=hidden])")].some((f) => f.value !== f.defaultValue);
}
