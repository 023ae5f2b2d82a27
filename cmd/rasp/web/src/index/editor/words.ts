// What the engine says in Markdown, as elements: paragraphs, blocks of code, code in a line.

import { h } from "../../lib/dom";

export function said(markdown: string): HTMLElement {
  const box = h("div", { class: "said" });
  markdown.split("```").forEach((part, i) => {
    if (i % 2 === 1) {
      box.append(h("pre", {}, part.replace(/^\w*\n/, "").trimEnd()));
      return;
    }
    for (const paragraph of part.split("\n\n")) if (paragraph.trim()) box.append(h("p", {}, ...inline(paragraph.trim())));
  });
  return box;
}

const inline = (text: string) => text.split("`").map((piece, i) => i % 2 === 1 ? h("code", {}, piece) : piece.replace(/\*\*|\\(?=[_*])/g, ""));
