import {readFile} from 'node:fs/promises';
import {messageOf} from '#engine/base/errors.ts';
import {contentHash} from '#runner/base/content-hash.ts';

/** Files that say who the runner is and whom it trusts. Empty names are not used. */
export interface CredentialFiles {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly tokenFile: string;
  /** `bearer` sends `Authorization: Bearer <token>`; `raw` sends the token alone, as eKuiper's JWT check wants it. */
  readonly tokenScheme: 'bearer' | 'raw';
  readonly usernameFile: string;
  readonly passwordFile: string;
}

export interface Credentials {
  /** Changes when TLS files rotate. */
  readonly tlsHash: string;
  readonly ca: Buffer | undefined;
  readonly cert: Buffer | undefined;
  readonly key: Buffer | undefined;
  readonly authorization: string | undefined;
  /** What no text may show. */
  readonly secrets: readonly string[];
}

/** Files that change while they are read are read again this often. */
const mostReadings = 5;

/**
 * Reads all files anew; they come from a Secret and rotate. All are of one moment: a certificate of before and a key of after a rotation make
 * no pair, so two readings in a row must agree. Throws an Error that names the file.
 */
export async function readCredentials(files: CredentialFiles): Promise<Credentials> {
  const names = [files.caFile, files.certFile, files.keyFile, files.tokenFile, files.usernameFile, files.passwordFile];
  let contents = await Promise.all(names.map(readOptional));
  for (let reading = 2; reading <= mostReadings && names.some(name => name !== ''); reading++) {
    const before = contents;
    contents = await Promise.all(names.map(readOptional));
    if (contents.every((content, i) => content === before[i] || (content && before[i]?.equals(content)))) break;
  }
  const [ca, cert, key, token, username, password] = contents;
  return {
    tlsHash: contentHash(ca ?? '', '\0', cert ?? '', '\0', key ?? ''),
    ca,
    cert,
    key,
    ...authorization(files, token, username, password),
  };
}

function authorization(
  {tokenScheme, tokenFile, usernameFile, passwordFile}: CredentialFiles,
  token: Buffer | undefined,
  username: Buffer | undefined,
  password: Buffer | undefined,
): Pick<Credentials, 'authorization' | 'secrets'> {
  if (token) {
    const text = oneLine(token, tokenFile);
    return {authorization: tokenScheme === 'raw' ? text : `Bearer ${text}`, secrets: [text]};
  }
  if (!username && !password) return {authorization: undefined, secrets: []};
  const secret = password ? oneLine(password, passwordFile) : '';
  const pair = Buffer.from(`${username ? oneLine(username, usernameFile) : ''}:${secret}`).toString('base64');
  return {authorization: `Basic ${pair}`, secrets: [pair, secret]};
}

/** Files made with an editor or `echo` end in a newline, which no header may hold. */
function oneLine(content: Buffer, file: string): string {
  const text = content.toString('utf8').trim();
  if (text === '') throw new Error(`the credential file "${file}" is empty`);
  if (/[\u0000-\u001f\u007f]/.test(text)) throw new Error(`the credential file "${file}" must hold one line of text`);
  return text;
}

async function readOptional(file: string): Promise<Buffer | undefined> {
  if (file === '') return undefined;
  try {
    return await readFile(file);
  } catch (thrown) {
    throw new Error(`cannot read the credential file "${file}": ${messageOf(thrown)}`, {cause: thrown});
  }
}
