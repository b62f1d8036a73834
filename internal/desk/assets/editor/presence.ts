import { h } from "../lib/dom.ts";
import type { Person } from "./outline.ts";

const every = 15_000;

/** presence tells the server where one is and shows who else is at the edition. It is quiet when that
 * doesn't work: nothing depends on it. */
export function presence(endpoint: string, avatars: HTMLElement | null, where: () => string, tell: (people: Person[]) => void): () => void {
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = async (): Promise<void> => {
    if (document.visibilityState === "visible") {
      try {
        const res = await fetch(endpoint, { method: "POST", body: new URLSearchParams({ block: where() }), headers: { Accept: "application/json" } });
        if (res.status === 404) return;
        if (res.ok) {
          const { people = [] } = (await res.json()) as { people?: Person[] };
          avatars?.replaceChildren(...people.map((p) => h("span", { class: "avatar", "data-tone": p.tone ?? "violet", title: p.name, role: "img", "aria-label": p.name }, p.initials)));
          tell(people);
        }
      } catch {
        // offline; the saved line says so
      }
    }
    if (!stopped) timer = setTimeout(() => void ask(), every);
  };
  void ask();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
