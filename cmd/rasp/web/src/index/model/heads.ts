// The heads of a layer: what each looks at and brings.

import { fill, h, number } from "../../lib/dom";
import { call } from "../../lib/engine";
import { heat } from "../../lib/figure";
import { showFault } from "../../lib/shell";
import type { Session } from "./session";
import type { HeadAtWork, Layer } from "./work";

const bos = "BOS";

export function heads(layer: Layer, session: Session): HTMLElement | null {
  if (layer.layer < 0) return null;
  const cards = layer.heads.map(head => card(head, layer, session));
  return h("div", { class: "cards" }, ...cards,
    layer.heads.length === 0 ? h("p", {}, "No head of this layer does anything: all is done by its neurons.") : null,
    layer.left.heads > 0 ? h("p", { class: "quiet" }, `${layer.left.heads} more heads are not shown.`) : null);
}

const does: Record<string, string> = {
  copies: "brings the mean of what it looks at", counts: "counts what it looks at, by the share that BOS is left", "adds up": "adds up what it looks at",
};

function card(head: HeadAtWork, layer: Layer, session: Session): HTMLElement {
  const name = `${layer.layer}.${head.head}`, beside = head.kind === "counts";
  const more = h("div");
  const rows = head.queries.flatMap((q, r) => q > 0 ? [r] : []);
  const keys = beside ? [bos, ...layer.tokens] : layer.tokens, from = beside ? 0 : 1;
  const cells = (values: (number | null)[][]) => ({
    rows: rows.map(r => `${head.queries[r]! - 1} ${layer.tokens[head.queries[r]! - 1] ?? ""}`), columns: keys,
    at: (i: number, j: number) => values[rows[i]!]?.[j + from] ?? null,
  });
  const pattern = cells(head.shares);
  const picture = heat({
    rows: pattern.rows, columns: pattern.columns, caption: `Attention of head ${name}: a row for each query, a column for each key`,
    share: (i, j) => pattern.at(i, j) ?? 0,
    title: (i, j) => `query ${pattern.rows[i]}, key ${keys[j]}: ${number(pattern.at(i, j) ?? 0)}`,
    pick: i => session.look(session.layer, i),
  });
  picture.querySelectorAll("tbody tr")[session.position]?.classList.add("now");
  const looks = rows.map(r => ({ q: head.queries[r]! - 1, row: head.shares[r]! })).find(r => r.q === session.position);
  const seen = looks ? looks.row.flatMap((w, j) => w !== null && w >= 0.001 && (j > 0 || beside) ? [`${j === 0 ? bos : layer.tokens[j - 1]}${j === 0 ? "" : ` at ${j - 1}`} (${number(w, 3)})`] : []) : [];
  const sentence = `Position ${session.position} looks at ${seen.length ? seen.slice(0, 6).join(", ") + (seen.length > 6 ? ` and ${seen.length - 6} more` : "") : "nothing"}; the head ${does[head.kind] ?? head.kind}.`;
  const scores = () => {
    const s = cells(head.scores);
    return h("div", { class: "wide" }, h("table", { class: "weights" }, h("caption", {}, "Scores, before softmax"), h("thead", {}, h("tr", {}, h("td"), ...s.columns.map(c => h("th", { scope: "col", class: "number" }, c)))),
      h("tbody", {}, ...s.rows.map((r, i) => h("tr", {}, h("th", { scope: "row" }, r), ...s.columns.map((_, j) => h("td", { class: "number" }, s.at(i, j) === null ? "–" : number(s.at(i, j)!))))))));
  };
  const circuits = async () => {
    try {
      const maps = await call<Map[]>("circuits", { ...session.at(), layer: layer.layer, head: head.head }, { heavy: true });
      return h("div", { class: "cards" }, ...maps.map(map));
    } catch (error) { const where = h("div"); showFault(where, error); return where; }
  };
  const toggle = (title: string, make: () => HTMLElement | Promise<HTMLElement>) => h("button", {
    type: "button", class: "small", "aria-expanded": "false", onclick: async (event: Event) => {
      const button = event.currentTarget as HTMLButtonElement, opens = button.getAttribute("aria-expanded") === "false";
      button.setAttribute("aria-expanded", String(opens));
      if (opens) { const shown = await make(); if (button.getAttribute("aria-expanded") === "true") fill(more, shown); } else fill(more);
    },
  }, title);
  return h("article", {
    class: "card", tabIndex: 0, "aria-label": `Head ${name}`, "data-head": name, ...pointing(session, head.line),
  },
    h("h4", {}, `Head ${name} `, h("code", {}, `${head.kind} ${head.selector}`), head.parts && head.parts > 1 ? ` (part ${head.part} of ${head.parts})` : ""),
    h("p", {}, sentence, head.sop ? h("span", {}, " For ", h("code", {}, head.sop), ".") : null),
    h("div", { class: "wide" }, picture),
    h("div", { class: "row" },
      toggle("Scores", scores), toggle("What it compares and brings", circuits),
      h("button", { type: "button", class: "small", onclick: () => session.change({ kind: "ablate", part: name, how: "zero" }) }, "Ablate")),
    more);
}

interface Map { title: string; note?: string; rows: string[]; columns: string[]; cells: (string | number | null)[][]; shades: number[][] }

function map(m: Map): HTMLElement {
  const table = heat({
    rows: m.rows, columns: m.columns, caption: m.title, share: (i, j) => Math.abs(m.shades[i]?.[j] ?? 0),
    title: (i, j) => `${m.rows[i]}, ${m.columns[j]}: ${m.cells[i]?.[j] ?? "–"}`,
  });
  return h("figure", { class: "wide circuit" }, h("figcaption", {}, m.title), table, m.note ? h("p", { class: "quiet" }, m.note) : null);
}

// pointing marks the line of the program that wants a part, while it is pointed at.
export function pointing(session: Session, line: number | undefined) {
  if (!line) return {};
  const on = () => session.point(line), off = () => session.point(null);
  return { onmouseenter: on, onmouseleave: off, onfocus: on, onblur: off };
}
