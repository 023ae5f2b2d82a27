// What stands around a chart: its legend, and a width that fits and goes on fitting.

import { colours, type Series } from "./figure";
import { h } from "./dom";

// legend names the series of a chart by their colours.
export function legend(series: Series[]): HTMLElement {
  return h("ul", { class: "legend" }, ...series.map((s, i) => h("li", {},
    h("span", { "aria-hidden": "true", class: s.dots ? "swatch dot" : s.dashed ? "swatch dashed" : "swatch", style: `--colour:${s.colour ?? colours[i % colours.length]}` }), s.name)));
}

// sized is a chart's size in an element: as wide as it, up to most.
export function sized(where: Element, most = 600, height = 320) {
  return { width: Math.max(280, Math.min(most, where.clientWidth || most)), height };
}

const pictures = new WeakMap<Element, { draw: () => void; width: number }>();
const watcher = new ResizeObserver(entries => {
  for (const { target } of entries) {
    const p = pictures.get(target);
    if (p && p.width !== target.clientWidth && target.clientWidth > 0) { p.width = target.clientWidth; p.draw(); }
  }
});

// drawn draws what an element has, and draws it again when its width changes.
export function drawn(where: Element, draw: () => void) {
  if (!pictures.has(where)) watcher.observe(where);
  pictures.set(where, { draw, width: where.clientWidth });
  draw();
}
