// What is done with a model: changes, verification, texts, the circuit, files.

import { h } from "../../lib/dom";
import type { Part, Session } from "./session";

export function panels(_session: Session): Part {
  return { element: h("div") };
}
