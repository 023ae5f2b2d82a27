// A selector as a picture: a row for each query, a column for each key.

import { h, svg } from "../../lib/dom";
import { heat } from "../../lib/figure";
import type { Row } from "../answers";

const longestDescribed = 20; // positions of a matrix that is told in words

// count of what a selector selects, in words.
function counted(selected: string[]): string {
  let count = 0;
  for (const row of selected) for (const x of row) if (x === "1") count++;
  return `${count} of ${selected.length * selected.length} selected`;
}

// described tells a matrix: which keys each query looks at.
function described(name: string, selected: string[], input: string[]): string {
  const start = `${name}: ${counted(selected)}`;
  if (input.length > longestDescribed) return start;
  return `${start}. ` + selected.map((row, i) => `${i} ${input[i]}: ${[...row].flatMap((x, j) => x === "1" ? [`${j} ${input[j]}`] : []).join(", ") || "none"}`).join("; ");
}

// picture draws a matrix; what the mouse is at is told below it.
export function picture(row: Row, input: string[]): HTMLElement {
  const n = input.length, name = row.name ?? row.text!, selected = row.selected!;
  const cell = n <= 12 ? 18 : n <= 24 ? 12 : n <= 48 ? 8 : 5, label = n <= 24 ? labelWidth(input) : 0, size = n * cell;
  let cells = "", grid = "";
  selected.forEach((line, i) => { for (let j = 0; j < n; j++) if (line[j] === "1") cells += `M${label + j * cell} ${label + i * cell}h${cell}v${cell}h${-cell}z`; });
  for (let i = 0; i <= n; i++) grid += `M${label + i * cell} ${label}v${size}M${label} ${label + i * cell}h${size}`;
  const cross = svg("path", { class: "cross" });
  const says = h("p", { class: "under" }, counted(selected));
  const chart = svg("svg", { class: "matrix", role: "img", "aria-label": described(name, selected, input), width: label + size + 1, height: label + size + 1, viewBox: `-0.5 -0.5 ${label + size + 1} ${label + size + 1}` },
    svg("rect", { class: "ground", x: label, y: label, width: size, height: size }), svg("path", { class: "cells", d: cells }), svg("path", { class: "grid", d: grid }), cross,
    ...(label ? input.flatMap((token, i) => labels(token, i, label, cell)) : []));
  chart.addEventListener("mousemove", event => {
    const box = chart.getBoundingClientRect();
    const j = Math.floor((event.clientX - box.left - label) / cell), i = Math.floor((event.clientY - box.top - label) / cell);
    const isIn = i >= 0 && j >= 0 && i < n && j < n;
    cross.setAttribute("d", isIn ? `M${label + j * cell} ${label}h${cell}v${size}h${-cell}zM${label} ${label + i * cell}h${size}v${cell}h${-size}z` : "");
    says.textContent = isIn ? `${input[i]} at ${i} ${selected[i]![j] === "1" ? "looks at" : "does not look at"} ${input[j]} at ${j}` : counted(selected);
  });
  chart.addEventListener("mouseleave", () => { cross.setAttribute("d", ""); says.textContent = counted(selected); });
  return h("div", {}, chart, says);
}

const labelWidth = (input: string[]) => Math.min(48, 8 + 7.5 * Math.max(...input.map(t => [...t].length)));

function labels(token: string, i: number, width: number, cell: number): SVGElement[] {
  const text = [...token].length > 6 ? [...token].slice(0, 5).join("") + "…" : token, middle = width + (i + 0.5) * cell;
  const above = [...token].length > 1
    ? svg("text", { transform: `translate(${middle + 4} ${width - 4}) rotate(-90)` }, text)
    : svg("text", { x: middle, y: width - 4, "text-anchor": "middle" }, text);
  return [above, svg("text", { x: width - 5, y: middle + 4, "text-anchor": "end" }, text)];
}

// table is the same for who reads with the keyboard or the ears.
export function table(row: Row, input: string[]): HTMLElement {
  const named = input.map((t, i) => `${t} ${i}`);
  return heat({
    rows: named, columns: named, caption: `${row.name ?? row.text}: a row is a query, a column a key; ${counted(row.selected!)}`,
    share: (i, j) => row.selected![i]![j] === "1" ? 0.5 : 0, text: (i, j) => row.selected![i]![j]!,
  });
}
