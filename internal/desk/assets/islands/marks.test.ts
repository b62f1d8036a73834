import assert from "node:assert/strict";
import { test } from "node:test";
import { Numbers } from "./marks.ts";

const a = "01m80xe2rq4t7w9z2b5d8f1h3k";
const b = "01m80xe2rq4t7w9z2b5d8f1h3m";
const source = `[План міста](source:${a}) і **[ще](<story:${b} lang:fr>)**, [закон](https://example.org/a), знову [План](source:${a}).`;

test("IDs are numbers on the screen and IDs again when saved", () => {
  const n = new Numbers(source);
  assert.equal(n.short(source), "[План міста](source:1) і **[ще](<story:2 lang:fr>)**, [закон](https://example.org/a), знову [План](source:1).");
  const target = `[Plan](source:${a}), \\[so\\](source:1), [x](source:other-id)`;
  assert.equal(n.short(target), "[Plan](source:1), \\[so\\](source:1), [x](source:3)");
  for (const text of [source, target, "", "kein Verweis", `\\](source:${a})`, "[x](https://example.org/source:abc)", `[x](<lang:fr source:${b}>)`]) {
    assert.equal(n.long(n.short(text)), text);
  }
});

test("a retyped number is the original's mark; an unknown one stays", () => {
  const n = new Numbers(source);
  assert.equal(n.long("Der [Stadtplan](source:1)"), `Der [Stadtplan](source:${a})`);
  assert.equal(n.long("[x](story:1) [y](source:9)"), "[x](story:1) [y](source:9)");
});

test("each mark of the original is offered once", () => {
  assert.deepEqual(new Numbers(source).marks, [
    { to: "source:1", text: "План міста" }, { to: "<story:2 lang:fr>", text: "ще" }, { to: "https://example.org/a", text: "закон" },
  ]);
});
