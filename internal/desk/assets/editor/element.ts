import { EditorState, TextSelection } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { h, morph, part } from "../lib/dom.ts";
import { say } from "../lib/message.ts";
import { t, uiLang } from "../lib/words.ts";
import { actions } from "./actions.ts";
import { replaceDoc } from "./apply.ts";
import { pressBelow } from "./below.ts";
import { resolve } from "./clash.ts";
import { dragSources } from "./clipboard.ts";
import { Context, markSource, type Language, type LibraryPicture, type Source } from "./context.ts";
import { fromDoc, toDoc } from "./convert.ts";
import { open, pictureDialog } from "./dialogs.ts";
import { findingsKey, refusalsKey, show, type Finding } from "./findings.ts";
import { newID, type Doc } from "./model.ts";
import { outlineKey } from "./outline.ts";
import { plugins } from "./plugins.ts";
import { presence } from "./presence.ts";
import type { Typography } from "./rules.ts";
import { schema } from "./schema.ts";
import { Sync } from "./sync.ts";
import { Toolbar } from "./toolbar.ts";
import { views } from "./views.ts";

/** begin puts the caret where a text that was only just begun goes on, unless one is elsewhere already. */
function begin(view: EditorView, doc: Doc): void {
  if (doc.lead?.length || doc.blocks.some((b) => b.kind !== "paragraph" || b.text?.length) || document.activeElement !== document.body) return;
  const want = doc.headline ? "lead" : "headline";
  view.state.doc.forEach((node, at) => {
    if (node.type.name === want) view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, at + 1)));
  });
  view.focus();
}

/**
 * <depesche-editor> makes the writing screen's plain fields an editor. The server's markup is the
 * contract: attributes data-save, data-base, data-version, data-draft-key …, and JSON in
 * <script data-part>. If anything fails before the editor stands, the plain fields stay.
 */
export class EditorElement extends HTMLElement {
  private view: EditorView | null = null;
  private sync: Sync | null = null;
  private stopPresence: (() => void) | null = null;
  private readonly readonlyText = this.hasAttribute("data-readonly");

