// Values: what each s-op is at each position, what each selector selects, in the order in
// which the program computes them.

import { fill, h, number } from "../../lib/dom";
import { heat } from "../../lib/figure";
import { showFault } from "../../lib/shell";
import type { Ran, Range, Row } from "../answers";
import type { View } from "../model/view";
import { picture, table } from "./matrix";

export interface Listeners { pointed: (range: Range | null) => void; chosen: (range: Range) => void }

const mostChances = 24; // tokens of a prediction that are listed

export class Values implements View {
  private readonly list = h("div", { class: "values", tabIndex: 0, role: "region", "aria-label": "Values by position" });
  private readonly all = h("input", { type: "checkbox", onchange: () => this.draw() });
  private readonly tables = h("input", { type: "checkbox", onchange: () => this.draw() });
  readonly element = h("div", {}, h("div", { class: "row choices" }, h("label", {}, this.all, "every step"), h("label", {}, this.tables, "matrices as tables")), this.list);
  private ran: Ran | null = null;
  private parts: { row: Row; element: HTMLElement }[] = [];
  private line: number | null = null;

  constructor(private readonly hear: Listeners) {}

  show() {}
  hide() { this.hear.pointed(null); }

  set(ran: Ran) {
    this.ran = ran;
    this.list.classList.remove("old");
    this.draw();
  }

  // refuse says why there are no values.
  refuse(error: unknown) {
    this.ran = null;
    this.parts = [];
    showFault(this.list, error);
  }

  // old says that these are the values of a program that was changed since.
  old() { this.list.classList.add("old"); }

  // at marks what is computed in a line of the program.
  at(line: number | null) {
    this.line = line;
    for (const { row, element } of this.parts) element.classList.toggle("here", line !== null && row.range.start.line <= line && line <= row.range.end.line);
  }

  private draw() {
    const ran = this.ran;
    if (!ran) return;
    this.parts = [];
    const rows = ran.rows.filter(r => r.name || r.head || this.all.checked);
    this.list.style.setProperty("--cell", `${cellWidth(ran, rows)}ch`);
    const groups: HTMLElement[] = [this.inputTable(ran)];
    for (let i = 0; i < rows.length;) {
      const kind = rows[i]!.kind, from = i;
      while (i < rows.length && rows[i]!.kind === kind) i++;
      groups.push(kind === "s-op" ? this.sops(rows.slice(from, i), ran) : this.selectors(rows.slice(from, i), ran));
    }
    fill(this.list, ...groups, ran.next ? chances(ran) : null,
      ran.fault ? h("p", { class: "bad" }, `No output: ${ran.fault.message}`) : null,
      ran.left ? h("p", { class: "quiet" }, `${ran.left} more are not shown.`) : null,
      rows.length === 0 && !ran.fault ? h("p", { class: "quiet" }, "The program has no s-op and no selector yet.") : null);
    this.at(this.line);
  }

  private inputTable(ran: Ran): HTMLElement {
    return h("table", { class: "sops" }, h("caption", { class: "unseen" }, "The input"),
      h("thead", {}, h("tr", {}, h("th", { scope: "row" }, "indices"), ...ran.input.map((_, i) => h("th", { scope: "col" }, i)))),
      h("tbody", {}, h("tr", { class: "tokens-row" }, h("th", { scope: "row" }, "tokens"), ...ran.input.map(t => h("td", {}, t)))));
  }

  private sops(rows: Row[], ran: Ran): HTMLElement {
    return h("table", { class: "sops" }, h("caption", { class: "unseen" }, rows.map(r => r.name ?? r.text).join(", ")),
      h("thead", { class: "again" }, h("tr", {}, h("td", {}), ...ran.input.map((t, i) => h("th", { scope: "col" }, h("span", { class: "unseen" }, `${i} ${t}`))))),
      h("tbody", {}, ...rows.map(r => this.part(r, h("tr", { class: r.output ? "output" : "" }, h("th", { scope: "row", title: r.type ?? "" }, this.name(r)), ...cells(r, ran))))));
  }

  private selectors(rows: Row[], ran: Ran): HTMLElement {
    return h("div", { class: "selectors" }, ...rows.map(r => this.part(r, h("figure", {}, h("figcaption", {}, this.name(r)),
      r.fault ? h("p", { class: "bad" }, r.fault) : this.tables.checked ? table(r, ran.input) : picture(r, ran.input)))));
  }

  // name is a button that leads to the place in the program.
  private name(r: Row): HTMLElement {
    const text = r.name ?? r.text!;
    return h("button", { type: "button", class: r.name ? "name" : "name expression", title: r.output ? `${text}: the output` : text, onclick: () => this.hear.chosen(r.range), onfocus: () => this.hear.pointed(r.range), onblur: () => this.hear.pointed(null) }, text);
  }

  private part(row: Row, element: HTMLElement): HTMLElement {
    element.dataset.name = row.name ?? row.text!;
    element.addEventListener("mouseenter", () => this.hear.pointed(row.range));
    element.addEventListener("mouseleave", () => this.hear.pointed(null));
    this.parts.push({ row, element });
    return element;
  }
}

function cells(r: Row, ran: Ran): HTMLElement[] {
  if (r.fault) return [h("td", { class: "bad fails", colSpan: ran.input.length }, r.fault)];
  return r.values!.map(v => h("td", { class: r.type === "bools" ? (v === "T" ? "true" : "false") : "" }, v));
}

// cellWidth is as wide as the longest value, within reason, so that all tables are aligned.
function cellWidth(ran: Ran, rows: Row[]): number {
  let longest = 1;
  for (const list of [ran.input, ...rows.map(r => r.values ?? [])]) for (const v of list) longest = Math.max(longest, [...v].length);
  return Math.min(14, Math.max(String(ran.input.length).length, longest) + 2);
}

// chances are the probabilities of what comes next: a row for each token, the likeliest at
// the end of the input first.
function chances(ran: Ran): HTMLElement {
  const { tokens, rows } = ran.next!, last = rows[rows.length - 1] ?? [];
  const order = tokens.map((_, i) => i).sort((a, b) => last[b]! - last[a]! || a - b).slice(0, mostChances);
  return h("figure", {}, h("figcaption", {}, "How likely each token comes next, after each position"),
    h("div", { class: "wide" }, heat({
      rows: order.map(i => tokens[i]!), columns: ran.input.map((t, i) => `${t} ${i}`), caption: "Probabilities of the next token: rows are tokens, columns positions",
      share: (i, j) => rows[j]![order[i]!]!, text: (i, j) => shortened(rows[j]![order[i]!]!), title: (i, j) => `${tokens[order[i]!]} after position ${j}: ${number(rows[j]![order[i]!]!, 6)}`,
    })));
}

const shortened = (p: number) => p === 0 ? "" : p === 1 ? "1" : p < 0.005 ? "0+" : p.toFixed(2).replace(/^0/, "");
