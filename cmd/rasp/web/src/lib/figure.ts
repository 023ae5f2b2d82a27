// Figures: matrices as tables that a reader of screens can walk through, bars, lines.

import { h, number, svg } from "./dom";

export interface Heat { rows: string[]; columns: string[]; share: (row: number, column: number) => number; text?: (row: number, column: number) => string; title?: (row: number, column: number) => string; caption: string; pick?: (row: number, column: number) => void }

// heat is a matrix as a table; a share of 0 is white, of 1 full colour.
export function heat(m: Heat): HTMLTableElement {
  const head = h("tr", {}, h("td", {}), ...m.columns.map(c => h("th", { scope: "col" }, c)));
  const rows = m.rows.map((name, i) => h("tr", {}, h("th", { scope: "row" }, name), ...m.columns.map((_, j) => {
    const cell = h("td", { style: `--share:${Math.max(0, Math.min(1, m.share(i, j)))}`, title: m.title?.(i, j) ?? "" }, m.text?.(i, j) ?? "");
    if (m.pick) cell.addEventListener("click", () => m.pick!(i, j));
    return cell;
  })));
  return h("table", { class: "heat" }, h("caption", { class: "unseen" }, m.caption), h("thead", {}, head), h("tbody", {}, ...rows));
}

export interface Bar { name: string; share: number; text?: string; marked?: boolean }

// bars are shares of a whole, each a line with its name.
export function bars(list: Bar[], label: string): SVGSVGElement {
  const line = 20, left = 90, width = 260;
  const chart = svg("svg", { class: "chart", role: "img", "aria-label": `${label}: ${list.map(b => `${b.name} ${b.text ?? number(b.share, 3)}`).join(", ")}`, viewBox: `0 0 ${left + width + 70} ${line * list.length + 4}`, width: left + width + 70 });
  list.forEach((b, i) => chart.append(
    svg("text", { x: left - 6, y: i * line + 15, "text-anchor": "end" }, b.name),
    svg("rect", { x: left, y: i * line + 4, width: Math.max(0, width * Math.min(1, b.share)), height: line - 6, fill: b.marked ? "var(--warm)" : "var(--accent)" }),
    svg("text", { class: "tick", x: left + width * Math.min(1, Math.max(0, b.share)) + 5, y: i * line + 15 }, b.text ?? number(b.share, 3)),
  ));
  return chart;
}

export interface Series { name: string; points: [number, number][]; colour?: string; dots?: boolean; dashed?: boolean }
export interface Axis { label: string; log?: boolean; min?: number; max?: number }

// lines is a chart of series over two axes.
export function lines(series: Series[], x: Axis, y: Axis, size = { width: 560, height: 320 }): SVGSVGElement {
  const left = 62, right = 12, top = 10, bottom = 44;
  const all = series.flatMap(s => s.points);
  const across = scale(x, all.map(p => p[0]), left, size.width - right), up = scale(y, all.map(p => p[1]), size.height - bottom, top);
  const chart = svg("svg", { class: "chart", role: "img", "aria-label": `${y.label} over ${x.label}: ${series.map(s => s.name).join(", ")}`, viewBox: `0 0 ${size.width} ${size.height}`, width: size.width });
  for (const t of across.ticks) chart.append(svg("line", { class: "axis", x1: across.at(t), x2: across.at(t), y1: top, y2: size.height - bottom }), svg("text", { class: "tick", x: across.at(t), y: size.height - bottom + 15, "text-anchor": "middle" }, tick(t)));
  for (const t of up.ticks) chart.append(svg("line", { class: "axis", x1: left, x2: size.width - right, y1: up.at(t), y2: up.at(t) }), svg("text", { class: "tick", x: left - 5, y: up.at(t) + 4, "text-anchor": "end" }, tick(t)));
  chart.append(svg("text", { x: (left + size.width - right) / 2, y: size.height - 8, "text-anchor": "middle" }, x.label), svg("text", { transform: `translate(13 ${(top + size.height - bottom) / 2}) rotate(-90)`, "text-anchor": "middle" }, y.label));
  series.forEach((s, i) => {
    const colour = s.colour ?? colours[i % colours.length]!;
    const points = s.points.filter(p => Number.isFinite(across.at(p[0])) && Number.isFinite(up.at(p[1])));
    if (s.dots) for (const p of points) chart.append(svg("circle", { cx: across.at(p[0]), cy: up.at(p[1]), r: 3.5, fill: colour }, svg("title", {}, `${s.name}: ${number(p[0])}, ${number(p[1])}`)));
    else chart.append(svg("polyline", { points: points.map(p => `${across.at(p[0]).toFixed(1)},${up.at(p[1]).toFixed(1)}`).join(" "), fill: "none", stroke: colour, "stroke-width": 2, "stroke-dasharray": s.dashed ? "5 4" : undefined }));
  });
  return chart;
}

export const colours = ["var(--accent)", "var(--warm)", "var(--good)", "var(--bad)", "var(--quiet)"];

const tick = (t: number) => Math.abs(t) >= 1e5 || t !== 0 && Math.abs(t) < 1e-3 ? t.toExponential(0).replace("e+", "e") : String(Number(t.toPrecision(4)));

// scale maps numbers to places, and has the round numbers between.
export function scale(axis: Axis, values: number[], from: number, to: number): { at: (x: number) => number; ticks: number[] } {
  const usable = values.filter(v => Number.isFinite(v) && (!axis.log || v > 0));
  let low = axis.min ?? usable.reduce((a, b) => Math.min(a, b), Infinity), high = axis.max ?? usable.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!(low <= high)) [low, high] = [axis.log ? 1 : 0, 1];
  if (low === high) [low, high] = axis.log ? [low / 2, high * 2] : [low - 0.5, high + 0.5];
  const f = axis.log ? Math.log10 : (x: number) => x;
  const at = (x: number) => from + (f(x) - f(low)) / (f(high) - f(low)) * (to - from);
  const ticks: number[] = [];
  if (axis.log) {
    const step = Math.max(1, Math.ceil((f(high) - f(low)) / 7));
    for (let e = Math.ceil(f(low) - 1e-9); e <= f(high) + 1e-9; e += step) ticks.push(10 ** e);
    if (ticks.length < 2) for (const t of [1, 2, 5]) for (let e = Math.floor(f(low)); e <= f(high); e++) if (t * 10 ** e >= low && t * 10 ** e <= high && !ticks.includes(t * 10 ** e)) ticks.push(t * 10 ** e);
  } else {
    const rough = (high - low) / 6, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map(m => m * power).find(s => s >= rough)!;
    for (let t = Math.ceil(low / step - 1e-9) * step; t <= high + step * 1e-9; t += step) ticks.push(Math.abs(t) < step * 1e-9 ? 0 : t);
  }
  return { at, ticks };
}
