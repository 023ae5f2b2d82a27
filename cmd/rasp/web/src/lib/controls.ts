// Controls that a story has beside sliders.

import { h } from "./dom";

// named gives an element an id.
export function named<E extends HTMLElement>(id: string, element: E): E { element.id = id; return element; }

// chosen is a select with a label.
export function chosen(id: string, label: string, options: [string, string][], value: string, change: (value: string) => void): HTMLLabelElement {
  const select = h("select", { id, onchange: () => change(select.value) }, ...options.map(([v, text]) => h("option", { value: v, selected: v === value }, text)));
  return h("label", { class: "slider" }, label, select);
}

const unfolded = new Set<string>();

// folded is what a summary opens; drawn anew it is as open as it was.
export function folded(id: string, summary: string, ...children: (Node | string | null)[]): HTMLDetailsElement {
  const all = h("details", { open: unfolded.has(id), ontoggle: () => { if (all.open) unfolded.add(id); else unfolded.delete(id); } }, h("summary", {}, summary), ...children);
  return all;
}

// saved is a link to a file that the page makes.
export function saved(name: string, text: string): HTMLAnchorElement {
  return h("a", { download: name, href: "data:text/plain;charset=utf-8," + encodeURIComponent(text) }, name);
}

// amount is a number that somebody typed: 2.5 or 2,5; 7e9, 7 B or 0.5 T.
export function amount(answer: string): number {
  const parts = /^([0-9.,]+(?:e\+?[0-9]+)?)\s*([kmbt]?)$/i.exec(answer.trim());
  const x = parts ? Number(parts[1]!.replace(",", ".")) : NaN;
  if (Number.isNaN(x)) throw new Error(`“${answer}” is no number such as 2.5 or 7e9`);
  return x * ({ k: 1e3, m: 1e6, b: 1e9, t: 1e12 }[parts![2]!.toLowerCase()] ?? 1);
}
