import { typing } from "./keys.ts";

/** <depesche-board>: arrow keys go from cell to cell, Enter opens (as a link or button does), T starts a
 * translation in an empty cell. One cell is in the tab order. */
export class BoardElement extends HTMLElement {
  connectedCallback(): void {
    const first = this.rows()[0]?.[0];
    for (const cell of this.rows().flat()) cell.tabIndex = cell === first ? 0 : -1;
    this.addEventListener("keydown", (e) => this.key(e));
    this.addEventListener("focusin", (e) => {
      const cell = (e.target as Element).closest<HTMLElement>(".cell, .title");
      if (!cell) return;
      for (const c of this.rows().flat()) c.tabIndex = c === cell ? 0 : -1;
    });
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
