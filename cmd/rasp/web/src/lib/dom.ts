// Elements of a page: made, filled, and moved by sliders.

type Child = Node | string | number | null | undefined | false;
type Props = Record<string, unknown>;

// h makes an element of HTML. Properties that start with "on" are listeners, "class" and names
// with "-" are attributes, others properties.
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  set(element, props);
  add(element, children);
  return element;
}

// svg makes an element of SVG; all its properties are attributes or listeners.
export function svg<K extends keyof SVGElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): SVGElementTagNameMap[K] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value as EventListener);
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  add(element, children);
  return element;
}

function set(element: HTMLElement, props: Props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value as EventListener);
    else if (name === "class" || name === "for" || name === "role" || name === "list" || name.includes("-")) element.setAttribute(name, String(value));
    else if (name === "style") element.style.cssText = String(value);
    else (element as unknown as Props)[name] = value;
  }
}

function add(element: Element, children: Child[]) {
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) element.append(child instanceof Node ? child : String(child));
  }
}

// fill replaces what is in an element.
export function fill(element: Element, ...children: Child[]) {
  element.replaceChildren();
  add(element, children);
}

// get is the element of an id that the page has.
export function get<T extends Element = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element as unknown as T;
}

export interface Range { label: string; min: number; max: number; step: number; value: number; show?: (x: number) => string; change: (x: number) => void }

// slider is a labelled range that tells of each change.
export function slider(r: Range): HTMLLabelElement {
  const show = r.show ?? String;
  const output = h("output", {}, show(r.value));
  const input = h("input", {
    type: "range", min: r.min, max: r.max, step: r.step, value: r.value,
    "aria-valuetext": show(r.value),
    oninput: () => {
      const x = Number(input.value);
      output.textContent = show(x);
      input.setAttribute("aria-valuetext", show(x));
      r.change(x);
    },
  });
  return h("label", { class: "slider" }, r.label, input, output);
}

// number shows a number in so many significant digits, without an exponent where it can.
export function number(x: number, digits = 4): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "–" : x > 0 ? "∞" : "−∞";
  if (Number.isInteger(x) && Math.abs(x) < 1e15) return x.toLocaleString("en-US").replace("-", "−");
  if (x !== 0 && (Math.abs(x) < 1e-4 || Math.abs(x) >= 1e9)) return x.toExponential(digits - 1).replace("-", "−");
  return String(Number(x.toPrecision(digits))).replace("-", "−");
}
