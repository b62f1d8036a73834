import { debounce, morph, part } from "../lib/dom.ts";
import { typing } from "../islands/keys.ts";
import { say, unsay } from "../lib/message.ts";
import { Drafts } from "../lib/store.ts";
import { t } from "../lib/words.ts";
import { same, type Inline } from "../editor/model.ts";
import type { Typography } from "../editor/rules.ts";
import { follow, type Whole } from "./live.ts";
import { Drafting } from "./drafting.ts";
import { Panel } from "./panel.ts";
import { Proposals } from "./propose.ts";
import { Row, type Begin, type RowAnswer } from "./row.ts";

/** What waits for the server: the text of a row, and what was asked for it. */
interface Waiting { text: Inline; act: Act; reason?: string; offer?: string }
type Act = "save" | "confirm" | "still" | "adapt" | "add" | "drop";
const acts: readonly string[] = ["confirm", "still", "adapt", "add", "drop"] satisfies Act[];
type Kept = Record<string, Waiting & { base: number; sourceRev: string; unsure?: Inline[] }>;

interface Answer extends RowAnswer, Whole {
  theirs?: Inline;
  by?: string;
  message?: string;
  errors?: { message: string }[];
}

/** How long one pauses before a row is saved, and before it is looked through, in milliseconds. */
const pause = 1500;
const glance = 250;
/** How long sending waits for the device, in ms, and how many texts of a row without an answer are remembered. */
const deviceTime = 1000;
const mostUnsure = 20;

/**
 * <depesche-units>: translating by keyboard. Each row is saved by itself soon after one pauses; what the
 * server has not acknowledged is kept on the device as the editor's text is.
 */
export class UnitsElement extends HTMLElement {
  private readonly rows = new Map<string, Row>();
  private drafts!: Drafts<Kept>;
  private readonly waiting = new Map<string, Waiting>();
  /** What the server didn't take: the text stays in its field and on the device until somebody decides. */
  private readonly held = new Map<string, Waiting & { base: number; clash: boolean }>();
  /** What was sent of a row and not answered: the server may have one of these, and that is nobody else's. */
  private readonly unsure = new Map<string, Inline[]>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running = false;
  private tries = 0;
  private why = "";
  private panel!: Panel;
  private proposals!: Proposals;

