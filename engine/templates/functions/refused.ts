const outside = 'it reaches outside of the data';
const slow = 'it is made to be slow, which would hold up every rule';
const key = 'keys and certificates are not made by the messages of a rule';

/** Functions of sprig that templates do not have, and why. */
export const refusedFunctions: ReadonlyMap<string, string> = new Map([
  ['env', outside],
  ['expandenv', outside],
  ['getHostByName', outside],
  ['bcrypt', slow],
  ['htpasswd', slow],
  ['derivePassword', slow],
  ['genPrivateKey', key],
  ['genCA', key],
  ['genCAWithKey', key],
  ['genSelfSignedCert', key],
  ['genSelfSignedCertWithKey', key],
  ['genSignedCert', key],
  ['genSignedCertWithKey', key],
  ['buildCustomCert', key],
]);
