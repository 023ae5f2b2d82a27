"use strict";
const W = 34, H = 20, L = 70, least = 0.005, NS = "http://www.w3.org/2000/svg";
const get = id => document.getElementById(id), all = query => [...document.querySelectorAll(query)];

// softmax of the scores of a query, times the sharpness; keys that are not seen are null.
// Exponentials are float32, as in the model: what is too small is 0.
function softmax(scores, sharp) {
  const e = scores.map(s => s === null ? 0 : Math.fround(Math.exp(sharp * s))); // the largest score is 0
  const total = e.reduce((a, b) => a + b, 0);
  return e.map(x => x / total);
}

// withoutBOS is how what BOS leaves is shared.
function withoutBOS(weights) {
  const rest = weights.slice(1).reduce((a, b) => a + b, 0);
  return weights.map((w, j) => j && rest > 1e-20 ? w / rest : 0);
}

function add(to, name, attributes, text, title) {
  const x = to.appendChild(document.createElementNS(NS, name));
  for (const k in attributes) x.setAttribute(k, attributes[k]);
  if (title !== undefined) add(x, "title", {}, title);
  if (text) x.append(text);
  return x;
}

function drawing(to, width, height) {
  return add(to, "svg", {width, height, "font-size": 12, "font-family": "DejaVu Sans Mono,Menlo,Consolas,monospace"});
}

function element(to, name, text, cls) {
  const x = to.appendChild(document.createElement(name));
  if (text) x.append(text);
  if (cls) x.className = cls;
  return x;
}

const cut = (text, most) => [...text].length > most ? [...text].slice(0, most - 1).join("") + "…" : text;
// cutInside leaves the ends of a text.
function cutInside(text, most) {
  const runes = [...text], end = Math.floor(most / 3);
  return runes.length > most ? runes.slice(0, most - 1 - end).join("") + "…" + runes.slice(-end).join("") : text;
}

const at = i => L + W * (i + 0.5);
const arcHeight = n => Math.min(90, 16 + n * 8);

function arc(from, to, base, by) {
  if (by === 0) return `M${to - 4} ${base}c-8 -14 16 -14 8 0`;
  const y = by < 0 ? base + 18 : base, bend = 2 * arcHeight(Math.abs(by)) - 18;
  return `M${from} ${y}Q${(from + to) / 2} ${y - Math.sign(by) * bend} ${to} ${y}`;
}

// build draws a head on an input, and returns what sets its weights.
function build(div, run) {
  const tokens = run.tokens, place = i => i ? tokens[i] + " (position " + (i - 1) + ")" : "BOS";
  const scores = run.scores[div.dataset.head], n = tokens.length, high = arcHeight(n - 1);
  const base = 18 + H * (n - 1) + 8 + high;
  const below = scores.some((row, i) => row.some((s, j) => s !== null && j > i + 1)) ? high + 20 : 22;
  div.replaceChildren();
  const svg = drawing(div, L + W * n + 16, base + below);
  const set = [];
  for (let j = 0; j < n; j++) {
    add(svg, "text", {x: at(j), y: 12, class: "m i"}, cut(tokens[j], 4), place(j) + ", as key");
    add(svg, "text", {x: at(j), y: base + 14, class: "t i"}, cut(tokens[j], 4), place(j));
  }
  for (let i = 1; i < n; i++) {
    const y = 18 + H * (i - 1);
    add(svg, "text", {x: L - 8, y: y + 14, class: "t e"}, cut(tokens[i], 8), place(i) + ", as query");
    for (let j = 0; j < n; j++) {
      if (scores[i - 1][j] === null) continue;
      const cell = add(svg, "rect", {x: L + W * j, y, width: W, height: H, class: "c"}, "", "");
      add(svg, "rect", {x: L + W * j, y, width: W, height: H, class: "g", "pointer-events": "none"});
      const number = add(svg, "text", {x: at(j), y: y + 14, "pointer-events": "none"});
      const line = add(svg, "path", {d: arc(at(j), at(i), base, i - j), class: "a"}, "", "");
      set.push((weights, shown) => {
        const w = shown[i - 1][j];
        const says = `${place(i)} looks at ${place(j)}\nweight ${+weights[i - 1][j].toPrecision(4)}, score ${scores[i - 1][j]} against the largest`;
        cell.setAttribute("fill-opacity", w.toFixed(3));
        number.setAttribute("class", w > 0.55 ? "w i" : "t i");
        number.textContent = w >= least ? +w.toFixed(2) : "";
        line.setAttribute("stroke-opacity", w.toFixed(3));
        line.style.display = w >= least ? "" : "none";
        cell.firstChild.textContent = line.firstChild.textContent = says;
      });
    }
  }
  return (sharp, shares) => {
    const weights = scores.map(row => softmax(row, sharp));
    const shown = shares && data.adds[div.dataset.head] ? weights.map(withoutBOS) : weights;
    set.forEach(f => f(weights, shown));
  };
}

