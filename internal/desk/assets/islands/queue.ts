import { morph } from "../lib/dom.ts";
import { coming, live } from "../lib/live.ts";
import { say } from "../lib/message.ts";
import { t } from "../lib/words.ts";
import { pageAnew } from "./strip.ts";

/** <depesche-queue>: the list of translations follows what happens. Rows stay in their places, and what one is
 * filling in stays as it is. */
export class QueueElement extends HTMLElement {
  private stop: (() => void) | null = null;
  private readonly changed = new Set<string>();

  connectedCallback(): void {
    this.stop = live(coming(150, () => this.refresh()));
  }

  disconnectedCallback(): void {
    this.stop?.();
  }

  private async refresh(): Promise<void> {
    const page = await pageAnew();
    if (!page) return;
    for (const fresh of page.querySelectorAll<HTMLElement>("depesche-queue tr[data-edition]")) {
      const id = fresh.dataset.edition!;
      const tr = Array.from(this.querySelectorAll<HTMLElement>("tr[data-edition]")).find((r) => r.dataset.edition === id);
      if (!tr || put(tr, fresh)) this.changed.add(id);
    }
    if (this.changed.size) say(t("board_changed", { n: this.changed.size }), { name: "board", stay: true, action: { label: t("board_sort"), run: () => location.reload() } });
  }
}

/** put makes a row what the server says, cell by cell; a cell in which one is at work waits. */
function put(tr: HTMLElement, fresh: HTMLElement): boolean {
  let changed = false;
  for (const [i, cell] of Array.from(tr.children).entries()) {
    const html = fresh.children[i]?.innerHTML;
    if (html === undefined || cell.innerHTML === html || cell.matches(":focus-within") || cell.querySelector("details[open]")) continue;
    morph(cell, html);
    changed = true;
  }
  return changed;
}
