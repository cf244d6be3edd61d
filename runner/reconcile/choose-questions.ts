/** What is known of a running rule before it is asked about. */
export interface Candidate {
  readonly rule: string;
  /** Asked about at every look. */
  readonly isUrgent: boolean;
  /** It failed since the last look, or was not well then. */
  readonly isSuspect: boolean;
  /** The look at which it was asked about last; 0 never. */
  readonly askedAt: number;
  /** Its sources: one rule of each is asked, since a connection that is lost is lost for all. */
  readonly sources: readonly string[];
}

/** Rules without any reason that are asked about at each look, so that every rule has its turn. */
const turns = 10;

/**
 * Which rules a look asks about, at most `limit` of them: the urgent, then the suspects that waited longest, then one for each source
 * nobody was asked about, then those whose turn it is. `sourceAskedAt` gives the look at which a source was asked about last.
 */
export function chooseQuestions(
  candidates: readonly Candidate[],
  limit: number,
  sourceAskedAt: (source: string) => number,
): readonly string[] {
  const chosen = new Set<string>();
  const covered = new Set<string>();
  const choose = (list: readonly Candidate[]) => {
    for (const {rule, sources} of list) {
      if (chosen.size >= limit) return;
      chosen.add(rule);
      for (const source of sources) covered.add(source);
    }
  };
  choose(longestAgoFirst(candidates.filter(({isUrgent}) => isUrgent)));
  choose(longestAgoFirst(candidates.filter(({isSuspect, rule}) => isSuspect && !chosen.has(rule))));

  const scouts = new Map<string, Candidate>();
  for (const candidate of candidates)
    for (const source of candidate.sources) if (!covered.has(source) && !scouts.has(source)) scouts.set(source, candidate);
  choose([...scouts].sort(([a], [b]) => sourceAskedAt(a) - sourceAskedAt(b)).map(([, candidate]) => candidate));

  choose(longestAgoFirst(candidates.filter(({rule}) => !chosen.has(rule))).slice(0, turns));
  return [...chosen];
}

function longestAgoFirst(candidates: readonly Candidate[]): readonly Candidate[] {
  return [...candidates].sort((a, b) => a.askedAt - b.askedAt);
}
