import { h, morph } from "../lib/dom.ts";
import { say, unsay } from "../lib/message.ts";
import { Drafts } from "../lib/store.ts";
import { t } from "../lib/words.ts";
import { Numbers } from "./marks.ts";

/** What waits for the server: the text of a row, and what was asked for it. */
interface Waiting { text: string; act: Act; reason?: string }
type Act = "save" | "confirm" | "still" | "adapt" | "add" | "drop";
const acts: readonly string[] = ["confirm", "still", "adapt", "add", "drop"] satisfies Act[];
type Kept = Record<string, Waiting & { base: number; sourceRev: string }>;

interface Answer {
  revision?: number;
  text?: string;
  stateHTML?: string;
  notesHTML?: string;
  sourceHTML?: string;
  shownHTML?: string;
  sourceRev?: number;
  progress?: string;
  meterHTML?: string;
  panelHTML?: string;
  theirs?: string;
  by?: string;
  message?: string;
  errors?: { message: string }[];
}

const pause = 1500;

/**
 * <depesche-units>: translating by keyboard. Each row is saved by itself soon after one pauses; what the
 * server has not acknowledged is kept on the device as the editor's text is.
 */
export class UnitsElement extends HTMLElement {
  private readonly rows = new Map<string, Row>();
  private drafts!: Drafts<Kept>;
  private readonly waiting = new Map<string, Waiting>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running = false;
  private tries = 0;

