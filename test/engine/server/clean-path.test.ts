import {describe, expect, it} from 'vitest';
import {cleanPath} from '#engine/server/clean-path.ts';

describe('cleanPath', () => {
  it.each([
    {url: '//streams', clean: '/streams'},
    {url: '/streams//demo?force=true', clean: '/streams/demo?force=true'},
    {url: '/streams//', clean: '/streams/'},
    {url: '/a/./b/../c', clean: '/a/c'},
    {url: '/../../etc/passwd', clean: '/etc/passwd'},
    {url: '//evil.example/x', clean: '/evil.example/x'},
    {url: '///', clean: '/'},
  ])('sends $url to $clean', ({url, clean}) => {
    expect(cleanPath(url)).toBe(clean);
  });

  it.each(['/', '/streams', '/streams/', '/streams/a.b', '/x?u=http://a//b', '/..data'])('leaves %s as it is', url => {
    expect(cleanPath(url)).toBeUndefined();
  });
});
