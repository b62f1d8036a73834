import { morph } from "../lib/dom.ts";
import { coming } from "../lib/live.ts";

/** strip brings what stands round today's board: what needs one, what goes out, who is here. It may come a little
 * later than the board: making it costs the server a page. */
export const strip = coming(1000, async () => {
  const place = document.getElementById("needs-place");
  if (!place) return;
  const page = await pageAnew();
  for (const selector of ["#needs-place", ".aside"]) {
    const there = page?.querySelector(selector);
    if (there) morph(document.querySelector(selector), there.innerHTML);
  }
});

/** pageAnew is this page as the server would send it now; null if it wouldn't. */
export async function pageAnew(): Promise<Document | null> {
  const res = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "manual" });
  return res.ok ? new DOMParser().parseFromString(await res.text(), "text/html") : null;
}
