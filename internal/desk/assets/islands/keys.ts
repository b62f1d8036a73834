import { h, icon } from "../lib/dom.ts";
import { t } from "../lib/words.ts";

// Single keys: whatever has data-key is pressed by it while no field has the focus. ? lists all keys.

/** typing tells whether a key press belongs to a field or an open dialog. */
export function typing(target: EventTarget | null): boolean {
  const el = target as Element | null;
  return Boolean(el?.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true], .ProseMirror, dialog[open]"));
}

export function keys(): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-keys]")) {
    button.hidden = false;
    button.addEventListener("click", list);
  }
  document.addEventListener("keydown", (e) => {
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || typing(e.target)) return;
    if (e.key === "?") {
      e.preventDefault();
      return list();
    }
    const key = e.key.toLowerCase();
    for (const el of document.querySelectorAll<HTMLElement>("[data-key]")) {
      if (el.dataset.key?.toLowerCase() !== key || el.hidden || el.closest("[hidden]")) continue;
      e.preventDefault();
      if (el.matches("input, textarea, select")) el.focus();
      else el.click();
      return;
    }
  });
}

/** list shows the keys of this page. */
function list(): void {
  const rows: [string, string][] = [];
  for (const el of document.querySelectorAll<HTMLElement>("[data-key]")) {
    const clean = el.cloneNode(true) as HTMLElement;
    clean.querySelectorAll("kbd, svg").forEach((x) => x.remove());
    rows.push([clean.textContent?.trim() || el.getAttribute("aria-label") || "", (el.dataset.key ?? "").toUpperCase()]);
  }
  if (document.querySelector("depesche-board")) rows.push([t("key_cells"), "← ↑ ↓ →"], [t("key_open"), "Enter"], [t("key_translate"), "T"]);
  if (document.querySelector("depesche-units")) {
    rows.push([t("key_confirm"), "Ctrl Enter"], [t("key_rows"), "Alt ↑ ↓"], [t("key_suggestion"), "Alt 1 … 9"], [t("key_repair"), "Alt 0"], [t("key_aside"), "Alt A"], [t("key_propose"), "Alt P"],
      [t("key_still"), "Alt R"], [t("key_finding"), "Ctrl E"], [t("key_terms"), "Ctrl G"], [t("key_memory"), "Alt M"], [t("key_marks"), "Alt ⇧ 1 … 9"], [t("key_differ"), "Alt O"], [t("key_save"), "Ctrl S"]);
  }
  if (document.querySelector("depesche-editor")) {
    rows.push([t("key_block"), "/"], [t("key_source"), "@"], [t("key_link"), "Ctrl K"], [t("key_bold"), "Ctrl B"], [t("key_italic"), "Ctrl I"], [t("key_move"), "Alt ↑ ↓"], [t("key_save"), "Ctrl S"]);
  }
  rows.push([t("key_help"), "?"]);
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": "keys-title" },
    h("form", { method: "dialog" }, h("h2", { id: "keys-title" }, t("keys_title")),
      h("table", { class: "keys-table" }, h("tbody", {}, ...rows.map(([what, key]) =>
        h("tr", {}, h("td", {}, what), h("td", {}, ...key.split(" ").flatMap((k, i) => [i > 0 ? " " : null, /^[…]$/.test(k) ? k : h("kbd", {}, k)])))))),
      h("div", { class: "buttons" }, h("button", { class: "button" }, icon("close"), t("close")))));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