  connectedCallback(): void {
    if (this.drafts) return;
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => this.start(), { once: true });
    else this.start();
  }

  private start(): void {
    this.drafts = new Drafts(this.dataset.draftKey ?? location.pathname);
    this.panel = new Panel((text) => this.insert(text), () => this.go(this.now));
    this.proposals = new Proposals(this.dataset.propose ?? "", (text) => this.tell(text));
    const begin = part<Record<string, Begin>>(this, "units", {});
    const typography = part<Typography | null>(this, "typography", null);
    for (const tr of this.querySelectorAll<HTMLElement>("tr.unit")) {
      const row = new Row(tr, Number(this.dataset.base ?? 0), begin[tr.dataset.address ?? ""] ?? { text: [], source: [], plain: false }, typography, {
        typed: (r) => this.typed(r),
        left: (r) => this.waiting.has(r.address) && void this.flush(),
      });
      this.rows.set(row.address, row);
    }
    // Under a pointer a row becomes a field before it is pressed: the press sets the caret, and a drag selects. Not
    // at once: a press that comes with it would be lost with what it was on.
    this.addEventListener("pointerover", (e) => {
      const row = e.pointerType === "mouse" ? this.shownAt(e) : undefined;
      if (row) setTimeout(() => row.open());
    });
    this.addEventListener("pointerdown", (e) => this.presses(e));
    this.addEventListener("click", (e) => this.lifts(e.target as Element, e));
    document.addEventListener("pointerup", (e) => e.pointerType !== "touch" && this.lifts(document.activeElement));
    this.addEventListener("pointercancel", () => (this.pressed = false)); // it scrolls
    this.addEventListener("focusin", (e) => this.enters(e));
    document.addEventListener("keydown", (e) => this.key(e));
    this.addEventListener("click", (e) => this.take(e));
    this.submits();
    addEventListener("online", () => void this.flush());
    document.addEventListener("visibilitychange", () => void this.flush());
    addEventListener("pagehide", () => this.last());
    addEventListener("beforeunload", (e) => {
      if (this.waiting.size && this.drafts.failed) e.preventDefault();
    });
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest("tr");
    const first = [...this.rows.values()].find((r) => r.tr === target) ?? [...this.rows.values()].find((r) => !r.done) ?? [...this.rows.values()][0];
    if (first) this.current(first);
    // One came for it. The browser goes to the place of the address when all is loaded, and out of any field.
    const came = (): void => void (first?.tr === target && document.activeElement === document.body && setTimeout(() => first?.focus()));
    if (document.readyState === "complete") came();
    else addEventListener("load", came, { once: true });
    const look = follow({ rows: this.rows, begin, busy: (address) => this.waiting.has(address), whole: (answer) => this.whole(answer) });
    new Drafting(look, (text) => this.tell(text));
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
        const row = button && this.rowOf(button);
        if (row && button.name === "propose") void this.proposals.ask(row);
        else if (row && button.name === "aside") void this.aside(row, button.value);
        else if (row && acts.includes(button.name)) this.act(row, button.name as Act);
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
      if (!row || (same(row.value, w.text) && w.act === "save")) continue;
      if (this.waiting.has(address)) {
        whole = false; // the next page finds it
        continue;
      }
      row.set(w.text);
      this.waiting.set(address, { text: w.text, act: w.act, ...(w.reason ? { reason: w.reason } : {}), ...(w.offer ? { offer: w.offer } : {}) });
      if (w.unsure) this.unsure.set(address, w.unsure);
      row.base = w.base;
    }
    await this.keep();
    if (whole) await this.drafts.forget(kept.name);
    if (!this.waiting.size) return;
    say(t("restored", { time: this.time(kept.at) }), { stay: true });
    void this.flush();
  }

  /** Something is pressed. The rows stay where they are until it is let go: what opens and closes would move the
   * text from under the pointer, and the way it goes would be selected. */
  private pressed = false;

  /** shownAt is the row that shows its text where the event is, and that one can write in. */
  private shownAt(e: Event): Row | undefined {
    const row = this.rowOf(e.target as Element);
    return row && !row.readOnly && row.shown.contains(e.target as Element) ? row : undefined;
  }

  /** enters makes the row current that the focus came into; what shows its text becomes a field. */
  private enters(e: FocusEvent): void {
    const row = this.rowOf(e.target as Element);
    if (!row || this.pressed) return;
    const shown = this.shownAt(e);
    this.current(row);
    shown?.focus();
  }

  /** presses goes into a text that no pointer came over before: the browser sets no caret in a field that came
   * under the press. A finger may be about to scroll. */
  private presses(e: PointerEvent): void {
    this.pressed = true;
    if (e.pointerType === "touch") return;
    const row = this.shownAt(e);
    const at = row?.at(e.clientX, e.clientY);
    if (at !== undefined) setTimeout(() => row?.focus(at));
  }

  /** lifts makes the row current that was pressed, and goes in where a finger was lifted. */
  private lifts(el: Element | null, e?: MouseEvent): void {
    this.pressed = false;
    const row = el ? this.rowOf(el) : undefined;
    if (!row) return;
    const at = e && this.shownAt(e)?.at(e.clientX, e.clientY);
    this.current(row);
    if (at !== undefined) row.focus(at);
  }

  private rowOf(el: Element): Row | undefined {
    return [...this.rows.values()].find((r) => r.tr.contains(el));
  }

  private readonly looks = debounce(glance, () => void this.look());
  private looking: Row | null = null;

  /** look asks what the checks say of a text that isn't stored yet. */
  private async look(): Promise<void> {
    const row = this.looking;
    const w = row && this.waiting.get(row.address);
    if (!row || !w || this.running) return;
    try {
      const res = await fetch(this.dataset.save ?? "", { method: "POST", body: this.body(row, w, "check"), headers: { Accept: "application/json" }, signal: AbortSignal.timeout(10_000), redirect: "manual" });
      if (!res.ok) return;
      const { notesHTML, spots } = (await res.json()) as Answer;
      if (this.waiting.get(row.address) === w) row.show({ ...(notesHTML === undefined ? {} : { notesHTML }), ...(spots ? { spots } : {}) }, same(row.value, w.text));
    } catch {
      // It is looked through again when it is saved.
    }
  }

  private typed(row: Row): void {
    row.refuse("");
    this.looking = row;
    this.looks();
    const held = this.held.get(row.address);
    if (held?.clash) { // two texts are to be chosen from: what is typed isn't stored over the other's
      this.held.set(row.address, { ...held, text: row.value });
      void this.keep();
      return;
    }
    this.held.delete(row.address);
    // What differs on purpose and waits for the server still does, with another text; a confirmation was of the old one.
    const was = this.waiting.get(row.address);
    if (was?.reason) this.waiting.set(row.address, { ...was, text: row.value });
    else if (same(row.value, row.saved) && was?.act !== "confirm" && !this.unsure.has(row.address)) this.waiting.delete(row.address);
    else this.waiting.set(row.address, { text: row.value, act: "save", ...this.from(row) });
    void this.keep();
    this.later(pause);
  }

  private act(row: Row, act: Act): void {
    if (row.readOnly) return;
    const differs = act === "adapt" || act === "add" || act === "drop";
    const reason = differs ? row.reason() : "";
    if (reason === undefined) return;
    this.held.delete(row.address);
    this.waiting.set(row.address, { text: row.value, act, ...(reason ? { reason } : {}), ...this.from(row) });
    void this.keep();
    void this.flush();
  }

  private from(row: Row): { offer?: string } {
    return row.taken ? { offer: row.taken } : {};
  }

  /** aside goes past a finding of what is stored. */
  private async aside(row: Row, key: string): Promise<void> {
    const part = [...row.tr.querySelectorAll<HTMLElement>(".finding-aside")].find((d) => d.dataset.key === key);
    const input = part?.querySelector("input");
    if (!input) return;
    input.setCustomValidity(input.value.trim() ? "" : t("unit_why"));
    if (!input.reportValidity()) return;
    for (let tries = 0; tries < 2 && this.waiting.has(row.address); tries++) await this.flush();
    if (this.waiting.has(row.address)) return row.wait(t("unit_waits"));
    const body = new URLSearchParams({ address: row.address, inline: JSON.stringify(row.saved), act: "aside", key, ["aside." + key]: input.value.trim() });
    try {
      const res = await fetch(this.dataset.save ?? "", { method: "POST", body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(30_000), redirect: "manual" });
      const answer = (await res.json().catch(() => ({}))) as Answer;
      if (!res.ok) return row.wait(answer.errors?.[0]?.message ?? answer.message ?? t("server_trouble"));
      row.wait("");
      row.show(answer, same(row.value, row.saved));
      this.whole(answer);
      row.focus();
      this.tell(row.tr.querySelector(".finding[data-aside]")?.textContent ?? "");
    } catch {
      row.wait(t("offline"));
    }
  }

  /** insert puts a piece in where one writes, or on the clipboard where nobody does. */
  private insert(text: string): void {
    const row = this.now;
    if (row && !row.readOnly) return row.insert(text);
    void navigator.clipboard?.writeText(text).then(() => say(t("copied")));
  }

  /** tell says to those who don't see the screen what happened. */
  private tell(text: string): void {
    const out = document.getElementById("units-said");
    if (out) out.textContent = text;
  }

  /** again asks once more for what clashed, on the other's text now. */
  private again(row: Row, w: Waiting): void {
    this.held.delete(row.address);
    this.waiting.set(row.address, { ...w, text: row.value, act: w.act === "save" ? "confirm" : w.act });
    void this.keep();
    void this.flush();
  }

  /** theirs takes the other's text, which is in the field now. */
  private theirs(row: Row): void {
    this.held.delete(row.address);
    this.typed(row);
  }

  private keep(): Promise<void> {
    if (!this.waiting.size && !this.held.size) return this.drafts.drop();
    const kept: Kept = {};
    for (const [address, { clash: _, ...w }] of this.held) kept[address] = { ...w, sourceRev: this.rows.get(address)?.sourceRev ?? "" };
    for (const [address, w] of this.waiting) {
      const unsure = this.unsure.get(address);
      kept[address] = { ...w, base: this.rows.get(address)?.base ?? 0, sourceRev: this.rows.get(address)?.sourceRev ?? "", ...(unsure ? { unsure } : {}) };
    }
    return this.drafts.keep(kept).then(() => {
      if (this.drafts.failed) say(t("not_kept"), { tone: "signal", name: "kept" });
    });
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), ms);
  }

  private going = Promise.resolve();

  /** flush sends what waits, row by row; a failure leaves it waiting. What is being sent already is waited for. */
  private flush(): Promise<void> {
    if (!this.running && this.waiting.size) this.going = this.sends();
    return this.going;
  }

  private async sends(): Promise<void> {
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
    if (this.tries) for (const address of this.waiting.keys()) this.rows.get(address)?.wait(t("unit_waits"));
    const asked = [...this.waiting.values()].some((w) => w.act !== "save");
    this.later(this.tries ? Math.min(60_000, 2000 * 2 ** this.tries) : asked ? 0 : pause);
  }

  private body(row: Row, w: Waiting, act: Act | "check" = w.act): URLSearchParams {
    return new URLSearchParams({ address: row.address, inline: JSON.stringify(w.text), act, reason: w.reason ?? "", offer: w.offer ?? "", base: String(row.base), sourceRev: row.sourceRev });
  }

  /** goes notes a text that is about to be sent: whatever becomes of the answer, the next page then knows that it
   * is one's own. */
  private goes(row: Row, w: Waiting): Promise<void> {
    const was = (this.unsure.get(row.address) ?? []).filter((u) => !same(u, w.text));
    this.unsure.set(row.address, [...was, w.text].slice(-mostUnsure));
    return this.keep();
  }

  /** own reports whether a text that the server has was sent from here without an answer. */
  private own(row: Row, theirs: Inline): boolean {
    return (this.unsure.get(row.address) ?? []).some((u) => same(u, theirs));
  }

  private async send(row: Row, w: Waiting): Promise<boolean> {
    let res: Response;
    let answer: Answer;
    await Promise.race([this.goes(row, w), new Promise((done) => setTimeout(done, deviceTime))]);
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
    if (res.status === 409 && this.own(row, answer.theirs ?? [])) return this.goOn(row, w, answer);
    if (res.status === 409) {
      this.unsure.delete(row.address);
      this.held.set(row.address, { ...w, text: row.value, base: row.base, clash: true });
      row.base = answer.revision ?? row.base;
      this.waiting.delete(row.address);
      row.wait("");
      row.clash(answer.theirs ?? [], answer.by ?? "", () => this.again(row, w), () => this.theirs(row));
      await this.keep();
      return true;
    }
    if (!res.ok) {
      this.unsure.delete(row.address);
      this.waiting.delete(row.address);
      this.held.set(row.address, { ...w, text: row.value, base: row.base, clash: false });
      await this.keep();
      row.refuse(t("not_saved", { why: answer.errors?.[0]?.message ?? answer.message ?? String(res.status) }));
      return true;
    }
    if (answer.text && !same(answer.text, w.text) && this.own(row, answer.text)) return this.goOn(row, w, answer);
    this.unsure.delete(row.address);
    this.stored(row, w, answer);
    await this.keep();
    return true;
  }

  /** goOn puts a text upon the one that was sent before it, which the server has. */
  private goOn(row: Row, w: Waiting, answer: Answer): Promise<boolean> {
    row.base = answer.revision ?? row.base;
    this.unsure.delete(row.address);
    return this.send(row, w);
  }

  private stored(row: Row, w: Waiting, answer: Answer): void {
    row.base = answer.revision ?? row.base;
    if (this.waiting.get(row.address) === w) this.waiting.delete(row.address);
    row.saved = answer.text ?? w.text;
    if (row.taken === (w.offer ?? "")) row.taken = "";
    // Written back only while nothing was typed since.
    const still = same(row.value, w.text);
    if (still && answer.text !== undefined) row.set(answer.text);
    row.refuse("");
    row.show(answer, still);
    if (w.reason) row.differs(false);
    if (w.act !== "save") this.tell(t("unit_said", { n: row.number, state: row.stateWord }));
    this.whole(answer);
  }

  /** whole shows what an answer says of the translation as a whole. */
  private whole(answer: Whole): void {
    const progress = document.getElementById("units-progress");
    if (progress && answer.progress) progress.textContent = answer.progress;
    const meter = document.querySelector(".progressing .meter");
    if (meter && answer.meterHTML) meter.outerHTML = answer.meterHTML;
    morph(document.getElementById("checklist"), answer.panelHTML);
    morph(document.getElementById("term-cards"), answer.termsHTML);
    this.panel.fresh();
  }

  private stays(row: Row, why: string, signIn = false): false {
    // Told once, and again when it is something else: the line is back, but nobody is signed in any more.
    if (this.tries++ === 0 || this.why !== why) {
      this.why = why;
      say(why, signIn ? { name: "sync", tone: "signal", link: { label: t("sign_in"), href: this.dataset.signIn ?? "/desk/sign-in", blank: true } } : { name: "sync", stay: true, tone: "amber" });
    }
    row.wait(t("unit_waits"));
    return false;
  }

  private last(): void {
    for (const [address, w] of this.waiting) {
      const row = this.rows.get(address);
      if (row) void this.goes(row, w);
    }
    this.drafts.now();
    for (const [address, w] of this.waiting) {
      const row = this.rows.get(address);
      if (row) void fetch(this.dataset.save ?? "", { method: "POST", body: this.body(row, w), keepalive: true, headers: { Accept: "application/json" } }).catch(() => {});
    }
  }

  private now: Row | undefined;

  private current(row: Row): void {
    this.now = row;
    this.panel.row(row.tr.id);
    for (const r of this.rows.values()) {
      if (r === row) r.tr.setAttribute("aria-current", "true");
      else r.tr.removeAttribute("aria-current");
    }
  }

  private go(row: Row | undefined): void {
    row?.focus();
  }

  /** key answers the keys of the row that one is in. Where nobody writes, they are those of the current row. */
  private key(e: KeyboardEvent): void {
    this.pressed = false;
    const list = [...this.rows.values()];
    const inside = this.rowOf(e.target as Element);
    const row = inside ?? (e.defaultPrevented || typing(e.target) ? undefined : this.now);
    if (!row || e.isComposing) return;
    const at = list.indexOf(row);
    const ctrl = e.ctrlKey || e.metaKey;
    if (e.key === "Enter" && !ctrl && (e.target as Element).matches(".unit-differ input, .finding-aside input")) {
      e.preventDefault();
      (e.target as Element).closest("details")?.querySelector<HTMLButtonElement>("button")?.click();
      return;
    }
    const alt = e.altKey && !ctrl;
    const letter = alt && e.code.startsWith("Key") ? e.code.slice(3) : "";
    if (ctrl && e.key === "Enter") {
      this.act(row, "confirm");
      const open = [...list.slice(at + 1), ...list.slice(0, at)];
      this.go(open.find((r) => !r.done) ?? list[at + 1] ?? row);
    } else if (ctrl && e.key.toLowerCase() === "s") void this.flush();
    else if (ctrl && e.key.toLowerCase() === "g") this.panel.terms();
    else if (ctrl && e.key.toLowerCase() === "e") this.go([...list.slice(at + 1), ...list.slice(0, at + 1)].find((r) => r.tr.querySelector(".finding:not([data-aside])")));
    else if (letter === "O") row.differs(true);
    else if (letter === "R") row.tr.querySelector<HTMLElement>("[data-act=still-right]")?.click();
    else if (letter === "P") row.tr.querySelector<HTMLElement>("[name=propose]")?.click();
    else if (letter === "M") this.panel.search();
    else if (letter === "A") {
      const part = row.tr.querySelector<HTMLDetailsElement>(".finding-aside");
      if (part) part.open = true;
      part?.querySelector("input")?.focus();
    } else if (alt && /^Digit\d$/.test(e.code)) {
      const n = Number(e.code.slice(5));
      const list = row.tr.querySelectorAll<HTMLElement>(e.shiftKey ? ".unit-marks [data-mark]" : n === 0 ? ".finding [data-use]" : ".suggestions button[data-take]");
      list[Math.max(0, n - 1)]?.click();
    } else if (alt && (e.key === "ArrowDown" || e.key === "ArrowUp")) this.go(inside ? list[at + (e.key === "ArrowDown" ? 1 : -1)] : row);
    else if (e.key === "Escape" && (e.target as Element).matches(".unit-differ input, .finding-aside input")) {
      (e.target as Element).closest("details")!.open = false;
      this.go(row);
    }
    else return;
    e.preventDefault();
  }

  /** take puts in a suggestion, a repair or a mark: each can be undone. */
  private take(e: Event): void {
    const use = (e.target as Element).closest<HTMLElement>("[data-use], [data-take], [data-mark], [data-copy]");
    const row = use && this.rowOf(use);
    if (!use || !row || row.readOnly) return;
    e.preventDefault();
    if (use.dataset.mark !== undefined) row.mark(Number(use.dataset.mark));
    else if (use.dataset.copy !== undefined) row.copySource();
    else if (use.dataset.take !== undefined) row.take(JSON.parse(use.dataset.take) as Inline, (use as HTMLButtonElement).value);
    else row.repair(use.dataset.use!);
  }

  private time(at: number): string {
    return new Intl.DateTimeFormat(document.documentElement.lang || "en", { timeStyle: "medium", hourCycle: "h23" }).format(at);
  }
}
