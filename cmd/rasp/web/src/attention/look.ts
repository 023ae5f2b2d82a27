// What the engine answers to attention.look.

import { call } from "../lib/engine";

export interface Looked { scale: number; scores: number[][]; weights: number[][]; outputs: number[][]; largest: number[][]; hard: number[][] }

export const look = (queries: number[][], keys: number[][], values: number[], sharpness: number, causal = false, signal?: AbortSignal) =>
  call<Looked>("attention.look", { queries, keys, values: values.map(v => [v]), sharpness, causal }, signal ? { signal } : {});
