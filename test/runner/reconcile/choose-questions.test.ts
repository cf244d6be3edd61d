import {describe, expect, it} from 'vitest';
import {type Candidate, chooseQuestions} from '#runner/reconcile/choose-questions.ts';

const candidate = (rule: string, more: Partial<Candidate> = {}): Candidate => ({
  rule,
  isUrgent: false,
  isSuspect: false,
  askedAt: 1,
  sources: ['demo'],
  ...more,
});
const many = (count: number, more: (i: number) => Partial<Candidate> = () => ({})) =>
  Array.from({length: count}, (_, i) => candidate(`r${i}`, more(i)));
const never = () => 0;

describe('a look at the rules asks about', () => {
  it('the urgent first, then suspects, then one rule of each source, then those whose turn it is', () => {
    const rules = [
      candidate('calm'),
      candidate('scout', {sources: ['other']}),
      candidate('suspect', {isSuspect: true}),
      candidate('urgent', {isUrgent: true}),
    ];
    expect(chooseQuestions(rules, 4, never)).toEqual(['urgent', 'suspect', 'scout', 'calm']);
    expect(chooseQuestions(rules, 2, never)).toEqual(['urgent', 'suspect']);
  });

  it('one rule of a thousand that read the same stream, and ten whose turn it is', () => {
    expect(chooseQuestions(many(1000), 200, never)).toHaveLength(11);
  });

  it('every rule in time', () => {
    const askedAt = new Map<string, number>();
    for (let look = 1; look <= 101; look++) {
      const rules = many(1000, i => ({askedAt: askedAt.get(`r${i}`) ?? 0}));
      for (const rule of chooseQuestions(rules, 200, never)) askedAt.set(rule, look);
    }
    expect(askedAt.size).toBe(1000);
  });

  it('never more than it may, and the suspects that waited longest', () => {
    const rules = many(5000, i => ({isSuspect: true, askedAt: 5000 - i}));
    expect(chooseQuestions(rules, 200, never)[0]).toBe('r4999');
    expect(chooseQuestions(rules, 200, never)).toHaveLength(200);
  });

  it('the sources nobody asked about for longest', () => {
    const rules = many(50, i => ({sources: [`s${i}`]}));
    expect(chooseQuestions(rules, 3, source => (source === 's7' ? 1 : 2))[0]).toBe('r7');
  });
});
