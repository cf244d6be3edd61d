import {describe, expect, it} from 'vitest';
import {targetGuard} from '#engine/base/private-network.ts';

const open = targetGuard({allowPrivate: true});
const closed = targetGuard({allowPrivate: false});

describe('the guard of outgoing requests', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://169.254.169.254./',
    'https://169.254.169.254:8080',
    'http://user:password@169.254.169.254/',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://0251.0376.0251.0376/',
    '169.254.169.254',
    '169.254.169.254:80',
    'http://[::ffff:169.254.169.254]/',
    'http://[::ffff:a9fe:a9fe]/',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    'fd00:ec2::254',
    '[fd00:0ec2:0:0::254]:80',
    'http://100.100.100.200/',
    'http://metadata.google.internal/computeMetadata',
    'METADATA.google.internal',
  ])('refuses %s whatever is allowed', target => {
    expect(() => open(target)).toThrow(/cloud metadata/);
    expect(() => closed(target)).toThrow(/cloud metadata/);
  });

  it.each([
    'http://127.0.0.1:9085/x',
    'http://127.1/',
    'http://localhost:80',
    'http://app.localhost',
    'http://[::1]:80',
    '::1',
    '0.0.0.0',
    '10.1.2.3',
    '172.31.0.1:5',
    'tcp://192.168.1.1:1883',
    '169.254.1.1',
    'fd12::1',
    'fe80::1',
    '::ffff:10.0.0.1',
  ])('lets %s pass only where private addresses are allowed', target => {
    expect(() => open(target)).not.toThrow();
    expect(() => closed(target)).toThrow(/private address/);
  });

  it.each(['https://example.org/x', 'example.org:443', '8.8.8.8', 'http://172.32.0.1', '2606:4700::1111'])('lets %s pass', target => {
    expect(() => closed(target)).not.toThrow();
  });

  it('names the setting that allows it', () => {
    expect(() => closed('10.0.0.1')).toThrow(expect.objectContaining({hint: expect.stringContaining('enablePrivateNet: true')}));
  });

  it('refuses what is no address', () => {
    expect(() => open('http://')).toThrow('"http://" is not an address');
  });
});