  connectedCallback(): void {
    if (this.drafts) return;
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => this.start(), { once: true });
    else this.start();
  }

  private start(): void {
    this.drafts = new Drafts(this.dataset.draftKey ?? location.pathname);
    for (const tr of this.querySelectorAll<HTMLElement>("tr.unit")) {
      const row = new Row(tr, Number(this.dataset.base ?? 0));
      this.rows.set(row.address, row);
      row.area.addEventListener("input", () => this.typed(row));
      row.area.addEventListener("focus", () => this.current(row));
      row.area.addEventListener("blur", () => this.waiting.has(row.address) && void this.flush());
    }
    this.addEventListener("keydown", (e) => this.key(e));
    this.addEventListener("click", (e) => this.take(e));
    this.submits();
    addEventListener("online", () => void this.flush());
    document.addEventListener("visibilitychange", () => void this.flush());
    addEventListener("pagehide", () => this.last());
    addEventListener("beforeunload", (e) => {
      if (this.waiting.size && this.drafts.failed) e.preventDefault();
    });
    const target = location.hash.startsWith("#u-") ? document.getElementById(location.hash.slice(1)) : null;
    const first = [...this.rows.values()].find((r) => r.tr === target) ?? [...this.rows.values()].find((r) => !r.done) ?? [...this.rows.values()][0];
    if (first) this.current(first);
    void this.restore();
  }

  /** submits answers the rows' own buttons, and lets other forms of the page go only when all rows are stored. */
  private submits(): void {
    document.addEventListener("submit", (e) => {
      const form = e.target as HTMLFormElement;
      const button = e.submitter as HTMLButtonElement | null;
      if (this.contains(form)) {
        e.preventDefault();
        e.stopImmediatePropagation();
        const row = button && [...this.rows.values()].find((r) => r.address === button.value);
        if (row && acts.includes(button.name)) this.act(row, button.name as Act);
        else void this.flush();
      } else if (this.waiting.size && form.method === "post") {
        e.preventDefault();
        e.stopImmediatePropagation();
        void this.flush().then(() => (this.waiting.size ? say(t("offline_act"), { tone: "signal", name: "sync" }) : form.requestSubmit(button)));
      }
    }, { capture: true });
  }

  private async restore(): Promise<void> {
    for (const kept of await this.drafts.orphans((left) => void this.takeBack(left))) await this.takeBack(kept);
  }

  /** takeBack puts a draft's rows in, but for those that something was typed into here. */
  private async takeBack(kept: { name: string; at: number; value: Kept }): Promise<void> {
    let whole = true;
    for (const [address, w] of Object.entries(kept.value)) {
      const row = this.rows.get(address);
      if (!row || (row.value === w.text && w.act === "save")) continue;
      if (this.waiting.has(address)) {
        whole = false; // the next page finds it
        continue;
      }
      row.set(w.text);
      this.waiting.set(address, { text: w.text, act: w.act, ...(w.reason ? { reason: w.reason } : {}) });
      row.base = w.base;
    }
    await this.keep();
    if (whole) await this.drafts.forget(kept.name);
    if (!this.waiting.size) return;
    say(t("restored", { time: this.time(kept.at) }), { stay: true });
    void this.flush();
  }

  private typed(row: Row): void {
    row.fit();
    row.plain();
    row.area.removeAttribute("aria-invalid");
    // What differs on purpose and waits for the server still does, with another text; a confirmation was of the old one.
    const was = this.waiting.get(row.address);
    if (was?.reason) this.waiting.set(row.address, { ...was, text: row.value });
    else if (row.value === row.saved && was?.act !== "confirm") this.waiting.delete(row.address);
    else this.waiting.set(row.address, { text: row.value, act: "save" });
    void this.keep();
    this.later(pause);
  }

  private act(row: Row, act: Act): void {
    const differs = act === "adapt" || act === "add" || act === "drop";
    const reason = differs ? row.reason() : "";
    if (reason === undefined) return;
    this.waiting.set(row.address, { text: row.value, act, ...(reason ? { reason } : {}) });
    void this.keep();
    void this.flush();
  }

  /** again asks once more for what clashed, on the other's text now. */
  private again(row: Row, w: Waiting): void {
    this.waiting.set(row.address, { ...w, text: row.value, act: w.act === "save" ? "confirm" : w.act });
    void this.keep();
    void this.flush();
  }

  private keep(): Promise<void> {
    if (!this.waiting.size) return this.drafts.drop();
    const kept: Kept = {};
    for (const [address, w] of this.waiting) kept[address] = { ...w, base: this.rows.get(address)?.base ?? 0, sourceRev: this.rows.get(address)?.sourceRev ?? "" };
    return this.drafts.keep(kept).then(() => {
      if (this.drafts.failed) say(t("not_kept"), { tone: "signal", name: "kept" });
    });
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), ms);
  }

  /** flush sends what waits, row by row; a failure leaves it waiting. */
  private async flush(): Promise<void> {
    if (this.running || !this.waiting.size) return;
    this.running = true;
    clearTimeout(this.timer);
    try {
      for (const [address, w] of [...this.waiting]) {
        const row = this.rows.get(address);
        if (!row || this.waiting.get(address) !== w) continue;
        if (!(await this.send(row, w))) break;
      }
    } finally {
      this.running = false;
    }
    if (!this.waiting.size) return;
    // What follows a row that failed waits with it; a confirmation that came while another row was sent goes at once.
    if (this.tries) for (const address of this.waiting.keys()) this.rows.get(address)?.mark(t("unit_waits"));
    const asked = [...this.waiting.values()].some((w) => w.act !== "save");
    this.later(this.tries ? Math.min(60_000, 2000 * 2 ** this.tries) : asked ? 0 : pause);
  }

  private body(row: Row, w: Waiting): URLSearchParams {
    return new URLSearchParams({ address: row.address, text: w.text, act: w.act, reason: w.reason ?? "", base: String(row.base), sourceRev: row.sourceRev });
  }

  private async send(row: Row, w: Waiting): Promise<boolean> {
    let res: Response;
    let answer: Answer;
    try {
      res = await fetch(this.dataset.save ?? "", { method: "POST", body: this.body(row, w), headers: { Accept: "application/json" }, signal: AbortSignal.timeout(30_000), redirect: "manual" });
      answer = (await res.json().catch(() => ({}))) as Answer;
    } catch {
      return this.stays(row, t("offline"));
    }
    if (res.status === 401 || res.type === "opaqueredirect") return this.stays(row, t("signed_out"), true);
    if (res.status === 429 || res.status >= 500) return this.stays(row, t("server_trouble"));
    if (this.tries > 0) unsay("sync");
    this.tries = 0;
    if (res.status === 409) {
      row.base = answer.revision ?? row.base;
      this.waiting.delete(row.address);
      row.clash(answer.theirs ?? "", answer.by ?? "", w.text, () => this.again(row, w), () => this.typed(row));
      row.mark("");
      await this.keep();
      return true;
    }
    if (!res.ok) {
      this.waiting.delete(row.address);
      row.area.setAttribute("aria-invalid", "true");
      row.mark(t("not_saved", { why: answer.errors?.[0]?.message ?? answer.message ?? String(res.status) }));
      return true;
    }
    this.stored(row, w, answer);
    await this.keep();
    return true;
  }

  private stored(row: Row, w: Waiting, answer: Answer): void {
    row.base = answer.revision ?? row.base;
    if (this.waiting.get(row.address) === w) this.waiting.delete(row.address);
    row.saved = answer.text ?? w.text;
    // Written back only while nothing was typed since.
    if (row.value === w.text && answer.text !== undefined && answer.text !== w.text) row.set(answer.text);
    row.mark("");
    row.html(answer);
    row.plain();
    if (w.reason) row.differs(false);
    const progress = document.getElementById("units-progress");
    if (progress && answer.progress) progress.textContent = answer.progress;
    const meter = document.querySelector(".progressing .meter");
    if (meter && answer.meterHTML) meter.outerHTML = answer.meterHTML;
    morph(document.getElementById("checklist"), answer.panelHTML);
  }

  private stays(row: Row, why: string, signIn = false): false {
    if (this.tries++ === 0) {
      say(why, signIn ? { name: "sync", tone: "signal", link: { label: t("sign_in"), href: this.dataset.signIn ?? "/desk/sign-in", blank: true } } : { name: "sync", stay: true, tone: "amber" });
    }
    row.mark(t("unit_waits"));
    return false;
  }

  private last(): void {
    for (const [address, w] of this.waiting) {
      const row = this.rows.get(address);
      if (row) void fetch(this.dataset.save ?? "", { method: "POST", body: this.body(row, w), keepalive: true, headers: { Accept: "application/json" } }).catch(() => {});
    }
  }

  private current(row: Row): void {
    for (const r of this.rows.values()) {
      if (r === row) r.tr.setAttribute("aria-current", "true");
      else r.tr.removeAttribute("aria-current");
    }
  }

  private go(row: Row | undefined): void {
    if (!row) return;
    row.area.focus();
    row.tr.scrollIntoView({ block: "nearest" });
  }

  private key(e: KeyboardEvent): void {
    const list = [...this.rows.values()];
    const at = list.findIndex((r) => r.tr.contains(e.target as Node));
    const row = list[at];
    if (!row || e.isComposing) return;
    const ctrl = e.ctrlKey || e.metaKey;
    if (e.key === "Enter" && !ctrl && (e.target as Element).matches(".unit-differ input")) {
      e.preventDefault();
      row.tr.querySelector<HTMLButtonElement>(".unit-differ button")?.click();
      return;
    }
    if (ctrl && e.key === "Enter") {
      this.act(row, "confirm");
      const open = [...list.slice(at + 1), ...list.slice(0, at)];
      this.go(open.find((r) => !r.done) ?? list[at + 1]);
    } else if (ctrl && e.key.toLowerCase() === "s") void this.flush();
    else if (ctrl && !e.shiftKey && !e.altKey && e.key.toLowerCase() === "b") row.wrap("**", "**");
    else if (ctrl && !e.shiftKey && !e.altKey && e.key.toLowerCase() === "i") row.wrap("*", "*");
    else if (e.altKey && !ctrl && e.key.toLowerCase() === "o") row.differs(true);
    else if (ctrl && e.key.toLowerCase() === "e") this.go([...list.slice(at + 1), ...list.slice(0, at + 1)].find((r) => r.tr.querySelector(".finding")));
    else if (e.altKey && !ctrl && /^Digit\d$/.test(e.code)) {
      const n = Number(e.code.slice(5));
      const uses = n === 0 ? row.tr.querySelectorAll<HTMLElement>(".finding [data-use]") : row.tr.querySelectorAll<HTMLElement>(".suggestions [data-use]");
      const use = uses[n === 0 ? 0 : n - 1] ?? row.tr.querySelectorAll<HTMLElement>(".unit-marks [data-mark]")[n - 1];
      if (!use) return;
      use.click();
    } else if (e.altKey && !ctrl && (e.key === "ArrowDown" || e.key === "ArrowUp")) this.go(list[at + (e.key === "ArrowDown" ? 1 : -1)]);
    else return;
    e.preventDefault();
  }

  /** take puts in a suggestion or a repair: as typing does, so that the browser's undo knows of it. */
  private take(e: Event): void {
    const use = (e.target as Element).closest<HTMLElement>("[data-use], [data-mark]");
    const row = use && [...this.rows.values()].find((r) => r.tr.contains(use));
    if (!use || !row) return;
    if (use.dataset.mark !== undefined) row.wrap("[", `](${use.dataset.mark})`);
    else row.replace(use.dataset.use!);
    this.typed(row);
  }

  private time(at: number): string {
    return new Intl.DateTimeFormat(document.documentElement.lang || "en", { timeStyle: "medium", hourCycle: "h23" }).format(at);
  }
}