  connectedCallback(): void {
    if (this.view) return;
    // Parsing may not have reached the JSON inside yet when the script comes from the cache.
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => this.start(), { once: true });
    else this.start();
  }

  disconnectedCallback(): void {
    this.stopPresence?.();
  }

  private byID(name: string): HTMLElement | null {
    const id = this.dataset[name];
    return id ? document.getElementById(id) : null;
  }

  private start(): void {
    const doc = part<Doc>(this, "doc", { blocks: [] });
    doc.blocks ??= [];
    const ctx = new Context(this.lang, { pictures: this.dataset.pictures ?? "", upload: this.dataset.upload ?? this.dataset.pictures ?? "", stories: this.dataset.stories ?? "" });
    ctx.sources = part<Source[]>(this, "sources", []);
    ctx.langs = part<Language[]>(this, "langs", []);
    ctx.pictures = part<Record<string, LibraryPicture>>(this, "pictures", {});
    const typography = part<Typography | null>(this, "typography", null);
    const acts = actions(ctx, (view) => this.chooseSource(view, ctx));
    const start = fromDoc(doc); // may throw: then nothing has changed yet
    let toolbar: Toolbar | null = null;
    const state = EditorState.create({
      doc: withLine(start),
      plugins: plugins(ctx, acts, typography, part<Finding[]>(this, "findings", []), () => void this.sync?.save(true)),
    });
    const place = h("div");
    const view = new EditorView(place, {
      state,
      editable: () => !this.readonlyText,
      attributes: { class: "doc", lang: this.lang, dir: this.dir || "ltr", role: "textbox", "aria-multiline": "true", "aria-label": t("tool_text"), spellcheck: "true" },
      nodeViews: views(ctx, (at) => pictureDialog(view, ctx, (media) => view.dispatch(view.state.tr.setNodeAttribute(at, "media", media)))),
      dispatchTransaction: (tr) => {
        view.updateState(view.state.apply(tr));
        toolbar?.update(view);
        // What comes from the server is no change of ours.
        if (tr.docChanged && !tr.getMeta("remote")) this.sync?.changed();
      },
    });
    this.view = view;
    this.replaceChildren(place, h("p", { class: "doc-hint" }, this.readonlyText ? t("read_only") : t("hint")));
    const bar = this.byID("tools");
    if (bar && !this.readonlyText) {
      toolbar = new Toolbar(bar, acts, this.note(typography));
      toolbar.attach(view);
    }
    this.wire(view, doc);
  }

  /** note says which signs the typing help makes. */
  private note(typography: Typography | null): string {
    if (!typography) return "";
    const name = this.lang && new Intl.DisplayNames([uiLang()], { type: "language" }).of(this.lang);
    return `${name ?? this.lang}: ${typography.quote[0]}…${typography.quote[1]} ${typography.dash}`;
  }

  private wire(view: EditorView, doc: Doc): void {
    document.addEventListener("click", (e) => {
      const link = (e.target as Element).closest?.<HTMLElement>("[data-show]");
      if (link && show(view, link.dataset.show!, link.dataset.quote)) e.preventDefault();
    });
    if (this.readonlyText) return;
    dragSources(document);
    pressBelow(view, this.closest<HTMLElement>(".doc-column") ?? this);
    this.sync = new Sync({
      doc: () => toDoc(view.state.doc),
      apply: (d) => view.dispatch(replaceDoc(view.state, d).setMeta("addToHistory", false).setMeta("remote", true)),
      resolve: (d, clashes) => resolve(d, clashes, this.lang, (at) => this.time(at)),
      told: (answer) => {
        if (answer.findings) view.dispatch(view.state.tr.setMeta(findingsKey, answer.findings).setMeta("addToHistory", false));
        morph(this.byID("checklist"), answer.checklistHTML);
        morph(document.getElementById("edition-state"), answer.stateHTML);
        if (answer.errors?.length || refusalsKey.getState(view.state)?.find().length) {
          view.dispatch(view.state.tr.setMeta(refusalsKey, answer.errors ?? []).setMeta("addToHistory", false));
        }
      },
      show: (address) => void show(view, address),
      line: (state, text) => {
        const el = this.byID("saved");
        if (!el) return;
        el.dataset.state = state;
        el.textContent = text;
        this.hold(state === "waiting", el.id);
      },
      time: (at) => this.time(at),
    }, {
      save: this.dataset.save ?? "", signIn: this.dataset.signIn ?? "/desk/sign-in", key: this.dataset.draftKey ?? location.pathname,
      base: Number(this.dataset.base ?? 0), version: Number(this.dataset.version ?? 0), doc,
    });
    view.dom.addEventListener("blur", () => void this.sync?.save());
    document.addEventListener("keydown", (e) => {
      if (!(e.ctrlKey || e.metaKey) || e.altKey || e.shiftKey || e.key.toLowerCase() !== "s" || e.defaultPrevented) return;
      e.preventDefault();
      void this.sync?.save(true);
    });
    const form = this.closest("form");
    if (form) this.submits(form, view);
    if (this.dataset.presence) {
      const where = (): string => {
        const { $from } = view.state.selection;
        return $from.depth > 0 && view.hasFocus() ? String($from.node(1).attrs.id ?? "") : "";
      };
      this.stopPresence = presence(this.dataset.presence, this.byID("people"), where, (people) => view.dispatch(view.state.tr.setMeta(outlineKey, people).setMeta("addToHistory", false)));
    }
    void this.sync.restore();
    begin(view, doc);
  }

  /** submits gives the form the text as it is, after it was saved. */
  private submits(form: HTMLFormElement, view: EditorView): void {
    let passed = false;
    form.addEventListener("formdata", (e) => {
      e.formData.set("doc", JSON.stringify(toDoc(view.state.doc)));
      for (const [name, value] of Object.entries(this.sync!.fields)) e.formData.set(name, value);
    });
    form.addEventListener("submit", (e) => {
      const submitter = e.submitter as HTMLButtonElement | null;
      if (passed || submitter?.hasAttribute("data-skip-save") || !this.sync!.pending) {
        passed = false;
        return;
      }
      e.preventDefault();
      e.stopImmediatePropagation();
      void this.sync!.save(true).then((stored) => {
        if (!stored) {
          if (!navigator.onLine) say(t("offline_act"), { tone: "signal", name: "sync" });
          return;
        }
        passed = true;
        form.requestSubmit(submitter);
      });
    }, { capture: true });
  }

  /** hold stops the steps that would leave text behind that waits on the device; the line says why. */
  private hold(on: boolean, why: string): void {
    for (const b of this.closest("form")?.elements ?? []) {
      if (!(b instanceof HTMLButtonElement) || b.name !== "act" || b.disabled === on) continue;
      b.disabled = on;
      if (on) {
        b.dataset.describedby = b.getAttribute("aria-describedby") ?? "";
        b.setAttribute("aria-describedby", why);
      } else if (b.dataset.describedby) b.setAttribute("aria-describedby", b.dataset.describedby);
      else b.removeAttribute("aria-describedby");
    }
  }

  private chooseSource(view: EditorView, ctx: Context): void {
    if (!ctx.sources.length) return void say(t("no_sources"));
    const choices = [...ctx.sources.map((s) => ({ id: s.id, name: s.name })), { id: "", name: t("remove_source") }];
    const dialog = open(view, t("tool_source"), [
      h("div", { class: "found" }, ...choices.map((c) => h("button", { value: "set:" + c.id }, h("b", {}, c.name)))),
      h("div", { class: "buttons" }, h("button", { class: "button", value: "cancel" }, t("cancel"))),
    ]);
    dialog.addEventListener("close", () => {
      if (dialog.returnValue.startsWith("set:")) markSource(view, dialog.returnValue.slice(4) || null);
    });
  }

  private time(at: string | number): string {
    const zone = this.dataset.tz || undefined;
    const when = new Date(at);
    const today = new Date().toDateString() === when.toDateString();
    return new Intl.DateTimeFormat(uiLang(), { timeStyle: "medium", hourCycle: "h23", ...(today ? {} : { dateStyle: "short" }), timeZone: zone }).format(when);
  }
}

/** withLine opens a first line in an empty text, so that there is a place to write. */
function withLine(doc: ReturnType<typeof fromDoc>): ReturnType<typeof fromDoc> {
  const n = schema.nodes;
  const children = Array.from({ length: doc.childCount }, (_, i) => doc.child(i));
  if (children.some((c) => ![n.kicker, n.headline, n.lead, n.leadpicture, n.teaser, n.slug].includes(c.type))) return doc;
  return n.doc.create(null, [...children.slice(0, -2), n.paragraph.create({ id: newID() }), ...children.slice(-2)]);
}
