// JWS and JWE of the JavaScript libraries, with every serialization, behind one small interface:
//   jws.sign(request) -> JWS          jws.verify(request) -> { header, payload }
//   jwe.encrypt(request) -> JWE       jwe.decrypt(request) -> { header, plaintext }
// What is in a request is written in exchange.mjs. `payload`, `plaintext` and `aad` are base64url.

import { createRequire } from 'node:module';
import * as jose from 'jose';

const require = createRequire(import.meta.url);
const { encode, decode } = jose.base64url;
const SIGNING = ['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384',
  'ES512', 'EdDSA', 'Ed25519'];
const WRAPPING = ['A128KW', 'A192KW', 'A256KW'];
const MANAGEMENT = ['dir', ...WRAPPING, 'A128GCMKW', 'A192GCMKW', 'A256GCMKW', 'RSA-OAEP', 'RSA-OAEP-256', 'ECDH-ES',
  ...WRAPPING.map((wrap) => `ECDH-ES+${wrap}`), 'PBES2-HS256+A128KW', 'PBES2-HS384+A192KW', 'PBES2-HS512+A256KW'];
const ENCRYPTION = ['A128GCM', 'A192GCM', 'A256GCM', 'A128CBC-HS256', 'A192CBC-HS384', 'A256CBC-HS512'];

/** A password goes in as its octets. */
const joseKey = (key, alg) => (key.password ? decode(key.password) : jose.importJWK(key.jwk, alg));

async function sign({ signatures, payload, serialization, detached, b64 }) {
  const crit = b64 === false ? { b64: false, crit: ['b64'] } : {};
  const general = new jose.GeneralSign(decode(payload));
  for (const { alg, key, protected: header, unprotected } of signatures) {
    const signature = general.addSignature(await joseKey(key, alg)).setProtectedHeader({ alg, ...header, ...crit });
    if (unprotected) signature.setUnprotectedHeader(unprotected);
  }
  const { signatures: made, payload: inside } = await general.sign();
  // Of the unencoded payload jose leaves the member out or empty: it is text here, or detached.
  const attached = b64 === false ? new TextDecoder().decode(decode(payload)) : inside;
  const body = detached ? {} : { payload: attached };
  if (serialization === 'compact') {
    return `${made[0].protected}.${body.payload ?? ''}.${made[0].signature}`;
  }
  return serialization === 'flattened' ? { ...body, ...made[0] } : { ...body, signatures: made };
}

async function verify({ alg, key, jws, payload }) {
  const [header, body, signature] = typeof jws === 'string' ? jws.split('.') : [];
  const object = typeof jws === 'string' ? { protected: header, payload: body, signature } : { ...jws };
  if (payload !== undefined) {
    const parts = object.signatures ?? [object];
    const { b64 } = JSON.parse(new TextDecoder().decode(decode(parts[0].protected)));
    object.payload = b64 === false ? decode(payload) : payload;
  }
  const check = object.signatures ? jose.generalVerify : jose.flattenedVerify;
  const verified = await check(object, await joseKey(key, alg), { algorithms: [alg] });
  return { header: verified.protectedHeader, payload: encode(verified.payload) };
}

async function encrypt({ recipients, enc, plaintext, protected: shared, unprotected, aad, serialization }) {
  const [{ alg, key, header }] = recipients;
  if (serialization === 'general') {
    const general = new jose.GeneralEncrypt(decode(plaintext)).setProtectedHeader({ enc, ...shared });
    if (unprotected) general.setSharedUnprotectedHeader(unprotected);
    if (aad) general.setAdditionalAuthenticatedData(decode(aad));
    for (const each of recipients) {
      general.addRecipient(await joseKey(each.key, each.alg)).setUnprotectedHeader({ alg: each.alg, ...each.header });
    }
    return general.encrypt();
  }
  const flattened = new jose.FlattenedEncrypt(decode(plaintext)).setProtectedHeader({ alg, enc, ...shared });
  if (header) flattened.setUnprotectedHeader(header);
  if (unprotected) flattened.setSharedUnprotectedHeader(unprotected);
  if (aad) flattened.setAdditionalAuthenticatedData(decode(aad));
  const jwe = await flattened.encrypt(await joseKey(key, alg));
  if (serialization === 'flattened') return jwe;
  return [jwe.protected, jwe.encrypted_key ?? '', jwe.iv, jwe.ciphertext, jwe.tag].join('.');
}

async function decrypt({ alg, enc, key, jwe }) {
  const options = { keyManagementAlgorithms: [alg], contentEncryptionAlgorithms: [enc] };
  const open = typeof jwe === 'string' ? jose.compactDecrypt : jwe.recipients ? jose.generalDecrypt : jose.flattenedDecrypt;
  const opened = await open(jwe, await joseKey(key, alg), options);
  return { header: opened.protectedHeader, plaintext: encode(opened.plaintext) };
}

const mlDsa = ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'];
const hasMlDsa = await crypto.subtle.generateKey(mlDsa[0], false, ['sign', 'verify']).then(() => true, () => false);

export const objects = [
  {
    name: 'jose',
    version: require('jose/package.json').version,
    jws: { algorithms: hasMlDsa ? [...SIGNING, ...mlDsa] : SIGNING, sign, verify },
    jwe: { algorithms: MANAGEMENT, encryption: ENCRYPTION, encrypt, decrypt },
  },
];