/** Row is one segment. */
class Row {
  readonly address: string;
  /** The original's revision that the row shows. */
  sourceRev: string;
  readonly area: HTMLTextAreaElement;
  /** As the server has it, with its IDs. */
  saved: string;
  private readonly numbers: Numbers;

  /** base is the revision whose text this row shows. Each row has its own: what others have written into it
   * since is to be asked about, also after this page has saved other rows. */
  constructor(readonly tr: HTMLElement, public base: number) {
    this.address = tr.dataset.address ?? "";
    this.sourceRev = tr.dataset.sourceRev ?? "";
    this.area = tr.querySelector("textarea")!;
    this.saved = this.area.dataset.saved ?? this.area.value;
    this.numbers = new Numbers(tr.dataset.source ?? "");
    this.set(this.area.value);
    if (!this.area.readOnly) this.offer(tr.dataset.source ?? "");
  }

  /** offer puts the original's marks below the field, and the whole original. */
  private offer(source: string): void {
    if (!source) return;
    const marks = this.numbers.marks.map((m, i) =>
      h("button", { type: "button", class: "button quiet small", "data-mark": m.to, title: t("unit_mark", { text: m.text }) },
        i < 9 ? h("kbd", {}, `Alt ${i + 1}`) : null, h("span", {}, m.text)));
    const row = h("div", { class: "unit-marks", role: "group", "aria-label": t("unit_marks"), lang: document.documentElement.lang },
      ...marks, h("button", { type: "button", class: "button quiet small", "data-use": source }, t("unit_copy")));
    row.addEventListener("mousedown", (e) => e.preventDefault()); // the selection stays in the field
    this.area.after(row);
  }

