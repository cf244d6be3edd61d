import {execFileSync, spawnSync} from 'node:child_process';
import {chmodSync, mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** Where openssl is missing, tests that need certificates are skipped. CI has it. */
export const hasOpenssl = spawnSync('openssl', ['version'], {stdio: 'ignore'}).status === 0;

/** Files of a certificate authority of its own and what it signed, made by openssl. */
export interface Certificates {
  readonly directory: string;
  readonly ca: string;
  /** For 127.0.0.1 and localhost. */
  readonly serverCertificate: string;
  readonly serverKey: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
}

export function makeCertificates(): Certificates {
  const directory = mkdtempSync(join(tmpdir(), 'certificates-'));
  chmodSync(directory, 0o755);
  const file = (name: string) => join(directory, name);
  const openssl = (...words: string[]) => execFileSync('openssl', words, {stdio: 'pipe', cwd: directory});
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Test CA');
  writeFileSync(file('names'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
  for (const name of ['server', 'client']) {
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-out',
      `${name}.pem`,
      '-days',
      '2',
      '-extfile',
      'names',
    );
    chmodSync(file(`${name}.key`), 0o644);
  }
  return {
    directory,
    ca: file('ca.pem'),
    serverCertificate: file('server.pem'),
    serverKey: file('server.key'),
    clientCertificate: file('client.pem'),
    clientKey: file('client.key'),
  };
}
