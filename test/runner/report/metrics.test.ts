import {describe, expect, it} from 'vitest';
import {printMetrics} from '#runner/report/prometheus-text.ts';
import {parseMetrics} from '#test/support/prometheus.ts';

describe('the metrics', () => {
  it('escape what names and values hold', () => {
    const text = printMetrics([
      {name: 'a_total', type: 'counter', help: 'back\\slash and\nline', samples: [{labels: {file: 'a"b\\c\nd'}, value: 1}]},
      {name: 'empty', type: 'gauge', help: 'nothing', samples: []},
    ]);
    expect(text).toBe('# HELP a_total back\\\\slash and\\nline\n# TYPE a_total counter\na_total{file="a\\"b\\\\c\\nd"} 1\n');
    expect([...parseMetrics(text).keys()]).toEqual(['a_total']);
  });

  const invalid: readonly {name: string; text: string}[] = [
    {name: 'a sample without its family', text: 'a 1\n'},
    {name: 'no end of line', text: '# HELP a b\n# TYPE a gauge\na 1'},
    {name: 'a raw quote in a label', text: '# HELP a b\n# TYPE a gauge\na{b="c"d"} 1\n'},
    {name: 'a sample twice', text: '# HELP a b\n# TYPE a gauge\na 1\na 1\n'},
    {name: 'a number that is none', text: '# HELP a b\n# TYPE a gauge\na undefined\n'},
    {name: 'a counter that does not end in _total', text: '# HELP a b\n# TYPE a counter\na 1\n'},
    {name: 'a family in two groups', text: '# HELP a b\n# TYPE a gauge\na 1\n# HELP c b\n# TYPE c gauge\nc 1\na{b="c"} 1\n'},
  ];
  it.each(invalid)('are read by a parser that refuses $name', ({text}) => {
    expect(() => parseMetrics(text)).toThrow();
  });
});