  /** The text to save. */
  get value(): string {
    return this.numbers.long(this.area.value);
  }

  /** replace puts in a whole text, as typing does. */
  replace(text: string): void {
    this.area.focus();
    this.area.select();
    if (!document.execCommand("insertText", false, this.numbers.short(text))) this.set(text);
  }

  /** wrap puts signs round the selected words; spaces at their ends stay outside. */
  wrap(before: string, after: string): void {
    const { area } = this;
    if (area.readOnly) return;
    area.focus();
    const chosen = area.value.slice(area.selectionStart, area.selectionEnd);
    const words = chosen.trim();
    const start = area.selectionStart + chosen.length - chosen.trimStart().length;
    area.setSelectionRange(start, start + words.length);
    const text = before + words + after;
    if (!document.execCommand("insertText", false, text)) area.setRangeText(text);
    const at = words ? start + text.length : start + before.length;
    area.setSelectionRange(at, at);
  }

  get done(): boolean {
    const state = this.tr.querySelector<HTMLElement>(".unit-state .state")?.dataset.state;
    return state === "reviewed" || state === "adapted" || state === "added" || state === "dropped";
  }

  set(text: string): void {
    this.area.value = this.numbers.short(text);
    this.fit();
    this.plain();
  }

  /** plain says whether what the row shows in the field's place is what stands in the field. */
  plain(): void {
    this.area.parentElement?.toggleAttribute("data-typed", this.value !== this.saved);
  }

