import { diff } from "../lib/diff.ts";
import { h } from "../lib/dom.ts";
import { t } from "../lib/words.ts";
import { withPiece, type Clash, type Piece } from "./apply.ts";
import { open } from "./dialogs.ts";
import { newID, plain, type Block, type Doc, type Inline, type Picture } from "./model.ts";

// Two people, one place: both texts side by side with the words that differ. Nothing typed is dropped.

type Answer = "mine" | "theirs" | "both";

/** text is what a person reads of a piece, to compare. */
export function text(piece: Piece): string {
  if (!piece) return "";
  if (typeof piece === "string") return piece;
  if (Array.isArray(piece)) return plain(piece);
  if ("kind" in piece) return blockText(piece);
  return pictureText(piece);
}

function pictureText(p: Picture): string {
  return [plain(p.caption), p.alt, p.credit].filter(Boolean).join("\n");
}

function blockText(b: Block): string {
  const parts = [
    b.title, plain(b.text), b.speaker, b.original,
    ...(b.items ?? []).map((i) => plain(i.text)),
    ...(b.pictures ?? []).map(pictureText),
    ...(b.rows ?? []).map((r) => r.cells.map((c) => plain(c.text)).join(" | ")),
    ...(b.blocks ?? []).map(blockText),
    b.embed && `${b.embed.title} ${b.embed.url}`,
  ];
  return parts.filter(Boolean).join("\n");
}

/** resolve shows the clashes and gives the document that was chosen, or null if that is to wait. */
export function resolve(doc: Doc, clashes: Clash[], lang: string, time: (at: string) => string): Promise<Doc | null> {
  return new Promise((done) => {
    const answers = clashes.map((): Answer => "mine");
    const parts = clashes.map((c, i) => section(c, i, lang, time, (a) => (answers[i] = a)));
    const dialog = open(null, t("clash_title", { n: clashes.length }), [
      h("p", {}, t("clash_intro")), ...parts,
      h("div", { class: "buttons" }, h("button", { class: "button", value: "later" }, t("clash_later")), h("button", { class: "button primary", value: "save" }, t("clash_done"))),
    ], true);
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "save") return done(null);
      done(clashes.reduce((d, c, i) => chosen(d, doc, c, answers[i]), doc));
    });
  });
}

function section(c: Clash, i: number, lang: string, time: (at: string) => string, answer: (a: Answer) => void): HTMLElement {
  const mine = text(c.mine);
  const theirs = text(c.theirs);
  const pieces = diff(mine, theirs, lang);
  const column = (title: string, leave: "ins" | "del", empty: boolean): HTMLElement =>
    h("div", { class: "text", lang }, h("small", {}, title), ...(empty ? [h("em", { class: "muted" }, t("clash_removed"))]
      : pieces.filter((p) => p.kind !== leave).map((p) => (p.kind === "same" ? p.text : h("ins", {}, p.text)))));
  const columns = [column(t("clash_mine"), "ins", !c.mine), column(t("clash_theirs", { who: c.by || t("clash_other"), time: c.at ? time(c.at) : "" }).replace(/,\s*$/, ""), "del", !c.theirs)];
  const choose = (a: Answer): void => {
    answer(a);
    columns[0].classList.toggle("chosen", a !== "theirs");
    columns[1].classList.toggle("chosen", a !== "mine");
  };
  const choice = (value: Answer, word: string): HTMLElement =>
    h("label", { class: "choice" }, h("input", { type: "radio", name: `clash.${i}`, value, checked: value === "mine", onchange: () => choose(value) }), h("span", {}, word));
  choose("mine");
  return h("section", { class: "clash" }, h("div", { class: "pair" }, ...columns),
    h("fieldset", { class: "choices" }, choice("mine", t("keep_mine")), choice("theirs", t("take_theirs")), choice("both", t("edit_both"))));
}

/** chosen builds the answer into the document. Both: their block follows mine, under a new name, so that
 * a person can make one of them. */
export function chosen(doc: Doc, like: Doc, c: Clash, answer: Answer): Doc {
  if (answer === "theirs" || (answer === "both" && !c.mine)) return withPiece(doc, c.address, c.theirs, like);
  const mine = withPiece(doc, c.address, c.mine, like);
  if (answer === "mine" || !c.theirs) return mine;
  if (typeof c.theirs === "string") return withPiece(doc, c.address, [c.mine, c.theirs].join(" / "), like);
  if (Array.isArray(c.theirs)) return withPiece(doc, c.address, [...(c.mine as Inline), { text: " / " }, ...c.theirs], like);
  if (!("kind" in c.theirs)) return mine; // there is one picture above a text
  const at = mine.blocks.findIndex((b) => b.id === c.address.split("/")[0]);
  return { ...mine, blocks: [...mine.blocks.slice(0, at + 1), renamed(c.theirs), ...mine.blocks.slice(at + 1)] };
}

/** renamed is a copy with new IDs throughout. */
function renamed(b: Block): Block {
  return JSON.parse(JSON.stringify(b, (k, v: unknown) => (k === "id" ? newID() : v))) as Block;
}
