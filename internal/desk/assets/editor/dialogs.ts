import { toggleMark } from "prosemirror-commands";
import { TextSelection } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { debounce, field, h } from "../lib/dom.ts";
import { say } from "../lib/message.ts";
import { t } from "../lib/words.ts";
import type { Context, LibraryPicture, Story } from "./context.ts";
import { cleanHref, schema } from "./schema.ts";

// The editor's dialogs: link, language, pictures. Each gives the caret back when it closes.

/** open shows a dialog over the page and takes it away when it closes. */
export function open(view: EditorView | null, title: string, content: Node[], wide = false): HTMLDialogElement {
  const heading = h("h2", { id: "editor-dialog" }, title);
  const form = h("form", { method: "dialog" }, heading, ...content);
  const dialog = h("dialog", { class: wide ? "dialog wide" : "dialog", "aria-labelledby": "editor-dialog" }, form);
  dialog.addEventListener("close", () => {
    dialog.remove();
    view?.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

function cancel(): HTMLElement {
  return h("button", { class: "button", value: "cancel", formnovalidate: true }, t("cancel"));
}

/** linkDialog sets an address or a story of the paper on the selected words, or on the word at the caret. */
export function linkDialog(view: EditorView, ctx: Context): boolean {
  const range = linkRange(view);
  if (!range) return false;
  const { from, to } = range;
  const marks = view.state.doc.nodeAt(from)?.marks ?? [];
  const old = schema.marks.link.isInSet(marks)?.attrs.href as string | undefined;
  const oldStory = schema.marks.story.isInSet(marks)?.attrs.story as string | undefined;
  let story: Story | null = null;
  const input = h("input", { type: "text", value: old ?? "", autofocus: true, autocomplete: "off", spellcheck: "false" });
  const text = from === to ? h("input", { type: "text", lang: ctx.lang }) : null;
  const found = h("div", { class: "found", role: "group", "aria-label": t("link_label") });
  const error = h("p", { class: "error", role: "alert" });
  const choose = (s: Story, button: Element): void => {
    story = s;
    error.textContent = "";
    for (const b of found.children) b.setAttribute("aria-pressed", String(b === button));
  };
  const search = debounce(250, () => {
    const q = input.value.trim();
    if (q.length < 2 || address(q)) return found.replaceChildren();
    ctx.searchStories(q).then((list) => {
      found.replaceChildren(...list.slice(0, 12).map((s) => {
        const b: HTMLElement = h("button", { type: "button", "aria-pressed": "false", onclick: () => choose(s, b) },
          h("b", { lang: s.lang }, s.headline), h("small", {}, [s.section, s.date, s.lang].filter(Boolean).join(", ")));
        return b;
      }));
      if (!list.length) found.replaceChildren(h("p", { class: "muted" }, t("none_found")));
    }, () => found.replaceChildren(h("p", { class: "muted" }, t("offline"))));
  });
  input.addEventListener("input", () => {
    story = null;
    search();
  });
  const dialog = open(view, t("link_title"), [
    field(t("link_label"), input, t("link_hint")), found, error, ...(text ? [field(t("link_text"), text)] : []),
    h("div", { class: "buttons" },
      old || oldStory ? h("button", { class: "button quiet", value: "remove", formnovalidate: true }, t("link_remove")) : null,
      cancel(), h("button", { class: "button primary", value: "set" }, t("link_set"))),
  ]);
  dialog.querySelector("form")!.addEventListener("submit", (e) => {
    const act = (e.submitter as HTMLButtonElement | null)?.value;
    if (act === "cancel") return;
    const tr = view.state.tr;
    if (act !== "remove") {
      const href = address(input.value.trim());
      if (!story && !href) {
        e.preventDefault();
        error.textContent = t("link_bad");
        return;
      }
      const mark = story ? schema.marks.story.create({ story: story.id }) : schema.marks.link.create({ href });
      if (from === to) tr.insert(from, schema.text(text?.value || story?.headline || href, [mark]));
      else tr.removeMark(from, to, schema.marks.link).removeMark(from, to, schema.marks.story).addMark(from, to, mark);
    } else {
      tr.removeMark(from, to, schema.marks.link).removeMark(from, to, schema.marks.story);
    }
    view.dispatch(tr.scrollIntoView());
  });
  return true;
}

/** address reads what people type as one: a bare host gets https, a mail address mailto. */
export function address(text: string): string {
  if (/^[^\s@/:]+@[^\s@/]+\.[^\s@/]+$/.test(text)) return cleanHref("mailto:" + text);
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}(\/\S*)?$/i.test(text)) return cleanHref("https://" + text);
  return cleanHref(text);
}

/** linkRange is the selection, the link round the caret, the word at it, or the empty place itself. */
function linkRange(view: EditorView): { from: number; to: number } | null {
  const { $from, $to, empty, from, to } = view.state.selection;
  if (!$from.parent.inlineContent || $from.parent.type.spec.marks === "") return null;
  if (!empty) return $from.sameParent($to) ? { from, to } : { from, to: $from.end() };
  const has = (i: number): boolean => {
    const set = $from.parent.child(i).marks;
    return Boolean(schema.marks.link.isInSet(set) ?? schema.marks.story.isInSet(set));
  };
  let offset = 0;
  for (let i = 0; i < $from.parent.childCount; i++) {
    const size = $from.parent.child(i).nodeSize;
    if (offset <= $from.parentOffset && $from.parentOffset <= offset + size && has(i)) return { from: $from.start() + offset, to: $from.start() + offset + size };
    offset += size;
  }
  const text = $from.parent.textBetween(0, $from.parent.content.size, undefined, "\ufffc");
  const left = /[\p{L}\p{M}\p{N}]*$/u.exec(text.slice(0, $from.parentOffset))![0].length;
  const right = /^[\p{L}\p{M}\p{N}]*/u.exec(text.slice($from.parentOffset))![0].length;
  return { from: from - left, to: from + right };
}

/** langDialog says in which language the selected words are. */
export function langDialog(view: EditorView, ctx: Context): boolean {
  const { from, to, empty, $from } = view.state.selection;
  if (empty || $from.parent.type.spec.marks === "") return false;
  const select = h("select", { autofocus: true }, ...ctx.langs.filter((l) => l.tag !== ctx.lang).map((l) => h("option", { value: l.tag }, l.name)));
  const other = h("input", { type: "text", pattern: "[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", autocomplete: "off" });
  const dialog = open(view, t("lang_title"), [
    ctx.langs.length ? field(t("lang_label"), select) : h("span"),
    field(t("lang_tag"), other, "BCP 47: la, en-GB, zh-Hant"),
    h("div", { class: "buttons" }, h("button", { class: "button quiet", value: "remove", formnovalidate: true }, t("lang_remove")), cancel(), h("button", { class: "button primary", value: "set" }, t("lang_set"))),
  ]);
  dialog.addEventListener("close", () => {
    const type = schema.marks.lang;
    const lang = other.value.trim() || select.value;
    if (dialog.returnValue === "remove") view.dispatch(view.state.tr.removeMark(from, to, type));
    else if (dialog.returnValue === "set" && lang) {
      view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, from, to)).removeMark(from, to, type));
      toggleMark(type, { lang })(view.state, view.dispatch.bind(view));
    }
  });
  return true;
}

