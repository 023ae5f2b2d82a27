// The words of RASP and their colours. What a name means only the engine knows; this much is
// seen at once.

import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { tags } from "@lezer/highlight";

const keywords = new Set(["def", "return", "for", "in", "if", "else", "and", "or", "not", "load", "draw", "set", "example", "show", "True", "False"]);
const given = new Set(["tokens", "tokens_str", "tokens_int", "tokens_float", "tokens_bool", "tokens_asis", "indices", "length", "select", "aggregate",
  "selector_width", "has_focus", "select_all", "full_s", "round", "indicator", "range", "zip", "len", "lookup"]);

export const rasp = StreamLanguage.define({
  name: "rasp",
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match(/#rasp:.*/)) return "meta";
    if (stream.match(/#.*/)) return "comment";
    if (stream.match(/"[^"]*"?/)) return "string";
    if (stream.match(/\d+(\.\d+)?/)) return "number";
    const word = stream.match(/[A-Za-z_]\w*/);
    if (word) {
      const name = (word as RegExpMatchArray)[0];
      return keywords.has(name) ? "keyword" : given.has(name) ? "standard" : "variableName";
    }
    stream.next();
    return null;
  },
  tokenTable: { standard: tags.standard(tags.variableName) },
  languageData: { commentTokens: { line: "#" }, closeBrackets: { brackets: ["(", "[", "{", '"'] } },
});

export const colours = syntaxHighlighting(HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: tags.standard(tags.variableName), color: "var(--code-given)" },
  { tag: tags.string, color: "var(--good)" },
  { tag: tags.number, color: "var(--warm)" },
  { tag: tags.comment, color: "var(--quiet)" },
  { tag: tags.meta, color: "var(--code-meta)" },
]));
