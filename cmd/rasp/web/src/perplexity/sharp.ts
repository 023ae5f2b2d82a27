// Accuracy against perplexity: the temperature moves one of them.

import { fill, h, number, slider } from "../lib/dom";
import { lines, type Series } from "../lib/figure";
import { named } from "../lib/controls";
import { drawn, legend, sized } from "../lib/legend";
import type { Learned, Told } from "./learn";
import type { Page } from "./page";

export function sharpness(page: Page, where: HTMLElement, learnt: Told<Learned>) {
  const out = h("div", {}), controls = h("div", { class: "controls" });
  fill(where, controls, out);
  let steps = 0;
  const draw = () => {
    const sharp = learnt.value?.sharp;
    if (!sharp) return fill(out, h("p", { class: "quiet" }, "The model of section 3 has no probability for a letter of these lines: choose a smoothing there."));
    if (steps !== sharp.length) {
      steps = sharp.length;
      const at = Math.max(0, sharp.findIndex(s => s.temperature === page.state.temperature));
      fill(controls, named("temperature", slider({ label: "temperature T", min: 0, max: steps - 1, step: 1, value: at, show: i => String(sharp[i]!.temperature), change: i => page.set({ temperature: sharp[i]!.temperature }) })));
    }
    const s = sharp.find(x => x.temperature === page.state.temperature) ?? sharp[0]!;
    const series: Series[] = [
      { name: "bits a letter", points: sharp.map(x => [x.temperature, x.bits ?? NaN]), colour: "var(--accent)" },
      { name: "here", points: [[s.temperature, s.bits ?? NaN]], colour: "var(--bad)", dots: true }];
    fill(out,
      h("div", { class: "numbers" },
        h("div", {}, h("b", { id: "sharp-bits" }, number(s.bits ?? Infinity, 6)), "bits a letter"),
        h("div", {}, h("b", { id: "sharp-right" }, `${number(100 * s.right, 4)}%`), "of the letters were the likeliest")),
      legend(series),
      h("figure", {}, lines(series, { label: "temperature T", log: true }, { label: "bits a letter" }, sized(out, 600, 260)),
        h("figcaption", {}, `The ${page.state.order}-gram of section 3 on the lines kept aside. Colder is surer, also where it is wrong; hotter says less than it knows. Where the valley lies tells whether the smoothing was too timid or too bold.`)));
  };
  learnt.on(() => drawn(out, draw));
  page.on(["temperature"], draw);
}
