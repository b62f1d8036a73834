import assert from "node:assert/strict";
import { test } from "node:test";

// The island's class needs a browser; its arithmetic does not.
(globalThis as Record<string, unknown>).HTMLElement ??= class {};
const { fit, limit, parse, print } = await import("./crop.ts");

test("a frame reads and writes itself", () => {
  assert.equal(print(parse("100,50,800,900")), "100,50,800,900");
  assert.equal(print(parse("")), "");
  assert.equal(print(parse("a,b")), "");
  assert.equal(print(parse("0,0,1000,1000")), "");
  assert.equal(print(parse("900,900,500,500")), "500,500,500,500");
});

test("a frame stays inside and is never too small", () => {
  assert.deepEqual(limit({ x: -10, y: 990, w: 10, h: 2000 }), { x: 0, y: 0, w: 50, h: 1000 });
});

test("what is shown lies in the frame, has the ratio, and holds the focus where it can", () => {
  const natural = 3 / 2;
  for (const frame of [{ x: 0, y: 0, w: 1000, h: 1000 }, { x: 100, y: 50, w: 500, h: 900 }]) {
    for (const ratio of [16 / 9, 3 / 2, 1, 4 / 5]) {
      for (const focus of [{ x: 0, y: 0 }, { x: 300, y: 400 }, { x: 1000, y: 1000 }]) {
        const part = fit(frame, focus, ratio, natural);
        assert.ok(Math.abs((part.w / part.h) * natural - ratio) < 1e-9);
        assert.ok(part.x >= frame.x - 1e-9 && part.y >= frame.y - 1e-9);
        assert.ok(part.x + part.w <= frame.x + frame.w + 1e-9 && part.y + part.h <= frame.y + frame.h + 1e-9);
        const inside = focus.x >= frame.x && focus.x <= frame.x + frame.w && focus.y >= frame.y && focus.y <= frame.y + frame.h;
        if (inside) assert.ok(focus.x >= part.x - 1e-9 && focus.x <= part.x + part.w + 1e-9 && focus.y >= part.y - 1e-9 && focus.y <= part.y + part.h + 1e-9);
      }
    }
  }
});
