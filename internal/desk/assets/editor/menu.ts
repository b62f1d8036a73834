import { Plugin, PluginKey, type EditorState } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { h } from "../lib/dom.ts";
import { t } from "../lib/words.ts";

// The lists that open while one types: / for a block, @ for a source. The caret stays in the text; the
// list is told to screen readers as the text's own suggestions.

export interface Choice {
  label: string;
  hint?: string;
  run: (view: EditorView) => void;
}

export interface Opening {
  /** Finds the typed words before the caret; the first group is what to search for. */
  match: (state: EditorState) => { from: number; query: string } | null;
  choices: (view: EditorView, query: string) => Choice[];
  /** Said when nothing fits; undefined: the list closes. */
  none?: () => string;
}

/** before is the text of the caret's block up to the caret, if the caret is in running text. */
export function before(state: EditorState): string | null {
  const { $from, empty } = state.selection;
  if (!empty || !$from.parent.isTextblock) return null;
  return $from.parent.textBetween(0, $from.parentOffset, undefined, "\ufffc");
}

export function menus(openings: Opening[]): Plugin {
  const key = new PluginKey("menus");
  let menu: Menu | null = null;
  return new Plugin({
    key,
    view: (view) => {
      menu = new Menu(view, openings);
      return { update: () => menu?.update(), destroy: () => menu?.destroy() };
    },
    props: {
      handleKeyDown: (_view, event) => menu?.key(event) ?? false,
      handleDOMEvents: { blur: () => (menu?.close(), false) },
    },
  });
}

class Menu {
  private readonly el = h("div", { class: "menu", role: "listbox", id: "editor-menu", hidden: true });
  private items: Choice[] = [];
  private at = 0;
  private open: { from: number; opening: Opening } | null = null;
  /** Escape closes the list for this word. */
  private refused = -1;

  constructor(private readonly view: EditorView, private readonly openings: Opening[]) {
    document.body.append(this.el);
    this.el.addEventListener("mousedown", (e) => {
      e.preventDefault();
      const i = [...this.el.children].indexOf((e.target as Element).closest("[role=option]")!);
      if (i >= 0) this.take(i);
    });
  }

  update(): void {
    if (!this.view.editable || this.view.composing) return;
    for (const opening of this.openings) {
      const m = opening.match(this.view.state);
      if (!m) continue;
      if (m.from === this.refused) return this.hide();
      const items = opening.choices(this.view, m.query.toLowerCase());
      if (items.length === 0 && !opening.none) return this.hide();
      if (this.open?.from !== m.from) this.at = 0;
      this.open = { from: m.from, opening };
      this.show(items, opening.none?.() ?? "");
      return;
    }
    this.refused = -1;
    this.hide();
  }

  private show(items: Choice[], none: string): void {
    this.items = items;
    this.at = Math.min(this.at, Math.max(items.length - 1, 0));
    this.el.replaceChildren(...(items.length
      ? items.map((c, i) => h("div", { role: "option", id: `editor-menu-${i}`, "aria-selected": String(i === this.at) }, h("span", {}, c.label), c.hint ? h("small", {}, c.hint) : null))
      : [h("div", { class: "none" }, none)]));
    this.el.hidden = false;
    const box = this.view.coordsAtPos(this.open!.from);
    const below = window.innerHeight - box.bottom;
    const height = this.el.offsetHeight;
    this.el.style.top = `${below < height + 8 && box.top > height ? box.top - height - 4 : box.bottom + 4}px`;
    this.el.style.left = `${Math.max(8, Math.min(box.left, window.innerWidth - this.el.offsetWidth - 8))}px`;
    this.el.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
    const dom = this.view.dom;
    dom.setAttribute("aria-controls", "editor-menu");
    dom.setAttribute("aria-activedescendant", `editor-menu-${this.at}`);
  }

  private hide(): void {
    if (this.el.hidden) return;
    this.el.hidden = true;
    this.open = null;
    this.view.dom.removeAttribute("aria-controls");
    this.view.dom.removeAttribute("aria-activedescendant");
  }

  close(): void {
    this.hide();
  }

  key(event: KeyboardEvent): boolean {
    if (!this.open || this.el.hidden || event.isComposing) return false;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        if (!this.items.length) return false;
        this.at = (this.at + (event.key === "ArrowDown" ? 1 : -1) + this.items.length) % this.items.length;
        this.show(this.items, "");
        return true;
      case "Enter":
      case "Tab":
        if (!this.items.length) return false;
        this.take(this.at);
        return true;
      case "Escape":
        this.refused = this.open.from;
        this.hide();
        return true;
    }
    return false;
  }

  /** take removes what was typed to find the choice, and does it. */
  private take(i: number): void {
    const { from } = this.open!;
    const choice = this.items[i];
    this.hide();
    this.view.dispatch(this.view.state.tr.delete(from, this.view.state.selection.from));
    choice.run(this.view);
    this.view.focus();
  }

  destroy(): void {
    this.el.remove();
  }
}

/** fits tells whether all typed words begin words of the label. */
export function fits(label: string, query: string): boolean {
  const words = label.toLowerCase().split(/[\s,.()„“”"'-]+/);
  return query.split(/\s+/).every((q) => q === "" || words.some((w) => w.startsWith(q)) || label.toLowerCase().includes(q));
}

/** sourceMatch is an @ at a word's start, with what follows. */
export function sourceMatch(state: EditorState): { from: number; query: string } | null {
  const { parent } = state.selection.$from;
  if (parent.type.spec.marks === "") return null;
  const m = /(?:^|[\s\u00a0(„“«"])@([^\s@]{0,30})$/.exec(before(state) ?? "");
  return m ? { from: state.selection.from - m[1].length - 1, query: m[1] } : null;
}

/** blockMatch is a / at the start of an otherwise empty line. */
export function blockMatch(state: EditorState): { from: number; query: string } | null {
  const { parent } = state.selection.$from;
  if (parent.type.name !== "paragraph") return null;
  const m = /^\/([^/]{0,20})$/.exec(before(state) ?? "");
  if (!m || parent.content.size !== m[0].length) return null;
  return { from: state.selection.from - m[0].length, query: m[1] };
}

export const nothing = (): string => t("none_found");
