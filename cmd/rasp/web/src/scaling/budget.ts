// One budget: its valley among others, and the model at the bottom.

import { call, latest } from "../lib/engine";
import { fill, h, number, slider } from "../lib/dom";
import { lines, type Series } from "../lib/figure";
import { folded } from "../lib/controls";
import { drawn, legend, sized } from "../lib/legend";
import { showFault } from "../lib/shell";
import { flops, power, size } from "./numbers";
import type { Page } from "./page";

export interface Plan { parameters: number; tokens: number; loss: number }
export interface Costs extends Plan { tokens_per_parameter: number; training_flops: number; inference_flops: number; total_flops: number }
export interface Advice { optimal: Costs; lifetime?: Costs; curve?: Costs[] }
interface Valley { flops: number; points: [number, number][]; best: Plan }

export function budget(page: Page, where: HTMLElement) {
  const c = slider({ label: "budget C", min: 18, max: 27, step: 0.05, value: page.state.flops, show: x => `${flops(power(x))} FLOPs`, change: flops => page.set({ flops }) });
  c.id = "flops";
  const out = h("div", {});
  const which = h("div", { id: "law", class: "row", hidden: true });
  fill(where, h("div", { class: "controls" }, c), which, out);
  const load = latest(async signal => {
    const own = power(page.state.flops);
    const [valleys, advice] = await Promise.all([
      call<Valley[]>("scaling.isoflop", { ...page.law(), budgets: [own / 100, own / 10, own, own * 10, own * 100] }, { signal }),
      call<Advice>("scaling.plan", { ...page.law(), flops: own }, { signal })]);
    drawn(out, () => draw(out, valleys, advice.optimal));
  }, error => showFault(out, error));
  page.on(["flops", "law", "fitted"], load);
  page.on(["law", "fitted"], () => {
    which.hidden = !page.fitted;
    fill(which, "the law: ", ...[["chinchilla", "of Chinchilla"], ["fitted", "fitted in section 4"]].map(([name, text]) =>
      h("button", { type: "button", "aria-pressed": page.state.law === name, onclick: () => page.set({ law: name! }) }, text!)));
  });
  load();
}

function draw(out: Element, valleys: Valley[], best: Costs) {
  const shades = ["var(--quiet)", "var(--quiet)", "var(--warm)", "var(--quiet)", "var(--quiet)"];
  const series: Series[] = valleys.map((v, i) => ({ name: `${flops(v.flops)} FLOPs`, points: v.points, colour: shades[i], dashed: i !== 2 }));
  series.push({ name: "the best of each", points: valleys.map(v => [v.best.parameters, v.best.loss]), colour: "var(--good)", dots: true });
  fill(out,
    legend([series[2]!, { ...series[1]!, name: "a tenth, a hundredth of it; ten, a hundred times it" }, series[5]!]),
    h("figure", {}, lines(series, { label: "parameters N", log: true }, { label: "loss L" }, sized(out as HTMLElement, 640, 320)),
      h("figcaption", {}, "IsoFLOP curves: each spends one budget on models of all sizes.")),
    h("div", { class: "numbers" },
      h("div", {}, h("b", { id: "best-n" }, size(best.parameters)), "parameters"),
      h("div", {}, h("b", { id: "best-d" }, size(best.tokens)), "training tokens"),
      h("div", {}, h("b", { id: "best-ratio" }, number(best.tokens_per_parameter, 3)), "tokens a parameter"),
      h("div", {}, h("b", { id: "best-loss" }, best.loss.toFixed(4)), "nats a token, the least loss")),
    folded("plan", "The same on the command line", h("pre", { class: "command" }, `rasp scaling plan --flops ${flops(best.training_flops)}`)));
}
