import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { parseHTML } from "linkedom";
import { inert, pasted, plainBlocks } from "./paste.ts";
import type { Block } from "./model.ts";

const folder = "internal/desk/assets/editor/testdata/";

/** anonymous takes out the IDs, which are new each time. */
function anonymous(blocks: Block[]): unknown {
  return JSON.parse(JSON.stringify(blocks, (k, v: unknown) => (k === "id" ? undefined : v)));
}

function read(html: string): Block[] {
  return pasted((parseHTML(/<html/i.test(html) ? html : `<html><body>${html}</body></html>`) as unknown as { document: Document }).document.body);
}

for (const name of readdirSync(folder).filter((f) => f.endsWith(".html"))) {
  test(`paste ${name}`, () => {
    const golden = folder + name.replace(".html", ".json");
    const html = readFileSync(folder + name, "utf8");
    const got = anonymous(read(html));
    assert.deepEqual(anonymous(read(inert(html))), got);
    if (process.env.UPDATE) writeFileSync(golden, JSON.stringify(got, null, 1) + "\n");
    assert.deepEqual(got, JSON.parse(readFileSync(golden, "utf8")));
  });
}

const cases: Record<string, [string, unknown]> = {
  "a word": ["<b>bold</b>", [{ kind: "paragraph", text: [{ text: "bold", marks: [{ type: "strong" }] }] }]],
  "script and hidden text": ["<p>a<script>x</script><span style='display:none'>b</span></p>", [{ kind: "paragraph", text: [{ text: "a" }] }]],
  "javascript link": ["<a href='javascript:alert(1)'>x</a>", [{ kind: "paragraph", text: [{ text: "x" }] }]],
  "empty lines": ["<p>&nbsp;</p><p><br></p><p>a</p>", [{ kind: "paragraph", text: [{ text: "a" }] }]],
  "line break": ["<p>one<br>two</p>", [{ kind: "paragraph", text: [{ text: "one\ntwo" }] }]],
  "divs as lines": ["<div>one</div><div>two</div>", [{ kind: "paragraph", text: [{ text: "one" }] }, { kind: "paragraph", text: [{ text: "two" }] }]],
  "bold in a heading": ["<h1><b>Title</b></h1>", [{ kind: "heading", level: 2, text: [{ text: "Title" }] }]],
  "marks nest in order": ["<i><b><a href='https://example.org/'>x</a></b></i>", [{ kind: "paragraph", text: [{ text: "x", marks: [{ type: "link", href: "https://example.org/" }, { type: "strong" }, { type: "emphasis" }] }] }]],
  "quotation of two paragraphs": ["<blockquote><p>a</p><p>b</p></blockquote>", [{ kind: "quotation", text: [{ text: "a\nb" }] }]],
  "who said it": ["<blockquote><p>a</p><footer>— <cite>Jane Roe</cite></footer></blockquote>", [{ kind: "quotation", text: [{ text: "a" }], speaker: "Jane Roe" }]],
  "paragraphs by line breaks": ["one<br><br>two<br>three", [{ kind: "paragraph", text: [{ text: "one" }] }, { kind: "paragraph", text: [{ text: "two\nthree" }] }]],
  "ragged table": ["<table><tr><th>a<th>b</tr><tr><td colspan=2>c</tr><tr><td>d</tr></table>", [{
    kind: "table", header: true, rows: [
      { cells: [{ text: [{ text: "a" }] }, { text: [{ text: "b" }] }] },
      { cells: [{ text: [{ text: "c" }] }, {}] },
      { cells: [{ text: [{ text: "d" }] }, {}] },
    ],
  }]],
  "a browser's copied spaces": ["<p>Am<span>&nbsp;</span><b>Montag</b><span>&nbsp;</span>um 10&nbsp;cm</p>", [{ kind: "paragraph", text: [{ text: "Am " }, { text: "Montag", marks: [{ type: "strong" }] }, { text: " um 10\u00a0cm" }] }]],
  "nothing": ["<p> </p>", []],
};
for (const [name, [html, want]] of Object.entries(cases)) {
  test(`paste: ${name}`, () => assert.deepEqual(anonymous(read(html)), want));
}

test("plain text", () => {
  const texts = (s: string): string[] => plainBlocks(s).map((b) => b.text![0].text);
  assert.deepEqual(texts("one\r\ntwo"), ["one", "two"]);
  assert.deepEqual(texts("one\ntwo\n\nthree\n"), ["one\ntwo", "three"]);
  assert.deepEqual(texts("  \n "), []);
});
