// Keys, and a list of them.

import { fill, h } from "../lib/dom";

export interface Key { keys: string; does: string; code?: string; run?: () => void } // code: with Alt, anywhere on the page

export function keys(dialog: HTMLDialogElement, list: Key[]): () => void {
  const open = () => { if (!dialog.open) dialog.showModal(); };
  fill(dialog, h("h2", { id: "help-title" }, "Keys"),
    h("table", {}, h("tbody", {}, ...list.map(k => h("tr", {}, h("th", { scope: "row" }, h("kbd", {}, k.keys)), h("td", {}, k.does))))),
    h("p", {}, h("button", { type: "button", class: "main", onclick: () => dialog.close() }, "Close")));
  document.addEventListener("keydown", event => {
    const found = event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey ? list.find(k => k.code === event.code) : undefined;
    if (found?.run) { event.preventDefault(); found.run(); }
    if (event.key === "?" && !isWritten(event.target)) { event.preventDefault(); open(); }
  });
  return open;
}

// isWritten reports whether keys at an element write into it.
const isWritten = (target: EventTarget | null) => target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox]):not([type=range]), textarea, select"));
