import { h, icon } from "./dom.ts";
import { t } from "./words.ts";

interface Options {
  /** What a click on the word does; the message then goes. */
  action?: { label: string; run: () => void };
  link?: { label: string; href: string; blank?: boolean };
  /** signal is for what did not work; it stays until it is closed. amber is for what one should know. */
  tone?: "signal" | "amber";
  /** Stays until it is closed. */
  stay?: boolean;
  /** A message with the same name is replaced. */
  name?: string;
}

/** say shows one line at the bottom; eight seconds, unless something is wrong. */
export function say(text: string, o: Options = {}): { close(): void } {
  const place = document.getElementById("messages") ?? document.body.appendChild(h("div", { class: "messages", id: "messages", role: "status", "aria-live": "polite" }));
  if (o.name) place.querySelector(`[data-name="${o.name}"]`)?.remove();
  const el = h("div", { class: "message", "data-tone": o.tone, "data-name": o.name }, icon(o.tone === "signal" ? "error" : o.tone ? "warning" : "check"), h("span", {}, text));
  const gone = (): void => el.remove();
  if (o.action) {
    const { label, run } = o.action;
    el.append(h("button", { type: "button", onclick: () => { gone(); run(); } }, label));
  }
  if (o.link) el.append(h("a", { href: o.link.href, target: o.link.blank && "_blank" }, o.link.label));
  el.append(h("button", { type: "button", class: "close", "aria-label": t("close"), onclick: gone }, icon("close")));
  place.append(el);
  live(el, o.stay || o.tone === "signal");
  return { close: gone };
}

/** unsay takes the message of that name back: it isn't so any more. */
export function unsay(name: string): void {
  document.querySelector(`#messages > [data-name="${name}"]`)?.remove();
}

/** live gives a message its eight seconds; they wait while it is pointed at or focused. */
export function live(el: HTMLElement, stays = false): void {
  if (stays) return;
  const go = (): void => {
    if (el.matches(":hover, :focus-within")) setTimeout(go, 2000);
    else el.remove();
  };
  setTimeout(go, 8000);
}

/** adopt gives messages that the server put on the page a close button that works, and their time. */
export function adopt(): void {
  for (const el of document.querySelectorAll<HTMLElement>("#messages > .message")) {
    el.querySelector(".close")?.addEventListener("click", () => el.remove());
    live(el, "stay" in el.dataset || el.dataset.tone === "signal");
  }
}
