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
}

/** Reads all files anew; they come from a Secret and rotate. Throws an Error that names the file. */
export async function readCredentials(files: CredentialFiles): Promise<Credentials> {
  const [ca, cert, key, token, username, password] = await Promise.all(
    [files.caFile, files.certFile, files.keyFile, files.tokenFile, files.usernameFile, files.passwordFile].map(readOptional),
  );
  return {
    tlsHash: contentHash(ca ?? '', '\0', cert ?? '', '\0', key ?? ''),
    ca,
    cert,
    key,
    authorization: authorization(files.tokenScheme, token, username, password),
  };
}

function authorization(scheme: 'bearer' | 'raw', token?: Buffer, username?: Buffer, password?: Buffer): string | undefined {
  if (token) return scheme === 'raw' ? oneLine(token) : `Bearer ${oneLine(token)}`;
  if (!username && !password) return undefined;
  return `Basic ${Buffer.from(`${oneLine(username)}:${oneLine(password)}`).toString('base64')}`;
}

/** Files made with an editor or `echo` end in a newline, which no header may hold. */
function oneLine(content: Buffer | undefined): string {
  return content?.toString('utf8').trim() ?? '';
}

async function readOptional(file: string): Promise<Buffer | undefined> {
  if (file === '') return undefined;
  try {
    return await readFile(file);
  } catch (thrown) {
    throw new Error(`cannot read the credential file "${file}": ${messageOf(thrown)}`, {cause: thrown});
  }
}
