/** The generated parser, before its lexer and actions are plugged in. */
export const parser: {lexer: unknown; yy: Record<string, unknown>; parse(text: string): unknown};
