import { isInTable } from "prosemirror-tables";
import type { EditorView } from "prosemirror-view";
import { h, icon } from "../lib/dom.ts";
import { t } from "../lib/words.ts";
import type { Action, Actions } from "./actions.ts";

/** Toolbar fills the bar above the text. One of its buttons is in the tab order; arrows go on. */
export class Toolbar {
  private readonly buttons: { action: Action; el: HTMLButtonElement }[] = [];
  private readonly table: HTMLElement;
  private view: EditorView | null = null;

  constructor(private readonly bar: HTMLElement, actions: Actions, note: string) {
    const button = (action: Action): HTMLButtonElement => {
      const word = t(action.word);
      const short = action.icon ? icon(action.icon) : action.name === "strong" ? "B" : action.name === "emphasis" ? "I" : null;
      const el = h("button", { type: "button", class: action.className, title: short ? word : null, "aria-label": short ? word : null, tabindex: "-1" }, short ?? word);
      // Keeps the selection where it is; the click still comes.
      el.addEventListener("mousedown", (e) => e.preventDefault());
      el.addEventListener("click", () => this.view && action.run(this.view));
      this.buttons.push({ action, el });
      return el;
    };
    bar.replaceChildren(...actions.bar.map((a) => (a ? button(a) : h("i"))));
    this.table = h("span", { class: "table-tools", hidden: true }, ...actions.table.map(button));
    bar.append(h("span", { class: "small muted", title: note }, note), this.table);
    bar.hidden = false;
    this.buttons[0].el.tabIndex = 0;
    bar.addEventListener("keydown", (e) => this.key(e));
  }

  attach(view: EditorView): void {
    this.view = view;
    this.update(view);
  }

  private key(e: KeyboardEvent): void {
    const shown = this.buttons.map((b) => b.el).filter((b) => !b.closest("[hidden]") && !b.disabled);
    const at = shown.indexOf(document.activeElement as HTMLButtonElement);
    const forward = getComputedStyle(this.bar).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = forward === "ArrowRight" ? "ArrowLeft" : "ArrowRight";
    let next = -1;
    if (e.key === forward) next = (at + 1) % shown.length;
    else if (e.key === back) next = (at - 1 + shown.length) % shown.length;
    else if (e.key === "Home") next = 0;
    else if (e.key === "End") next = shown.length - 1;
    else if (e.key === "Escape") this.view?.focus();
    if (next < 0) return;
    e.preventDefault();
    for (const b of this.buttons) b.el.tabIndex = b.el === shown[next] ? 0 : -1;
    shown[next].focus();
  }

  update(view: EditorView): void {
    this.table.hidden = !isInTable(view.state);
    for (const { action, el } of this.buttons) {
      const can = view.editable && (action.can?.(view.state, undefined, view) ?? true);
      if (el.disabled === can) el.disabled = !can;
      if (action.on) el.setAttribute("aria-pressed", String(action.on(view)));
    }
    const focusable = this.buttons.find((b) => b.el.tabIndex === 0)?.el;
    if (!focusable || focusable.disabled || focusable.closest("[hidden]")) {
      for (const b of this.buttons) b.el.tabIndex = -1;
      const first = this.buttons.find((b) => !b.el.disabled && !b.el.closest("[hidden]"));
      if (first) first.el.tabIndex = 0;
    }
  }
}
