// Large numbers, as people say them.

import { number } from "../lib/dom";

// size is a number of parameters or tokens: 72.2 B.
export function size(x: number): string {
  for (const [unit, name] of [[1e12, "T"], [1e9, "B"], [1e6, "M"]] as [number, string][]) {
    if (x >= unit && x < 1e16) return `${Number((x / unit).toPrecision(3))} ${name}`;
  }
  return x < 1e6 ? number(x, 3) : flops(x);
}

// flops is a number of operations: 5.76e23.
export const flops = (x: number): string => x.toExponential(2).replace("e+", "e");

// power is 10 to the x of a slider.
export const power = (x: number): number => Number((10 ** x).toPrecision(6));
