// The faults of the program, as a list: for who does not see what is underlined.

import { fill, h } from "../lib/dom";
import type { Finding } from "./answers";
import type { Editor } from "./editor/editor";
import { mend } from "./editor/assist";

const most = 6;
const names = { 1: "error", 2: "warning", 3: "note" } as const;

export function listFaults(where: Element, list: Finding[], editor: Editor) {
  fill(where, ...list.slice(0, most).map(f => {
    const [message, hint] = f.message.split("\nhint: ");
    return h("li", { class: names[f.severity] },
      h("button", { type: "button", class: "place", onclick: () => editor.go(f.range) }, `Line ${f.range.start.line + 1}`),
      h("span", {}, h("span", { class: "unseen" }, `${names[f.severity]}: `), message, hint ? h("span", { class: "hint" }, ` ${hint}`) : null),
      ...(f.fixes ?? []).map(fix => h("button", { type: "button", class: "small fix", onclick: () => mend(editor.view, fix.edits) }, fix.title)));
  }), list.length > most ? h("li", { class: "quiet" }, `and ${list.length - most} more`) : null);
}
