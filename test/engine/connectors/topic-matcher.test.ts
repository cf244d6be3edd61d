import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {checkFilter, splitFilters, splitShare} from '#engine/connectors/topic-filter.ts';
import {TopicMatcher} from '#engine/connectors/topic-matcher.ts';

/** MQTT 4.7 word for word, without any index. */
function matches(filter: string, topic: string): boolean {
  const wanted = filter.split('/');
  const given = topic.split('/');
  if (topic.startsWith('$') && /^[+#]/.test(filter)) return false;
  for (const [i, name] of wanted.entries()) {
    if (name === '#') return true;
    if (i >= given.length || (name !== '+' && name !== given[i])) return false;
  }
  return wanted.length === given.length;
}

const level = fc.constantFrom('a', 'b', '', '$x', '__proto__');
const topicOf = fc.array(level, {minLength: 1, maxLength: 5}).map(levels => levels.join('/'));
const filterOf = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), {minLength: 0, maxLength: 4}), fc.constantFrom('', '#'))
  .map(([levels, last]) => (last === '' ? levels : [...levels, last]).join('/'))
  .filter(filter => filter !== '');

describe('the topic matcher', () => {
  it('finds what MQTT says, whatever was added and removed', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(filterOf, fc.boolean()), {maxLength: 12}), fc.array(topicOf, {maxLength: 6}), (filters, topics) => {
        const matcher = new TopicMatcher<number>();
        for (const [i, [filter]] of filters.entries()) matcher.add(filter, i);
        for (const [i, [filter, isRemoved]] of filters.entries()) if (isRemoved) matcher.remove(filter, i);
        for (const topic of topics) {
          const expected = [...filters.entries()].filter(([, [filter, isRemoved]]) => !isRemoved && matches(filter, topic)).map(([i]) => i);
          expect(matcher.match(topic).sort((a, b) => a - b)).toEqual(expected);
        }
      }),
      {numRuns: 500},
    );
  });

  const cases = [
    {filter: 'a/#', topic: 'a', isMatch: true},
    {filter: '+/#', topic: '$SYS/x', isMatch: false},
    {filter: '#', topic: '$SYS', isMatch: false},
    {filter: '$SYS/#', topic: '$SYS/x', isMatch: true},
    {filter: 'a/+', topic: 'a/', isMatch: true},
    {filter: 'a/+', topic: 'a', isMatch: false},
    {filter: '+/+', topic: '/x', isMatch: true},
  ];
  for (const {filter, topic, isMatch} of cases) {
    it(`${isMatch ? 'matches' : 'does not match'} ${topic} by ${filter}`, () => {
      const matcher = new TopicMatcher<string>();
      matcher.add(filter, filter);
      expect(matcher.match(topic)).toEqual(isMatch ? [filter] : []);
    });
  }
});

describe('a topic filter', () => {
  it('is taken out of a list', () => expect(splitFilters(' a/b, c ,,d')).toEqual(['a/b', 'c', 'd']));

  it('is parted from its group', () => {
    expect(splitShare('$share/g/a/+')).toEqual({group: 'g', pattern: 'a/+'});
    expect(splitShare('$shared/x')).toEqual({group: undefined, pattern: '$shared/x'});
  });

  for (const filter of ['a', '/', '+', '#', 'a/+/b/#', '$hw/events/+/x', '$share/g/#']) {
    it(`may be ${filter}`, () => expect(checkFilter(filter)).toBeUndefined());
  }
  for (const filter of ['', 'a#', '#/a', 'a/b+', '+a', '$share/g', '$share//a', '$share/+/a', '$share/g/', 'a\0b', 'x'.repeat(70_000)]) {
    it(`may not be ${JSON.stringify(filter.slice(0, 20))}`, () => expect(checkFilter(filter)).toBeTypeOf('string'));
  }
});
