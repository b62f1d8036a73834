import { baseKeymap, toggleMark } from "prosemirror-commands";
import { history, redo, undo } from "prosemirror-history";
import { inputRules, undoInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { Fragment, Slice, type Node } from "prosemirror-model";
import { EditorState, Plugin, PluginKey, TextSelection, type Command } from "prosemirror-state";
import { Decoration, DecorationSet, EditorView } from "prosemirror-view";
import { fromInline, toInline } from "../editor/convert.ts";
import { plain, type Inline, type Mark } from "../editor/model.ts";
import { signs, type Typography } from "../editor/rules.ts";
import { schema } from "../editor/schema.ts";

/** A place in a text that is to be seen: a number, one that differs, a term, what a finding speaks of. Offsets are
 * of the plain text, in UTF-16 units, as the browser counts. */
export interface Spot { from: number; to: number; kind: "number" | "bad" | "term" | "miss"; title?: string }

export interface FieldOptions {
  text: Inline;
  /** The document keeps a plain string here: marks would be lost. */
  plain: boolean;
  spots: Spot[];
  attributes: Record<string, string>;
  typography: Typography | null;
  editable: boolean;
  changed: () => void;
  blurred: () => void;
}

const spotsKey = new PluginKey<DecorationSet>("spots");

const classes: Record<Spot["kind"], string> = { number: "number", bad: "number bad", term: "term", miss: "miss" };

function decorate(doc: Node, spots: Spot[]): DecorationSet {
  const size = doc.content.size;
  return DecorationSet.create(doc, spots.filter((s) => s.from < s.to && s.to <= size).map((s) =>
    Decoration.inline(s.from, s.to, { class: classes[s.kind], ...(s.title ? { title: s.title } : {}) })));
}

/** spotted shows spots. They move with the text until fresh ones come. */
function spotted(first: Spot[]): Plugin<DecorationSet> {
  return new Plugin<DecorationSet>({
    key: spotsKey,
    state: {
      init: (_, state) => decorate(state.doc, first),
      apply(tr, set) {
        const fresh = tr.getMeta(spotsKey) as Spot[] | undefined;
        if (fresh) return decorate(tr.doc, fresh);
        return tr.docChanged ? set.map(tr.mapping, tr.doc) : set;
      },
    },
    props: { decorations: (state) => spotsKey.getState(state) },
  });
}

/** node makes the text of a segment a document of one line. */
export function node(text: Inline, isPlain: boolean): Node {
  const whole = plain(text);
  if (!isPlain) return schema.nodes.line.create(null, fromInline(text));
  return schema.nodes.headline.create(null, whole ? [schema.text(whole)] : []);
}

const lineBreak: Command = (state, dispatch) => {
  if (state.doc.type !== schema.nodes.line) return true;
  dispatch?.(state.tr.replaceSelectionWith(schema.nodes.br.create(), true).scrollIntoView());
  return true;
};

/** Field is a segment's text being written: one line with marks, the language's own signs, undo. */
export class Field {
  readonly view: EditorView;

  constructor(place: HTMLElement, options: FieldOptions) {
    const keys: Record<string, Command> = {
      Enter: () => true, // a segment is one paragraph: Shift-Enter breaks a line
      "Shift-Enter": lineBreak,
      Backspace: undoInputRule,
      "Mod-z": (state, dispatch, view) => undoInputRule(state, dispatch, view) || undo(state, dispatch, view),
      "Shift-Mod-z": redo,
      "Mod-y": redo,
    };
    if (!options.plain) {
      keys["Mod-b"] = toggleMark(schema.marks.strong);
      keys["Mod-i"] = toggleMark(schema.marks.emphasis);
    }
    this.view = new EditorView(place, {
      state: EditorState.create({
        doc: node(options.text, options.plain),
        plugins: [
          ...(options.typography ? [inputRules({ rules: signs(options.typography) })] : []),
          keymap(keys), keymap(baseKeymap), history(), spotted(options.spots),
        ],
      }),
      editable: () => options.editable,
      attributes: { role: "textbox", "aria-multiline": "false", spellcheck: "true", ...options.attributes },
      clipboardTextParser: (text) => new Slice(Fragment.from(fromInline([{ text: text.replace(/\s*\n\s*/g, " ") }])), 0, 0),
      // What is pasted loses its blocks; of its marks those stay that a segment may have.
      transformPasted: (slice) => flat(slice, options.plain),
      dispatchTransaction: (tr) => {
        this.view.updateState(this.view.state.apply(tr));
        if (tr.docChanged && !tr.getMeta("remote")) options.changed();
      },
      handleDOMEvents: { blur: () => (options.blurred(), false) },
    });
  }

  get value(): Inline {
    return toInline(this.view.state.doc);
  }

  /** set puts in what the server has; it is nothing that one could undo. */
  set(text: Inline): void {
    const { state } = this.view;
    const next = node(text, state.doc.type !== schema.nodes.line);
    if (next.eq(state.doc)) return;
    this.view.dispatch(state.tr.replaceWith(0, state.doc.content.size, next.content).setMeta("addToHistory", false).setMeta("remote", true));
  }

  /** take puts in a whole text as typing does: it can be undone. */
  take(text: Inline): void {
    const { state } = this.view;
    const tr = state.tr.replaceWith(0, state.doc.content.size, node(text, state.doc.type !== schema.nodes.line).content);
    this.view.dispatch(tr.setSelection(TextSelection.create(tr.doc, tr.doc.content.size)).scrollIntoView());
    this.view.focus();
  }

  /** insert puts a piece in where the caret stands, in place of what is selected. */
  insert(text: string): void {
    const { state } = this.view;
    this.view.dispatch(state.tr.insertText(text, state.selection.from, state.selection.to).scrollIntoView());
    this.view.focus();
  }

  /** repair puts in a whole plain text and leaves the marks of what stays as it was. */
  repair(text: string): void {
    const { state } = this.view;
    const old = state.doc.textBetween(0, state.doc.content.size, undefined, "\n");
    let start = 0;
    while (start < old.length && start < text.length && old[start] === text[start]) start++;
    let end = 0;
    while (end < old.length - start && end < text.length - start && old[old.length - 1 - end] === text[text.length - 1 - end]) end++;
    const tr = state.tr;
    const piece = text.slice(start, text.length - end);
    // insertText keeps the marks on both sides, where they are the same.
    this.view.dispatch((piece ? tr.insertText(piece, start, old.length - end) : tr.delete(start, old.length - end)).scrollIntoView());
    this.view.focus();
  }

  /** mark puts a mark of the original round the selected words, or the word at the caret; again takes it off. */
  mark(m: Mark): boolean {
    const { state } = this.view;
    if (state.doc.type !== schema.nodes.line) return false;
    const { type: name, ...attrs } = m;
    const type = schema.marks[name];
    if (!type) return false;
    let { from, to } = state.selection;
    if (from === to) [from, to] = wordAt(state.doc, from);
    const text = state.doc.textBetween(from, to, undefined, "\n");
    from += text.length - text.trimStart().length;
    to -= text.length - text.trimEnd().length;
    if (from >= to) return false;
    const tr = state.tr;
    if (state.doc.rangeHasMark(from, to, type)) tr.removeMark(from, to, type);
    else tr.addMark(from, to, type.create(attrs));
    this.view.dispatch(tr.setSelection(TextSelection.create(tr.doc, from, to)));
    this.view.focus();
    return true;
  }

  spots(list: Spot[]): void {
    this.view.dispatch(this.view.state.tr.setMeta(spotsKey, list).setMeta("addToHistory", false));
  }

  /** at is the place in the text that is shown at these coordinates. */
  at(x: number, y: number): number {
    return this.view.posAtCoords({ left: x, top: y })?.pos ?? this.view.state.doc.content.size;
  }

  focus(at?: number): void {
    const { state } = this.view;
    if (at !== undefined && at <= state.doc.content.size) this.view.dispatch(state.tr.setSelection(TextSelection.create(state.doc, at)));
    this.view.focus();
  }
}

/** wordAt is the word that a place in the line is in. */
export function wordAt(doc: Node, at: number): [number, number] {
  const text = doc.textBetween(0, doc.content.size, undefined, "\n");
  for (const m of text.matchAll(/[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}'’-]*/gu)) {
    if (m.index <= at && at <= m.index + m[0].length) return [m.index, m.index + m[0].length];
  }
  return [at, at];
}

/** flat is a pasted slice as running text: its blocks joined by spaces, without marks where none may be. */
export function flat(slice: Slice, isPlain: boolean): Slice {
  const out: Node[] = [];
  let gap = false;
  slice.content.descendants((n) => {
    if (n.isInline) {
      if (gap && out.length) out.push(schema.text(" "));
      gap = false;
      if (n.isText) out.push(isPlain ? schema.text(n.text!) : n);
      else out.push(isPlain ? schema.text(" ") : n);
      return false;
    }
    gap = true;
    return true;
  });
  return new Slice(Fragment.fromArray(out), 0, 0);
}