/** pictureDialog lets one choose from the library or upload. */
export function pictureDialog(view: EditorView, ctx: Context, take: (media: string) => void): void {
  let chosen = "";
  const input = h("input", { type: "search", autofocus: true, "aria-label": t("picture_search"), placeholder: t("picture_search") });
  const list = h("div", { class: "picker" });
  const go = h("button", { class: "button primary", value: "take", disabled: true }, t("picture_take"));
  const file = h("input", { type: "file", accept: "image/*", "aria-label": t("picture_upload") });
  const show = (pictures: (LibraryPicture & { id: string })[]): void => {
    list.replaceChildren(...pictures.map((p) => {
      const b: HTMLElement = h("button", {
        type: "button", "aria-pressed": "false", onclick: () => {
          chosen = p.id;
          go.disabled = false;
          for (const x of list.children) x.setAttribute("aria-pressed", String(x === b));
        },
        ondblclick: () => dialog.close("take"),
      }, h("img", { src: p.thumb, alt: p.alt ?? "", loading: "lazy" }), h("span", {}, p.caption || p.name || p.alt || p.id), h("small", { class: "muted" }, p.credit ?? ""));
      return b;
    }));
    if (!pictures.length) list.replaceChildren(h("p", { class: "muted" }, t("none_found")));
  };
  const search = (): void => void ctx.searchPictures(input.value.trim()).then(show, () => list.replaceChildren(h("p", { class: "muted" }, t("offline"))));
  input.addEventListener("input", debounce(250, search));
  file.addEventListener("change", () => {
    const f = file.files?.[0];
    if (!f) return;
    list.replaceChildren(h("p", { class: "muted" }, t("uploading", { name: f.name })));
    ctx.upload(f).then((id) => {
      chosen = id;
      dialog.close("take");
    }, (e: Error) => {
      say(t("upload_failed", { name: f.name, why: e.message }), { tone: "signal" });
      search();
    });
  });
  const dialog = open(view, t("picture_title"), [input, list, field(t("picture_upload"), file), h("div", { class: "buttons" }, cancel(), go)], true);
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "take" && chosen) take(chosen);
  });
  search();
}
