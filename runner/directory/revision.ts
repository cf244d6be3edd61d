/** What was read of one file. `hash` identifies the content; of a file that could not be read, the reason. */
export type SourceFile =
  | {readonly name: string; readonly hash: string; readonly text: string}
  | {readonly name: string; readonly hash: string; readonly unreadable: string};

/**
 * Everything the directory held at one moment. Its identity is the content: neither a modification time nor the wall clock takes part,
 * since a ConfigMap swap touches every file and edge nodes boot without a clock.
 */
export type Revision =
  | {
      readonly state: 'read';
      readonly hash: string;
      readonly files: readonly SourceFile[];
      readonly ignored: readonly string[];
      /** A mounted volume, whose files all change at once; in any other directory one may be seen half written. */
      readonly isAtomic: boolean;
    }
  /** The directory is gone, may not be read, or kept moving. Nothing can be concluded from it. */
  | {readonly state: 'unreadable'; readonly hash: string; readonly reason: string};
