import { h } from "../lib/dom.ts";
import { t, uiLang } from "../lib/words.ts";

// Small help for plain forms: counters, one submit at a time, the errors' list taking the focus.

export function forms(): void {
  for (const field of document.querySelectorAll<HTMLElement>(".field[data-max]")) counter(field);
  document.addEventListener("submit", busy);
  // Back by the browser's cache: what was busy is not any more.
  addEventListener("pageshow", (e) => {
    if (!e.persisted) return;
    for (const b of document.querySelectorAll<HTMLButtonElement>("button[aria-busy=true]")) idle(b);
  });
  document.querySelector<HTMLElement>(".form-errors")?.focus();
}

function counter(field: HTMLElement): void {
  const input = field.querySelector<HTMLInputElement | HTMLTextAreaElement>("input, textarea");
  if (!input) return;
  const out = field.querySelector<HTMLElement>(".counter") ?? h("span", { class: "counter" });
  if (!out.isConnected) field.querySelector("label")?.append(" ", out);
  const max = Number(field.dataset.max);
  const segments = typeof Intl.Segmenter === "function" ? new Intl.Segmenter(uiLang(), { granularity: "grapheme" }) : null;
  const show = (): void => {
    const n = segments ? [...segments.segment(input.value)].length : [...input.value].length;
    out.textContent = t("count", { n, max });
    out.toggleAttribute("data-over", n > max);
  };
  input.addEventListener("input", show);
  show();
}

const labels = new WeakMap<HTMLButtonElement, Node[]>();

/** busy stops a second submit and says what is being done, in the button's own width. */
function busy(e: SubmitEvent): void {
  const form = e.target as HTMLFormElement;
  const button = e.submitter as HTMLButtonElement | null;
  if (e.defaultPrevented || (button?.formMethod || form.method) === "dialog") return;
  if (form.dataset.busy === "true") return e.preventDefault();
  if (form.target && form.target !== "_self") return;
  form.dataset.busy = "true";
  setTimeout(() => delete form.dataset.busy, 10_000);
  const word = button?.dataset.busy;
  if (!button || !word) return;
  // After the form's data is read: what is disabled or changed now is sent as it was.
  setTimeout(() => {
    button.style.minInlineSize = `${button.offsetWidth}px`;
    labels.set(button, [...button.childNodes]);
    button.setAttribute("aria-busy", "true");
    button.replaceChildren(h("span", { class: "wait" }, h("i"), h("i"), h("i")), word);
  });
}

function idle(button: HTMLButtonElement): void {
  button.removeAttribute("aria-busy");
  button.replaceChildren(...(labels.get(button) ?? []));
  delete button.form?.dataset.busy;
}
