import {nearest} from '#engine/base/nearest.ts';
import {type JsonNode, type JsonString, offsetInString} from '#runner/base/json-text.ts';
import {LineIndex} from '#runner/base/line-index.ts';
import {maskText} from '#runner/base/mask.ts';
import type {Origin} from './declared.ts';
import type {Problem} from './problem.ts';

/** A file's text with the places in it, and the faults found so far. */
export class SourceText {
  readonly file: string;
  readonly text: string;
  readonly problems: Problem[] = [];
  readonly #lines: LineIndex;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    this.#lines = new LineIndex(text);
  }

  originOf(node: Pick<JsonNode, 'start'>, command: number): Origin {
    return {file: this.file, command, ...this.#lines.positionOf(node.start)};
  }

  /** A message may repeat what stands in the file, and that may be a secret. */
  report(offset: number, message: string, severity: Problem['severity'] = 'error'): void {
    this.problems.push({severity, file: this.file, ...this.#lines.positionOf(offset), message: maskText(message)});
  }

  /** As `report`, for a character of a string's value. */
  reportIn(node: JsonString, offset: number, message: string, severity: Problem['severity'] = 'error'): void {
    this.report(offsetInString(this.text, node, offset), message, severity);
  }
}

/** `, did you mean "…"`, or nothing when no known word is near. */
export function suggest(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? '' : `, did you mean "${near}"`;
}
