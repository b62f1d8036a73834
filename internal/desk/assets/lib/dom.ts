import { Idiomorph } from "idiomorph";

import check from "../icons/check.svg";
import close from "../icons/close.svg";
import error from "../icons/error.svg";
import warning from "../icons/warning.svg";
import down from "../icons/down.svg";
import redo from "../icons/redo.svg";
import trash from "../icons/trash.svg";
import undo from "../icons/undo.svg";
import up from "../icons/up.svg";

// Making elements. Attributes are set one by one and styles never, so that the strictest content
// security policy holds.

const icons = { check, close, down, error, redo, trash, undo, up, warning };
export type Icon = keyof typeof icons;

type Child = Node | string | null | undefined | false;
type Value = string | number | boolean | null | undefined | ((e: never) => void);

/** h makes an element: functions become listeners (onclick), true an empty attribute, false none. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attrs: Record<string, Value> = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(attrs)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") el.addEventListener(name.slice(2), value as unknown as EventListener);
    else el.setAttribute(name, value === true ? "" : String(value));
  }
  el.append(...children.filter((c): c is Node | string => c !== null && c !== undefined && c !== false));
  return el;
}

/** icon is one of the desk's drawings. */
export function icon(name: Icon): Element {
  const holder = document.createElement("template");
  holder.innerHTML = icons[name];
  return holder.content.firstElementChild!;
}

/** part reads the JSON that the server put into the element as <script data-part=name>. */
export function part<T>(el: ParentNode, name: string, fallback: T): T {
  const text = el.querySelector(`script[data-part="${name}"]`)?.textContent;
  if (!text?.trim()) return fallback;
  const value = JSON.parse(text) as T | string | null;
  // A template that writes JSON as a string gives a string of JSON.
  return ((typeof value === "string" ? JSON.parse(value) : value) as T | null) ?? fallback;
}

/** field is a labelled control as the desk's forms have it. */
export function field(label: string, control: HTMLElement, hint?: string): HTMLElement {
  control.id ||= "f" + Math.random().toString(36).slice(2, 9);
  return h("div", { class: "field" }, h("label", { for: control.id }, label), hint ? h("p", { class: "hint" }, hint) : null, control);
}

/** debounce calls fn once after the calls have paused. */
export function debounce(ms: number, fn: () => void): { (): void; cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(fn, ms);
  };
  later.cancel = (): void => clearTimeout(timer);
  return later;
}

/** morph makes what is in el the HTML that the server sent. Elements that stay are the same ones afterwards: a
 * link keeps the focus, a press that is going on becomes a click, what was opened stays open, what was typed stays. */
export function morph(el: Element | null | undefined, html: string | undefined): void {
  if (!el || html === undefined) return;
  Idiomorph.morph(el, html, {
    morphStyle: "innerHTML",
    callbacks: {
      beforeNodeMorphed: (old: Node) => !(old instanceof HTMLInputElement && old.value !== old.defaultValue),
      beforeAttributeUpdated: (name: string, of: Element) => !(name === "open" && of.localName === "details"),
    },
  });
}