// heat draws what a head compares or brings, as heat.go does.
function heat(to, map) {
  const wide = 7.3, cellHeight = 16, gap = 6, top = 48;
  const name = t => t.value === undefined ? t.name : t.name + " " + t.value;
  const short = t => t.value === undefined ? t.name : t.value;
  const widest = (terms, most, text) => Math.max(...terms.map(t => Math.min(most, [...text(t)].length)));
  const left = wide * widest(map.rows, 24, name) + 8;
  const cellWidth = Math.max(16, wide * widest(map.columns, 5, short) + 4);
  const columns = [], rows = [];
  let x = left, y = top;
  map.columns.forEach((c, j) => {
    if (j && c.name !== map.columns[j - 1].name) x += gap;
    columns.push(x);
    x += cellWidth;
  });
  map.rows.forEach((r, i) => {
    if (i && map.qk && r.name !== map.rows[i - 1].name) y += gap;
    rows.push(y);
    y += cellHeight;
  });
  const svg = drawing(to, Math.max(x, wide * map.title.length) + 8, y + 6);
  add(svg, "text", {x: 0, y: 12, class: "m"}, map.title);
  map.columns.forEach((c, j) => {
    add(svg, "text", {x: columns[j] + cellWidth / 2, y: top - 4, class: "t i"}, cut(short(c), 5), name(c));
    if (c.value === undefined || j && c.name === map.columns[j - 1].name) return;
    const count = map.columns.filter(d => d.name === c.name).length;
    add(svg, "text", {x: columns[j], y: top - 20, class: "m"}, cut(c.name, Math.max(2, Math.floor(count * cellWidth / wide))), c.name);
  });
  map.rows.forEach((r, i) => {
    add(svg, "text", {x: left - 6, y: rows[i] + 12, class: "t e"}, cutInside(name(r), 24), name(r));
    const most = Math.max(...map.cells[i].map((v, j) => v === null || map.columns[j].name === "BOS" ? 0 : Math.abs(v)));
    map.cells[i].forEach((v, j) => {
      if (v === null) return;
      const shade = map.qk ? Math.exp(Math.min(0, v - (map.bos ? map.bos[i] : 0))) : Math.min(1, Math.abs(v) / (most || 1));
      const says = map.qk ? `query: ${name(r)}\nkey: ${name(map.columns[j])}\nscore ${v} beside the best value`
        : `key: ${name(map.columns[j])}\nwrites ${v}\nto ${name(r)}`;
      const box = {x: columns[j], y: rows[i], width: cellWidth, height: cellHeight};
      add(svg, "rect", {...box, class: !map.qk && v < 0 ? "n l" : "c l", "fill-opacity": shade.toFixed(3)}, "", says);
    });
  });
  if (map.note) element(to, "div", map.note, "note");
}

// bars of the tokens that may come next, at a temperature.
function bars(div, next, temperature) {
  const logs = next.logs.map(l => l / temperature), rest = next.rest.map(l => l / temperature);
  const most = Math.max(...logs), sum = list => list.reduce((a, l) => a + Math.exp(l - most), 0);
  const total = sum(logs) + sum(rest), left = 90, width = 320;
  div.replaceChildren();
  const svg = drawing(div, left + width + 80, 20 * logs.length + 24);
  logs.forEach((l, i) => {
    const p = Math.exp(l - most) / total, y = 20 * i, token = next.tokens[i];
    add(svg, "text", {x: left - 8, y: y + 13, class: "t e"}, cut(token, 12), token);
    add(svg, "rect", {x: left, y: y + 2, width: Math.max(1, width * p), height: 14, class: "c"}, "",
      `${token}: probability ${+p.toPrecision(6)}, ${+Math.abs(Math.log2(p)).toPrecision(4)} bits`);
    add(svg, "text", {x: left + width * p + 6, y: y + 13, class: "m"}, "" + +p.toPrecision(4));
  });
  add(svg, "text", {x: 0, y: 20 * logs.length + 14, class: "m"}, `${next.more} more can come next, ${next.impossible} cannot`);
}

let heads = [], run;

// showRun shows the input of the slider.
function showRun() {
  const k = +get("input").value;
  run = data.runs[k];
  get("which").value = `${k + 1} of ${data.runs.length}: ${run.title}`;
  get("input").setAttribute("aria-valuetext", run.title);
  get("results").replaceChildren();
  for (const r of run.results) {
    const p = element(get("results"), "p", "", "out");
    element(p, "b", `output ${r.name} = ${r.model}`);
    if (r.program) element(p, "span", " the program gives " + r.program, "bad");
  }
  if (run.fault) element(get("results"), "p", "The program fails on this input: " + run.fault, "bad");
  if (run.note) element(get("results"), "p", run.note, "note");
  for (const row of all("[data-held]")) {
    while (row.children.length > 1) row.lastChild.remove();
    const held = run.held[row.dataset.held];
    held.values.forEach((v, i) => element(row, "td", v, held.differ.includes(i) ? "bad" : ""));
  }
  heads = all(".head").map(div => build(div, run));
  show();
}

function show() {
  const slider = get("sharp"), at = +slider.value, sharp = at === +slider.min ? 0 : 10 ** (at / 10);
  const says = sharp === 0 ? "scores × 0: the mean of all keys" : at === 0 ? "scores × 1: the model" : "scores × " + +sharp.toPrecision(2);
  get("says").value = says;
  slider.setAttribute("aria-valuetext", says);
  heads.forEach(f => f(sharp, get("shares").checked));
  all(".shares").forEach(x => x.hidden = !get("shares").checked);
  if (!run.next) return;
  const temperature = 10 ** (+get("temperature").value / 20);
  get("tempered").value = +temperature.toPrecision(2) + (temperature === 1 ? ": the model" : "");
  bars(get("next"), run.next, temperature);
}

all(".maps").forEach(div => data.maps[div.dataset.maps].forEach(map => heat(element(div, "div"), map)));
get("input").addEventListener("input", showRun);
get("sharp").addEventListener("input", show);
get("shares").addEventListener("change", show);
get("temperature")?.addEventListener("input", show);
get("reset").addEventListener("click", () => {
  get("sharp").value = 0;
  if (get("temperature")) get("temperature").value = 0;
  show();
});
showRun();
