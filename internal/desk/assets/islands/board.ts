import { morph } from "../lib/dom.ts";
import { coming, live } from "../lib/live.ts";
import { say } from "../lib/message.ts";
import { t } from "../lib/words.ts";
import { typing } from "./keys.ts";
import { strip } from "./strip.ts";

/** <depesche-board>: arrow keys go from cell to cell, Enter opens (as a link or button does), T starts a
 * translation in an empty cell. One cell is in the tab order. Rows follow what happens, in their places. */
export class BoardElement extends HTMLElement {
  private stop: (() => void) | null = null;
  private readonly heard = new Set<string>();
  private readonly changed = new Set<string>();
  private readonly later = coming(60, () => this.refresh());

  connectedCallback(): void {
    this.order(this.rows()[0]?.[0]);
    this.addEventListener("keydown", (e) => this.key(e));
    this.addEventListener("focusin", (e) => {
      const cell = (e.target as Element).closest<HTMLElement>(".cell, .title");
      if (cell) this.order(cell);
    });
    this.stop = live((news) => {
      if (news.kind === "reload") for (const tr of this.stories()) this.heard.add(tr.dataset.story!);
      else if (news.story) this.heard.add(news.story);
      this.later();
    });
  }

  disconnectedCallback(): void {
    this.stop?.();
  }

  private order(first: HTMLElement | undefined): void {
    for (const cell of this.rows().flat()) cell.tabIndex = cell === first ? 0 : -1;
  }

  private stories(): HTMLElement[] {
    return Array.from(this.querySelectorAll<HTMLElement>("tr[data-story]"));
  }

  /** refresh brings the rows of stories in which something happened. They stay where they are: sorting is asked for. */
  private async refresh(): Promise<void> {
    const ids = [...this.heard].slice(0, 40);
    for (const id of ids) this.heard.delete(id);
    if (!ids.length) return;
    const res = await fetch(`/desk/board.json?${new URLSearchParams(ids.map((id) => ["story", id]))}`, { headers: { Accept: "application/json" } });
    if (!res.ok) return;
    const { rows = {} } = (await res.json()) as { rows?: Record<string, string> };
    const current = this.querySelector<HTMLElement>(".cell[tabindex='0'], .title[tabindex='0']");
    for (const [id, html] of Object.entries(rows)) {
      const tr = this.stories().find((r) => r.dataset.story === id);
      if (tr ? put(tr, html) : whole()) this.changed.add(id);
    }
    this.order(current?.isConnected ? current : this.rows()[0]?.[0]);
    if (this.changed.size) say(t("board_changed", { n: this.changed.size }), { name: "board", stay: true, action: { label: t("board_sort"), run: () => location.reload() } });
    strip();
    if (this.heard.size) this.later();
  }

  /** rows are the things one can open: the story's title and its cells. */
  private rows(): HTMLElement[][] {
    return Array.from(this.querySelectorAll("tbody tr"), (tr) => Array.from(tr.querySelectorAll<HTMLElement>(".title, .cell")));
  }

  private key(e: KeyboardEvent): void {
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target)) return;
    const rows = this.rows();
    const y = rows.findIndex((r) => r.includes(e.target as HTMLElement));
    if (y < 0) return;
    const x = rows[y].indexOf(e.target as HTMLElement);
    const ahead = getComputedStyle(this).direction === "rtl" ? -1 : 1;
    const [dx, dy] = { ArrowRight: [ahead, 0], ArrowLeft: [-ahead, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[e.key] ?? [0, 0];
    let next: HTMLElement | undefined;
    if (dx || dy) next = rows[y + dy]?.[Math.min(x + dx, (rows[y + dy]?.length ?? 1) - 1)];
    else if (e.key === "Home") next = rows[y][0];
    else if (e.key === "End") next = rows[y].at(-1);
    else if (e.key.toLowerCase() === "t" && "none" in (e.target as HTMLElement).dataset) {
      e.preventDefault();
      (e.target as HTMLElement).click();
      return;
    } else return;
    e.preventDefault();
    next?.focus();
    next?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}

/** whole tells whether the list shows the newest stories of all; in others a story that isn't there may belong elsewhere. */
function whole(): boolean {
  return [...new URLSearchParams(location.search).values()].every((v) => v === "");
}

/** put makes a row what the server says, and tells whether it was something else before. */
function put(tr: HTMLElement, html: string): boolean {
  for (const cell of tr.querySelectorAll(".title, .cell")) cell.removeAttribute("tabindex");
  const was = tr.innerHTML;
  morph(tr, html);
  return tr.innerHTML !== was;
}
