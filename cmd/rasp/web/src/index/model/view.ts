// The compiled model of the playground's program: what it is (sizes.ts), at work layer by
// layer (work.ts, with heads.ts and layer.ts), its weights, and what is done with it
// (panels.ts). They share a session.

import { h } from "../../lib/dom";
import type { Store } from "../store";
import { heads } from "./heads";
import { held, neurons, stream } from "./layer";
import { panels } from "./panels";
import { Session } from "./session";
import { sizes } from "./sizes";
import { weights } from "./weights";
import { outputs, work } from "./work";

// View is a tab of the playground; show is called when it is opened, hide when it is left.
export interface View { element: HTMLElement; show(): void; hide(): void }

// modelView is the tab; point marks a line of the program, from 1.
export function modelView(store: Store, point: (line: number | null) => void): View {
  const session = new Session(store, point);
  const parts = [
    sizes(session),
    work(session, outputs, [
      { title: "Heads", about: "A row of a picture is a position that asks, a column one that it looks at. Choose a row to look from there.", draw: heads },
      { title: "Neurons", about: "The MLP of the layer: each neuron is active where its condition holds, and writes into the stream.", draw: neurons },
      { title: "Held from here on", about: "The s-ops of the program that the stream holds once the layer is done. Marked is what the program does not say; ~ stands where the model does not tell values apart.", draw: held },
      { title: "Residual stream", about: "What each dimension is at the chosen position after each half layer, who writes it and who reads it.", draw: stream },
    ]),
    weights(session),
    panels(session),
  ];
  return {
    element: h("div", { class: "model" }, ...parts.map(p => p.element)),
    show: () => session.show(),
    hide: () => { session.hide(); point(null); },
  };
}
