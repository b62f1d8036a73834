import { InputRule, inputRules } from "prosemirror-inputrules";
import type { NodeType } from "prosemirror-model";
import { TextSelection, type EditorState, type Plugin, type Transaction } from "prosemirror-state";
import { insertRule, setBlock, toggleList } from "./commands.ts";
import { schema } from "./schema.ts";

/** The language's own signs; the server sends them (internal/lang), so that the check and the editor agree. */
export interface Typography {
  quote: [string, string];
  nested: [string, string];
  apostrophe: string;
  dash: string;
  ellipsis: string;
  /** What stands inside the marks: a narrow no-break space in French. */
  inner: string;
}

const n = schema.nodes;

/** rules: "## " and its kind make blocks, quotation marks and dashes become the language's.
 * Backspace or Ctrl-Z right after gives back what was typed. */
export function rules(typography: Typography | null): Plugin {
  const list = [
    turn(/^(#{2,4})\s$/, (m) => ({ type: n.heading, attrs: { level: m[1].length } })),
    turn(/^>\s$/, () => ({ type: n.quotation })),
    lines(/^[-*]\s$/, false),
    lines(/^1[.)]\s$/, true),
    // The second hyphen has become a dash by the time the third comes.
    new InputRule(/^(?:--|[–—])-$/, (state, m, start, end) => {
      const { parent } = state.selection.$from;
      if (parent.type !== n.paragraph || parent.content.size !== m[0].length - 1) return null;
      let out: Transaction | null = null;
      const cleared = state.apply(state.tr.delete(start, end));
      insertRule(cleared, (tr) => (out = tr));
      return out && rebase(state, start, end, out);
    }),
  ];
  return inputRules({ rules: typography ? list.concat(signs(typography)) : list });
}

/** rebase repeats on state what was made for the state without the typed signs. */
function rebase(state: EditorState, start: number, end: number, made: Transaction): Transaction {
  const tr = state.tr.delete(start, end);
  for (const step of made.steps) tr.step(step);
  return tr.setSelection(TextSelection.near(tr.doc.resolve(made.selection.from)));
}

function turn(match: RegExp, to: (m: RegExpMatchArray) => { type: NodeType; attrs?: Record<string, unknown> }): InputRule {
  return new InputRule(match, (state, m, start, end) => {
    if (state.selection.$from.parent.type !== n.paragraph) return null;
    const { type, attrs } = to(m);
    let out: Transaction | null = null;
    setBlock(type, attrs)(state.apply(state.tr.delete(start, end)), (tr) => (out = tr));
    return out && rebase(state, start, end, out);
  });
}

function lines(match: RegExp, ordered: boolean): InputRule {
  return new InputRule(match, (state, _m, start, end) => {
    if (state.selection.$from.parent.type !== n.paragraph) return null;
    let out: Transaction | null = null;
    toggleList(ordered)(state.apply(state.tr.delete(start, end)), (tr) => (out = tr));
    return out && rebase(state, start, end, out);
  });
}

/** signs are the rules for the language's own signs alone. */
export function signs(ty: Typography): InputRule[] {
  const inText = (state: EditorState): boolean => state.selection.$from.parent.type !== n.slug;
  const put = (text: (before: string) => string) => (state: EditorState, m: RegExpMatchArray, start: number, end: number): Transaction | null => {
    if (!inText(state)) return null;
    const $start = state.doc.resolve(start);
    const before = $start.parent.textBetween(0, $start.parentOffset, undefined, "\n");
    const sign = text(before);
    // The rule's range ends where the typed sign would stand; the marks of the text go on.
    return sign === m[0] ? null : state.tr.replaceWith(start, end, schema.text(sign, state.storedMarks ?? state.selection.$from.marks()));
  };
  return [
    new InputRule(/"$/, put((before) => double(before, ty))),
    new InputRule(/'$/, put((before) => single(before, ty))),
    new InputRule(/\.\.\.$/, put(() => ty.ellipsis)),
    new InputRule(/--$/, put(() => ty.dash)),
  ];
}

const opensAfter = /(^|[\s\u00a0\u202f([{„“«‚‘‹–—/-])$/;

/** unclosed tells whether a pair is open at the end of the text. */
function unclosed(before: string, [open, close]: [string, string]): boolean {
  if (open === close) return (before.split(open).length - 1) % 2 === 1;
  return before.lastIndexOf(open) > before.lastIndexOf(close);
}

/** double is what " becomes after this text. */
export function double(before: string, ty: Typography): string {
  const outer = unclosed(before, ty.quote);
  const inner = outer && unclosed(before.slice(before.lastIndexOf(ty.quote[0])), ty.nested);
  if (opensAfter.test(before) && !(outer && /[\s\u00a0\u202f]$/.test(before) && ty.inner && before.endsWith(ty.inner))) {
    return outer ? ty.nested[0] : ty.quote[0] + ty.inner;
  }
  return inner ? ty.nested[1] : ty.inner + ty.quote[1];
}

/** single is what ' becomes: an apostrophe, or the marks that are single in this language. */
export function single(before: string, ty: Typography): string {
  const isSingle = (pair: [string, string]): boolean => "‘’‚‹›".includes(pair[0]);
  const pair = isSingle(ty.quote) ? ty.quote : isSingle(ty.nested) ? ty.nested : null;
  if (!pair) return ty.apostrophe || "'";
  if (opensAfter.test(before)) return pair === ty.quote || unclosed(before, ty.quote) ? pair[0] : ty.apostrophe;
  return unclosed(before, pair) && (pair === ty.quote || unclosed(before, ty.quote)) ? pair[1] : ty.apostrophe;
}
