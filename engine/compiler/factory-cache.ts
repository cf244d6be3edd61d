import {ArrokothError, errorCode} from '#engine/base/errors.ts';

type Make = (...constants: readonly unknown[]) => unknown;

/**
 * Compiled programs by their text, so that rules of one shape share code and the optimizer's knowledge of it. Bounded: beyond `capacity`
 * shapes the one unused for longest is forgotten, which costs a rule that comes later a compilation.
 */
const capacity = 4_096;
const factories = new Map<string, Make>();

/** Compiles `text`, a function body over `library` and `functions`; the same text must always come with the same functions. */
export function loadFactory(text: string, library: object, functions: () => object): Make {
  let make = factories.get(text);
  if (make === undefined) {
    make = build(text)(library, functions()) as Make;
    if (factories.size >= capacity) factories.delete(factories.keys().next().value!);
  } else factories.delete(text);
  factories.set(text, make);
  observer?.(text);
  return make;
}

/** The parser of JavaScript recurses: some ten thousand branches of one expression are beyond its stack. */
function build(text: string): (...parameters: readonly object[]) => unknown {
  try {
    return new Function('library', 'functions', text) as ReturnType<typeof build>;
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    throw new ArrokothError('the statement has an expression that is too long to be compiled: split it into several streams or fields', {
      code: errorCode.executor,
      cause: thrown,
    });
  }
}

let observer: ((text: string) => void) | undefined;

/** Shows tests each program text; undefined ends it. */
export function observePrograms(observe: ((text: string) => void) | undefined): void {
  observer = observe;
}
