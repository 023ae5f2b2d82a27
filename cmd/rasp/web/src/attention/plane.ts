// Keys and a query as arrows in a plane. They are moved by the mouse, by touch and by the
// arrow keys.

import { svg } from "../lib/dom";
import type { State } from "./page";

const size = 300, reach = 3; // pixels; the largest coordinate
const at = (x: number) => size / 2 + x / reach * size / 2;
const up = (y: number) => size / 2 - y / reach * size / 2;

export function plane(state: State, names: string, moved: () => void): SVGSVGElement {
  const chart = svg("svg", { viewBox: `0 0 ${size} ${size}`, width: size, height: size, role: "group", "aria-label": "Keys and query as arrows" });
  for (let t = -reach; t <= reach; t++) chart.append(
    svg("line", { x1: at(t), x2: at(t), y1: 0, y2: size, class: t === 0 ? "zero" : "grid" }),
    svg("line", { y1: up(t), y2: up(t), x1: 0, x2: size, class: t === 0 ? "zero" : "grid" }));
  state.keys.forEach((key, i) => arrow(key, names[i]!, "key", `key ${names[i]}`));
  arrow(state.query, "q", "query", "the query");
  return chart;

  function arrow(v: number[], name: string, kind: string, label: string) {
    const x = at(v[0]!), y = up(v[1]!);
    const length = Math.hypot(x - size / 2, y - size / 2) || 1;
    const tip = svg("g", { class: `tip ${kind}`, tabindex: 0, role: "slider", "aria-label": label, "aria-valuemin": -reach, "aria-valuemax": reach, "aria-valuenow": v[0], "aria-valuetext": `${v[0]}, ${v[1]}`, "data-arrow": name, onkeydown: keys, onpointerdown: drag },
      svg("circle", { cx: x, cy: y, r: 14, class: "near" }), svg("circle", { cx: x, cy: y, r: kind === "query" ? 8 : 6 }),
      svg("text", { x: x + (x - size / 2) / length * 20, y: y + (y - size / 2) / length * 20 + 4, "text-anchor": "middle" }, name));
    chart.append(svg("line", { class: `shaft ${kind}`, x1: size / 2, y1: size / 2, x2: x, y2: y }), tip);

    function set(to: number[]) {
      const place = to.map(t => Math.max(-reach, Math.min(reach, Math.round(t * 10) / 10)));
      if (place[0] === v[0] && place[1] === v[1]) return;
      v[0] = place[0]!; v[1] = place[1]!;
      moved();
    }
    function keys(event: KeyboardEvent) {
      const step = ({ ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] } as Record<string, number[]>)[event.key];
      if (!step) return;
      event.preventDefault();
      const where = chart.parentElement;
      set([v[0]! + step[0]!, v[1]! + step[1]!]);
      where?.querySelector<SVGElement>(`[data-arrow="${name}"]`)?.focus(); // the plane was drawn anew
    }
    // The plane is drawn anew while an arrow is dragged, so the window listens.
    function drag(down: PointerEvent) {
      down.preventDefault();
      const where = chart.parentElement!;
      const follow = (event: PointerEvent) => {
        const box = where.querySelector("svg")!.getBoundingClientRect();
        set([((event.clientX - box.left) / box.width * 2 - 1) * reach, (1 - (event.clientY - box.top) / box.height * 2) * reach]);
      };
      const end = () => { removeEventListener("pointermove", follow); removeEventListener("pointerup", end); removeEventListener("pointercancel", end); };
      addEventListener("pointermove", follow); addEventListener("pointerup", end); addEventListener("pointercancel", end);
    }
  }
}
