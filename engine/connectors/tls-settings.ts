import {readFileSync} from 'node:fs';
import {dirname, isAbsolute, join} from 'node:path';
import type {SecureVersion} from 'node:tls';
import {ArrokothError, errorCode} from '#engine/base/errors.ts';
import {flag, oneOf, type SettingsOf, text} from '#engine/base/settings.ts';

/** TLS properties, the same for every connector that has a connection of its own. */
export const tlsSettings = {
  insecureSkipVerify: flag('Accepts any certificate of the peer: only for trials, since anyone can then stand between.'),
  certificationPath: text('File of our certificate (PEM), absolute or relative to the base directory.', {default: ''}),
  privateKeyPath: text('File of our private key (PEM).', {default: ''}),
  rootCaPath: text('File of the certificates that may sign the peer (PEM); otherwise those of the system.', {default: ''}),
  certificationRaw: text('Our certificate: PEM, or PEM in base64.', {default: ''}),
  certficationRaw: text('Older spelling of certificationRaw.', {default: ''}),
  privateKeyRaw: text('Our private key: PEM, or PEM in base64.', {default: '', secret: true}),
  rootCARaw: text('Certificates that may sign the peer: PEM, or PEM in base64.', {default: ''}),
  tlsMinVersion: oneOf(['tls1.0', 'tls1.1', 'tls1.2', 'tls1.3'], 'Oldest version of TLS to speak.', {default: 'tls1.2'}),
  renegotiationSupport: oneOf(['never', 'once', 'freely'], 'Accepted for compatibility.', {default: 'never'}),
};

export type TlsSettings = SettingsOf<typeof tlsSettings>;

/** What node's tls, https and axios take. */
export interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly minVersion: SecureVersion;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly ca?: Buffer;
}

const versions: Record<TlsSettings['tlsMinVersion'], SecureVersion> = {
  'tls1.0': 'TLSv1',
  'tls1.1': 'TLSv1.1',
  'tls1.2': 'TLSv1.2',
  'tls1.3': 'TLSv1.3',
};

/**
 * Reads the certificates. Called for every connection anew, so that renewed files count. Throws an ArrokothError that names the property,
 * never the content.
 */
export function readTls(settings: TlsSettings, etcDirectory: string): TlsOptions {
  const cert = pem('certificationPath', settings.certificationPath, settings.certificationRaw || settings.certficationRaw, etcDirectory);
  const key = pem('privateKeyPath', settings.privateKeyPath, settings.privateKeyRaw, etcDirectory);
  const ca = pem('rootCaPath', settings.rootCaPath, settings.rootCARaw, etcDirectory);
  if ((cert === undefined) !== (key === undefined))
    throw refusal('certificationPath and privateKeyPath (or their raw forms) must be given together');
  return {
    rejectUnauthorized: !settings.insecureSkipVerify,
    minVersion: versions[settings.tlsMinVersion],
    ...(cert && key ? {cert, key} : {}),
    ...(ca ? {ca} : {}),
  };
}

function pem(property: string, path: string, raw: string, etcDirectory: string): Buffer | undefined {
  if (raw !== '') {
    const bytes = raw.includes('-----BEGIN') ? Buffer.from(raw) : Buffer.from(raw, 'base64');
    if (!bytes.includes('-----BEGIN')) throw refusal(`${property}: the raw form is neither PEM nor PEM in base64`);
    return bytes;
  }
  if (path === '') return undefined;
  // The base directory is the one that holds etc and data; files below etc may be named from there too.
  const candidates = isAbsolute(path) ? [path] : [join(dirname(etcDirectory), path), join(etcDirectory, path)];
  let reason = '';
  for (const candidate of candidates) {
    try {
      return readFileSync(candidate);
    } catch (thrown) {
      reason ||= (thrown as NodeJS.ErrnoException).code ?? 'unreadable';
    }
  }
  throw refusal(`${property}: file "${path}" cannot be read (${reason})`);
}

function refusal(message: string): ArrokothError {
  return new ArrokothError(message, {code: errorCode.executor});
}
