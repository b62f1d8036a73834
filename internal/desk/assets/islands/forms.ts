import { h } from "../lib/dom.ts";
import { t, uiLang } from "../lib/words.ts";

// Small help for plain forms: counters, one submit at a time, the errors' list taking the focus.

export function forms(): void {
  for (const field of document.querySelectorAll<HTMLElement>(".field[data-max]")) counter(field);
  for (const set of document.querySelectorAll<HTMLFieldSetElement>("fieldset.field")) finder(set);
  document.addEventListener("submit", busy);
  // Back by the browser's cache: what was busy is not any more.
  addEventListener("pageshow", (e) => {
    if (!e.persisted) return;
    for (const b of document.querySelectorAll<HTMLButtonElement>("button[aria-busy=true]")) idle(b);
    for (const f of document.querySelectorAll<HTMLFormElement>("form[data-busy]")) delete f.dataset.busy;
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

/** finder puts a field above a long list of choices; what is chosen stays in sight. */
function finder(set: HTMLFieldSetElement): void {
  const choices = [...set.querySelectorAll<HTMLElement>(":scope > .choice")];
  if (choices.length <= 12) return;
  const input = h("input", { type: "search", class: "finder", "aria-label": t("filter"), placeholder: t("filter"), autocomplete: "off" });
  input.addEventListener("input", () => {
    const words = fold(input.value).split(/\s+/);
    for (const c of choices) {
      const label = fold(c.textContent ?? "");
      c.hidden = !c.querySelector("input")?.checked && !words.every((w) => label.includes(w));
    }
  });
  input.addEventListener("keydown", (e) => {
    if (e.key === "Enter") e.preventDefault(); // the form has its own button
  });
  choices[0].before(input);
}

const fold = (s: string): string => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

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
  // After the form's data is read: what is disabled or changed now is sent as it was.
  if (button) setTimeout(() => wait(button));
}

/** wait says in a button what is being done, if there is a word for it. */
export function wait(button: HTMLButtonElement): void {
  const word = button.dataset.busy;
  if (!word || button.hasAttribute("aria-busy")) return;
  button.style.minInlineSize = `${button.offsetWidth}px`;
  labels.set(button, [...button.childNodes]);
  button.setAttribute("aria-busy", "true");
  button.replaceChildren(h("span", { class: "wait" }, h("i"), h("i"), h("i")), word);
}

/** idle says in a button what it does, as before. */
export function idle(button: HTMLButtonElement): void {
  if (button.hasAttribute("aria-busy")) button.replaceChildren(...(labels.get(button) ?? []));
  button.removeAttribute("aria-busy");
  delete button.form?.dataset.busy;
}
