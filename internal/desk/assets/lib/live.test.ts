import assert from "node:assert/strict";
import { test } from "node:test";
import { behind, coming, concerns } from "./live.ts";

test("a page knows whether it misses something", () => {
  assert.equal(behind("a.5.1000", "a.5.9000"), false);
  assert.equal(behind("a.5.1000", "a.4.9000"), false);
  assert.equal(behind("a.5.1000", "a.6.1000"), true);
  assert.equal(behind("a.5.60000", "b.1.49000"), false);
  assert.equal(behind("a.5.60000", "b.1.51000"), true);
});

test("news concern their story, and a reload all", () => {
  assert.equal(concerns({ kind: "edition.saved", story: "s" }, "s"), true);
  assert.equal(concerns({ kind: "edition.saved", story: "s" }, "t"), false);
  assert.equal(concerns({ kind: "reload" }, "t"), true);
});

test("what is asked for meanwhile is done after, once", async () => {
  let runs = 0;
  let release = (): void => {};
  let started = (): void => {};
  const turn = (): Promise<void> => new Promise((done) => { started = done; });
  const ask = coming(0, () => new Promise<void>((done) => { runs++; release = done; started(); }));
  let begun = turn();
  ask();
  ask();
  await begun;
  assert.equal(runs, 1);
  begun = turn();
  ask();
  ask();
  release();
  await begun;
  assert.equal(runs, 2);
  release();
});
