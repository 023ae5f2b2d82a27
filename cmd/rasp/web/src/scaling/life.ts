// A model over its life: smaller, and trained for longer.

import { call, latest } from "../lib/engine";
import { fill, h, number, slider } from "../lib/dom";
import { lines, type Series } from "../lib/figure";
import { folded } from "../lib/controls";
import { drawn, legend, sized } from "../lib/legend";
import { showFault } from "../lib/shell";
import { flops, power, size } from "./numbers";
import type { Advice, Costs } from "./budget";
import { noUse, type Page } from "./page";

export function life(page: Page, where: HTMLElement) {
  const t = slider({ label: "tokens of use T", min: noUse, max: 16, step: 0.1, value: page.state.inference, show: x => x <= noUse ? "none" : size(10 ** x), change: inference => page.set({ inference }) });
  t.id = "inference";
  const out = h("div", {});
  fill(where, h("div", { class: "controls" }, t), out);
  const load = latest(async signal => {
    const used = page.state.inference > noUse ? { inference: power(page.state.inference) } : {};
    const advice = await call<Advice>("scaling.plan", { ...page.law(), flops: power(page.state.flops), ...used }, { signal });
    drawn(out, () => draw(out, advice, used.inference ?? 0));
  }, error => showFault(out, error));
  page.on(["flops", "inference", "law", "fitted"], load);
  load();
}

function draw(out: HTMLElement, a: Advice, tokens: number) {
  const best = a.lifetime;
  if (!best) return fill(out, h("p", { id: "life-says" }, `Nobody uses it: the model that is best to train, with ${size(a.optimal.parameters)} parameters, is the best.`));
  const of = (cost: (c: Costs) => number): [number, number][] => a.curve!.map(c => [c.parameters, cost(c)]);
  const series: Series[] = [
    { name: "training and use", points: of(c => c.total_flops), colour: "var(--accent)" },
    { name: "training 6ND", points: of(c => c.training_flops), colour: "var(--warm)", dashed: true },
    { name: "use 2NT", points: of(c => c.inference_flops), colour: "var(--quiet)", dashed: true },
    { name: "cheapest over its life", points: [[best.parameters, best.total_flops]], colour: "var(--good)", dots: true }];
  const rows: [string, Costs][] = [["best to train", a.optimal], ["cheapest over its life", best]];
  fill(out,
    h("p", { id: "life-says" }, `For the loss of the budget above, ${a.optimal.loss.toFixed(4)}: ${number(best.parameters / a.optimal.parameters, 3)} times the size, ${number(best.tokens_per_parameter, 3)} tokens a parameter instead of ${number(a.optimal.tokens_per_parameter, 3)}.`),
    legend(series),
    h("figure", {}, lines(series, { label: "parameters N, all with the same loss", log: true }, { label: "FLOPs", log: true }, sized(out, 640, 280))),
    h("div", { class: "table", tabIndex: 0, role: "region", "aria-label": "Plans" }, h("table", { id: "plans" },
      h("thead", {}, h("tr", {}, h("td", {}), ...["parameters", "tokens", "tokens a parameter", "training", "use", "in all"].map(x => h("th", { scope: "col", class: "number" }, x)))),
      h("tbody", {}, ...rows.map(([name, c]) => h("tr", {}, h("th", { scope: "row" }, name), ...[size(c.parameters), size(c.tokens), number(c.tokens_per_parameter, 4), flops(c.training_flops), flops(c.inference_flops), flops(c.total_flops)].map(x => h("td", { class: "number" }, x))))))),
    folded("life", "The same on the command line", h("pre", { class: "command" }, `rasp scaling plan --flops ${flops(a.optimal.training_flops)} --inference-tokens ${flops(tokens)}`)));
}
