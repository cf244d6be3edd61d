import {EvaluationError} from '#engine/base/errors.ts';
import type {Row} from '#engine/values/value.ts';
import {goTypeOf} from '../template-value.ts';
import {objectArgument} from './dicts.ts';
import {define, type TemplateFamily, textArgument} from './template-function.ts';

/** Sprig's functions on addresses. Nothing is asked of the network. */
export const urlFunctions: TemplateFamily = {
  title: 'Addresses',
  functions: {
    urlParse: define('The parts of an address.', '{{(urlParse "http://admin@host:81/a%20b?x=1#top").host}}', 1, text =>
      parse(textArgument(text)),
    ),
    urlJoin: define(
      'The address of the parts that `urlParse` gives.',
      '{{urlJoin (dict "scheme" "http" "host" "host:81" "path" "/a b" "query" "x=1")}}',
      1,
      parts => assemble(objectArgument(parts)),
    ),
  },
};

/** RFC 3986, appendix B, with Go's opaque part. */
const addressPattern = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?([^#?]*)(?:\?([^#]*))?(?:#([\s\S]*))?$/;

function parse(text: string): Row {
  const match = addressPattern.exec(text);
  if (!match || /[\x00-\x1f\x7f]/.test(text) || text.startsWith(':')) throw unreadable(text);
  const [, scheme = '', rest = '', query = '', fragment = ''] = match;
  const parts = {scheme: scheme.toLowerCase(), query, fragment: decoded(fragment, text)};
  if (scheme !== '' && !rest.startsWith('/') && rest !== '') {
    return {...parts, host: '', hostname: '', path: '', opaque: rest, userinfo: ''};
  }
  // A colon in the first element would make it a scheme.
  if (scheme === '' && /^[^/]*:/.test(rest)) throw unreadable(text);
  const [, authority, path = ''] = /^(?:\/\/([^/]*))?([\s\S]*)$/.exec(rest)!;
  const at = authority?.lastIndexOf('@') ?? -1;
  const host = (authority ?? '').slice(at + 1);
  const address = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(host);
  if (!address || /[ "<>\\^`{|}]/.test(host)) throw unreadable(text);
  return {
    ...parts,
    host: decoded(host, text),
    hostname: decoded(address[1]!.replace(/^\[|\]$/g, ''), text),
    path: decoded(path, text),
    opaque: '',
    userinfo: at < 0 ? '' : userinfo(authority!.slice(0, at), text),
  };
}

function unreadable(text: string): EvaluationError {
  return new EvaluationError(`"${text}" is no address`);
}

function decoded(part: string, text: string): string {
  if (/%(?![0-9a-fA-F]{2})/.test(part)) throw unreadable(text);
  const bytes = Buffer.from(part).toString('latin1');
  const plain = bytes.replace(/%([0-9a-fA-F]{2})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)));
  return Buffer.from(plain, 'latin1').toString();
}

/** Every byte but letters, digits and `kept` as `%XX`. */
function encoded(text: string, kept: string): string {
  return Array.from(Buffer.from(text), byte => {
    const sign = String.fromCharCode(byte);
    return /[A-Za-z0-9\-_.~]/.test(sign) || (byte < 128 && kept.includes(sign))
      ? sign
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

function userinfo(part: string, text: string): string {
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(part)) throw unreadable(text);
  const [name, ...rest] = part.split(':');
  const encode = (value: string): string => encoded(decoded(value, text), '$&+,;=');
  return rest.length === 0 ? encode(name!) : `${encode(name!)}:${encode(rest.join(':'))}`;
}

function partOf(parts: Row, name: string): string {
  const value = Object.hasOwn(parts, name) ? parts[name] : '';
  if (typeof value === 'string') return value;
  throw new EvaluationError(`unable to parse ${name} key, must be of type string, but ${goTypeOf(value)} found`);
}

function assemble(parts: Row): string {
  const [scheme, host, path, query, opaque, fragment, user] = ['scheme', 'host', 'path', 'query', 'opaque', 'fragment', 'userinfo'].map(
    name => partOf(parts, name),
  ) as [string, string, string, string, string, string, string];
  let text = scheme === '' ? '' : `${scheme}:`;
  if (opaque !== '') text += opaque;
  else {
    if (scheme !== '' || host !== '' || user !== '') {
      if (host !== '' || path !== '' || user !== '') text += '//';
      if (user !== '') text += `${userinfo(user, user)}@`;
      text += encoded(host, '!$&\'()*+,;=:[]<>"');
    }
    const escaped = path === '*' ? '*' : encoded(path, '$&+,/:;=@');
    if (escaped !== '' && !escaped.startsWith('/') && host !== '') text += '/';
    // Else the first element would read as a scheme.
    if (text === '' && /^[^/]*:/.test(escaped)) text += './';
    text += escaped;
  }
  if (query !== '') text += `?${query}`;
  return fragment === '' ? text : `${text}#${encoded(fragment, '!()*$&+,/:;=?@')}`;
}