  /** fit grows the field with its text, where CSS field-sizing can't. */
  fit(): void {
    if (CSS.supports("field-sizing", "content")) return;
    this.area.style.blockSize = "auto";
    this.area.style.blockSize = `${this.area.scrollHeight + 2}px`;
  }

  /** reason is why the segment differs on purpose; without one the browser asks for it and it is undefined. */
  reason(): string | undefined {
    const input = this.tr.querySelector<HTMLInputElement>(".unit-differ input");
    if (!input) return undefined;
    input.required = true;
    const there = input.value.trim() !== "" && input.reportValidity();
    if (!there) {
      input.value = "";
      input.reportValidity();
    }
    input.required = false;
    return there ? input.value.trim() : undefined;
  }

  /** differs opens and closes the row's part for a segment that differs on purpose. */
  differs(open: boolean): void {
    const part = this.tr.querySelector<HTMLDetailsElement>(".unit-differ");
    const input = part?.querySelector("input");
    if (!part || !input) return;
    part.open = open;
    if (open) input.focus();
    else input.value = "";
  }

  mark(text: string): void {
    if (text) this.tr.dataset.waiting = text;
    else delete this.tr.dataset.waiting;
  }

  html(answer: Answer): void {
    morph(this.tr.querySelector(".unit-state"), answer.stateHTML);
    const source = this.tr.querySelector(".unit-source .text");
    if (source && answer.sourceHTML !== undefined && answer.sourceRev !== undefined) {
      morph(source, answer.sourceHTML);
      this.sourceRev = String(answer.sourceRev);
    }
    morph(this.tr.querySelector(".unit-shown"), answer.shownHTML);
    const notes = this.tr.querySelector(".unit-notes");
    if (answer.notesHTML === undefined) notes?.querySelector(".clash-note")?.remove();
    else morph(notes, answer.notesHTML);
  }

  /** clash shows the other's text below; the one typed stays in the field. */
  clash(theirs: string, by: string, mine: string, keep: () => void, take: () => void): void {
    const notes = this.tr.querySelector(".unit-notes");
    if (!notes) return;
    notes.querySelector(".clash-note")?.remove();
    const note = h("div", { class: "finding clash-note", "data-severity": "warning", role: "alert" },
      h("div", {}, h("p", {}, t("unit_clash", { who: by || t("clash_other") })), h("p", { class: "serif", lang: this.area.closest("td")?.lang }, this.numbers.short(theirs))),
      h("div", { class: "buttons" },
        h("button", { type: "button", class: "button small", onclick: () => { note.remove(); this.set(mine); keep(); } }, t("unit_keep")),
        h("button", { type: "button", class: "button small", onclick: () => { note.remove(); this.set(theirs); take(); } }, t("unit_take"))));
    notes.prepend(note);
  }
}
