import { h, icon, morph } from "../lib/dom.ts";
import { t } from "../lib/words.ts";
import { plain, same, type Inline, type Mark } from "../editor/model.ts";
import type { Typography } from "../editor/rules.ts";
import { Field, type Spot } from "./field.ts";

/** What a row starts with: the server puts it into the page for each address. */
export interface Begin { text: Inline; source: Inline; plain: boolean; spots?: Spot[] }

/** What an answer may bring for a row. */
export interface RowAnswer {
  revision?: number;
  sourceRev?: number;
  text?: Inline;
  spots?: Spot[];
  stateHTML?: string;
  notesHTML?: string;
  sourceHTML?: string;
  shownHTML?: string;
  offersHTML?: string;
}

/** Row is one segment. Its text is shown as it stands until somebody goes into it; then it is a field. */
export class Row {
  readonly address: string;
  /** The original's revision that the row shows. */
  sourceRev: string;
  /** As the server has it. */
  saved: Inline;
  readonly shown: HTMLElement;
  readonly readOnly: boolean;
  /** The offer that the text was made from, until it is stored. */
  taken = "";
  private field: Field | null = null;
  private text: Inline;
  private spotted: Spot[];
  private readonly area: HTMLTextAreaElement;

  /** base is the revision whose text this row shows. Each row has its own: what others have written into it
   * since is to be asked about, also after this page has saved other rows. */
  constructor(readonly tr: HTMLElement, public base: number, private readonly begin: Begin, private readonly typography: Typography | null, private readonly on: { typed(row: Row): void; left(row: Row): void }) {
    this.address = tr.dataset.address ?? "";
    this.sourceRev = tr.dataset.sourceRev ?? "";
    this.text = this.saved = begin.text;
    this.spotted = begin.spots ?? [];
    this.area = tr.querySelector("textarea")!;
    this.readOnly = this.area.readOnly;
    this.shown = tr.querySelector<HTMLElement>(".unit-shown")!;
    this.shown.removeAttribute("aria-hidden");
    for (const [name, value] of Object.entries({ role: "textbox", tabindex: "0", "aria-label": this.label, ...(this.readOnly ? { "aria-readonly": "true" } : {}) })) this.shown.setAttribute(name, value);
    this.area.hidden = true;
    if (!this.readOnly) this.offer();
  }

  private get label(): string {
    return this.area.getAttribute("aria-label") ?? "";
  }

  /** open makes the row a field to write in, once. */
  open(): void {
    if (this.field || this.readOnly) return;
    const place = h("div", { class: "unit-edit" });
    this.field = new Field(place, {
      text: this.text, plain: this.begin.plain, spots: this.spotted, typography: this.typography, editable: true,
      attributes: { class: `unit-text text${this.shown.classList.contains("head") ? " head" : ""}`, "aria-label": this.label },
      changed: () => {
        this.text = this.field!.value;
        this.on.typed(this);
      },
      blurred: () => this.on.left(this),
    });
    this.shown.replaceWith(place);
  }

  get number(): string {
    return this.tr.querySelector(".unit-number")?.textContent ?? "";
  }

  get stateWord(): string {
    return this.tr.querySelector(".unit-state .state")?.textContent ?? "";
  }

  /** at is the place in the text that is shown at these coordinates. */
  at(x: number, y: number): number | undefined {
    this.open();
    return this.field?.at(x, y);
  }

  /** focus goes into the row, to a place in its text if it is given. */
  focus(at?: number): void {
    this.open();
    if (this.field) this.field.focus(at);
    else this.shown.focus();
    this.tr.scrollIntoView({ block: "nearest" });
  }

  /** offer puts the original's marks below the text, and the whole original. */
  private offer(): void {
    if (!this.begin.source.length) return;
    const buttons = this.marks.map(({ text }, i) =>
      h("button", { type: "button", class: "button quiet small", "data-mark": i, title: t("unit_mark", { text }) },
        i < 9 ? h("kbd", {}, `Alt ⇧ ${i + 1}`) : null, h("span", {}, text)));
    const row = h("div", { class: "unit-marks", role: "group", "aria-label": t("unit_marks"), lang: document.documentElement.lang },
      ...buttons, h("button", { type: "button", class: "button quiet small", "data-copy": "" }, t("unit_copy")));
    row.addEventListener("mousedown", (e) => e.preventDefault()); // the selection stays in the field
    this.area.parentElement!.append(row);
  }

