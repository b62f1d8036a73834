import { morph } from "../lib/dom.ts";
import { coming, concerns, here, live } from "../lib/live.ts";

/** around keeps what stands round a text that is being written as it is: where the story's other editions are,
 * what changed for its translations, and what readers report. */
export function around(): void {
  const tabs = document.querySelector(".bar .editions");
  const { story, edition } = here();
  if (!tabs || !edition) return;
  const refresh = coming(80, async () => {
    const res = await fetch(`/desk/editions/${edition}/around.json`, { headers: { Accept: "application/json" } });
    if (!res.ok) return;
    const { tabsHTML, changesHTML, reportsHTML } = (await res.json()) as { tabsHTML?: string; changesHTML?: string; reportsHTML?: string };
    morph(tabs, tabsHTML);
    morph(document.getElementById("changes-place"), changesHTML);
    morph(document.getElementById("reports-place"), reportsHTML);
  });
  live((news) => concerns(news, story) && refresh());
}
