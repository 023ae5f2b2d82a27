// Places of the engine in a document of the editor, and back. Both count in UTF-16.

import type { Text, ChangeSpec } from "@codemirror/state";
import type { Edit, Position, Range } from "../answers";

export function offsetOf(doc: Text, p: Position): number {
  const line = doc.line(Math.min(p.line + 1, doc.lines));
  return Math.min(line.from + p.character, line.to);
}

export function positionOf(doc: Text, offset: number): Position {
  const line = doc.lineAt(offset);
  return { line: line.number - 1, character: offset - line.from };
}

export function spanOf(doc: Text, r: Range): { from: number; to: number } {
  const from = offsetOf(doc, r.start);
  return { from, to: Math.max(from, offsetOf(doc, r.end)) };
}

// changesOf are edits, of which one may end in the line after the last.
export function changesOf(doc: Text, edits: Edit[]): ChangeSpec[] {
  return edits.map(e => ({ from: offsetOf(doc, e.range.start), to: e.range.end.line >= doc.lines ? doc.length : offsetOf(doc, e.range.end), insert: e.newText }));
}