  /** The original's marks that carry something, each once, with the words they stand round. */
  private get marks(): { mark: Mark; text: string }[] {
    const out: { mark: Mark; text: string }[] = [];
    if (this.begin.plain) return out;
    for (const span of this.begin.source) {
      for (const mark of span.marks ?? []) {
        if (mark.type === "strong" || mark.type === "emphasis") continue;
        const known = out.find((o) => same(o.mark, mark));
        if (known) known.text += span.text;
        else out.push({ mark, text: span.text });
      }
    }
    return out;
  }

  get value(): Inline {
    return this.text;
  }

  get plain(): string {
    return plain(this.text);
  }

  get done(): boolean {
    const state = this.tr.querySelector<HTMLElement>(".unit-state .state")?.dataset.state;
    return state === "reviewed" || state === "adapted" || state === "added" || state === "dropped";
  }

  /** set puts in what is known from elsewhere: the server's text, a draft of this device. */
  set(text: Inline): void {
    this.text = text;
    this.field?.set(text);
    if (!this.field) this.shown.textContent = plain(text);
  }

  /** take puts in a suggestion; it can be undone. */
  take(text: Inline, offer = ""): void {
    this.open();
    this.taken = offer;
    this.field?.take(text);
  }

  /** insert puts a piece in at the caret. */
  insert(text: string): void {
    this.open();
    this.field?.insert(text);
  }

  repair(text: string): void {
    this.open();
    this.field?.repair(text);
  }

  copySource(): void {
    this.take(this.begin.source);
  }

  mark(n: number): boolean {
    const m = this.marks[n];
    this.open();
    return m !== undefined && (this.field?.mark(m.mark) ?? false);
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

  /** wait says below the state that something of the row isn't stored, and why. */
  wait(text: string): void {
    if (text) this.tr.dataset.waiting = text;
    else delete this.tr.dataset.waiting;
  }

  /** refuse says that the server wouldn't take the text; it stays. */
  refuse(why: string): void {
    this.tr.toggleAttribute("data-refused", why !== "");
    this.wait(why);
  }

  /** show puts in what an answer brought; spots only while they speak of the text that stands here. */
  show(answer: RowAnswer, ofThis: boolean): void {
    const within = this.tr.contains(document.activeElement);
    morph(this.tr.querySelector(".unit-state"), answer.stateHTML);
    const source = this.tr.querySelector(".unit-source .text");
    if (source && answer.sourceHTML !== undefined && answer.sourceRev !== undefined) {
      morph(source, answer.sourceHTML);
      this.sourceRev = String(answer.sourceRev);
    }
    if (ofThis) {
      if (answer.spots) {
        this.spotted = answer.spots;
        this.field?.spots(answer.spots);
      }
      if (!this.field) morph(this.shown, answer.shownHTML);
    }
    morph(this.tr.querySelector(".unit-offers"), answer.offersHTML);
    const notes = this.tr.querySelector(".unit-notes");
    if (answer.notesHTML === undefined) notes?.querySelector(".clash-note")?.remove();
    else morph(notes, answer.notesHTML);
    // What had the focus may be gone: it goes on in the text, not at the page's beginning.
    if (within && !this.tr.contains(document.activeElement)) this.focus();
  }

  /** clash shows the other's text below; the one typed stays in the field. */
  clash(theirs: Inline, by: string, keep: () => void, take: () => void): void {
    const notes = this.tr.querySelector(".unit-notes");
    if (!notes) return;
    notes.querySelector(".clash-note")?.remove();
    const note = h("div", { class: "finding clash-note", "data-severity": "warning", role: "alert" }, icon("warning"),
      h("div", {}, h("p", {}, t("unit_clash", { who: by || t("clash_other") })), h("p", { class: "serif", lang: this.tr.querySelector<HTMLElement>(".unit-target")?.lang }, plain(theirs))),
      h("div", { class: "buttons" },
        h("button", { type: "button", class: "button small", onclick: () => { note.remove(); keep(); } }, t("unit_keep")),
        h("button", { type: "button", class: "button small", onclick: () => { note.remove(); this.set(theirs); take(); } }, t("unit_take"))));
    notes.prepend(note);
  }
}
