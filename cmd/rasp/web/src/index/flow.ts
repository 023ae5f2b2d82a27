// The flow: how the program computes its output on the input, in layers and heads.

import { fill, h } from "../lib/dom";
import { call } from "../lib/engine";
import { showFault } from "../lib/shell";
import { live } from "./live";
import type { View } from "./model/view";
import type { Store } from "./store";

interface Flow { svg: string; counts: string }

export class FlowView implements View {
  private readonly counts = h("span");
  private readonly paper = h("div", { class: "paper", tabIndex: 0, role: "region", "aria-label": "Picture of the flow" });
  private readonly fits = h("input", { type: "checkbox", onchange: () => this.paper.classList.toggle("fits", this.fits.checked) });
  readonly element = h("div", { class: "flow" }, h("div", { class: "row choices between" }, this.counts, h("label", {}, this.fits, "fit the width")), this.paper);
  private isOpen = false;
  private readonly asked = live<Flow>({
    ask: signal => call<Flow>("flow", { text: this.store.state.text, input: this.store.state.input }, { signal }),
    got: flow => this.draw(flow),
    failed: error => { fill(this.counts); showFault(this.paper, error); },
    busy: on => this.busy(on, () => this.asked.cancel()),
  });

  constructor(private readonly store: Store, private readonly busy: (on: boolean, cancel: () => void) => void) {
    store.on((_, changed) => { if (this.isOpen && (changed.has("text") || changed.has("input"))) this.asked.again(); });
  }

  show() { this.isOpen = true; this.asked.again(); }
  hide() { this.isOpen = false; }

  private draw(flow: Flow) {
    fill(this.counts, `${flow.counts.replace("layers", "Layers:").replace(", heads", "; heads in each:")}. As the program is written; a model may have fewer.`);
    const picture = new DOMParser().parseFromString(flow.svg, "image/svg+xml").documentElement as unknown as SVGSVGElement;
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", `The flow of the program on the input: ${flow.counts}. The tab Values has all numbers as tables.`);
    fill(this.paper, document.importNode(picture, true));
  }
}

// drawn is the picture as a file.
export const drawn = async (store: Store) => (await call<Flow>("flow", { text: store.state.text, input: store.state.input })).svg;
