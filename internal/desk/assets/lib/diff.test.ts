import assert from "node:assert/strict";
import { test } from "node:test";
import { diff, words } from "./diff.ts";

const side = (a: string, b: string, leave: string): string => diff(a, b).filter((p) => p.kind !== leave).map((p) => p.text).join("");

test("shows what changed, word by word", () => {
  assert.deepEqual(diff("Die US-Regierung fürchtet, es könne", "Die US-Regierung fürchte laut „Le Monde“, es könne"), [
    { kind: "same", text: "Die US-Regierung " },
    { kind: "del", text: "fürchtet" },
    { kind: "ins", text: "fürchte laut „Le Monde“" },
    { kind: "same", text: ", es könne" },
  ]);
});

test("both texts can be read out of it", () => {
  const texts = ["", "a", "троє посадовців", "четверо посадовців лісу", "a b a b a", "b a b", "中文分词", "中文的分词", "e\u0301a", "👩‍👩‍👧 x"];
  for (const a of texts) {
    for (const b of texts) {
      assert.equal(side(a, b, "ins"), a);
      assert.equal(side(a, b, "del"), b);
    }
  }
});

test("words joined are the text", () => {
  const text = "„Es geht“, sagte er – 1.077 Bäume…\n";
  assert.equal(words(text).join(""), text);
});
