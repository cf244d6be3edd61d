/** POST /ruleset/export, and the content of POST /ruleset/import: SQL and rule JSON as text, by name. */
export interface Ruleset {
  readonly streams: Readonly<Record<string, string>>;
  readonly tables: Readonly<Record<string, string>>;
  readonly rules: Readonly<Record<string, string>>;
}
