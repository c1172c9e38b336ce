// The JavaScript libraries that tokens are exchanged with, behind one small interface:
//   algorithms             the names this library can be asked for on this runtime
//   sign(key, header, claims) -> token
//   verify(key, request)   -> { header, claims }, or throws what the library throws
// `key` is one of { jwk }, { pem }, both as text or object the way a user of that library would hold them.

import { createPrivateKey, createPublicKey, createSecretKey } from 'node:crypto';
import { createRequire } from 'node:module';
import * as jose from 'jose';
import jsonwebtoken from 'jsonwebtoken';

const require = createRequire(import.meta.url);
const HMAC = ['HS256', 'HS384', 'HS512'];
const RSA = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
const EC = ['ES256', 'ES384', 'ES512'];
const ML_DSA = ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'];

/** Turns a key into the object Node's own cryptography works with; every PEM form is accepted here. */
function keyObject(key, isPrivate) {
  if (key.jwk?.kty === 'oct') {
    return createSecretKey(Buffer.from(key.jwk.k, 'base64url'));
  }
  const create = isPrivate ? createPrivateKey : createPublicKey;
  return key.jwk ? create({ key: key.jwk, format: 'jwk' }) : create(key.pem);
}

/** jose's own importers where it has one for the form, so that they are part of what is tested. */
function joseKey(key, alg, isPrivate) {
  if (key.jwk) {
    return jose.importJWK(key.jwk, alg);
  }
  if (key.pem.startsWith('-----BEGIN PRIVATE KEY-----')) {
    return jose.importPKCS8(key.pem, alg);
  }
  if (key.pem.startsWith('-----BEGIN PUBLIC KEY-----')) {
    return jose.importSPKI(key.pem, alg);
  }
  return keyObject(key, isPrivate);
}

async function mlDsaOfThisRuntime() {
  try {
    await crypto.subtle.generateKey('ML-DSA-44', false, ['sign', 'verify']);
    return ML_DSA;
  } catch {
    return [];
  }
}

export const libraries = [
  {
    name: 'jose',
    version: require('jose/package.json').version,
    algorithms: [...HMAC, ...RSA, ...EC, 'EdDSA', 'Ed25519', ...(await mlDsaOfThisRuntime())],
    async sign(key, header, claims) {
      return new jose.SignJWT(claims).setProtectedHeader(header).sign(await joseKey(key, header.alg, true));
    },
    async verify(key, { token, alg, issuer, audience, now }) {
      const { protectedHeader, payload } = await jose.jwtVerify(token, await joseKey(key, alg, false), {
        algorithms: [alg],
        issuer,
        audience,
        currentDate: new Date(now * 1000),
      });
      return { header: protectedHeader, claims: payload };
    },
  },
  {
    name: 'jsonwebtoken',
    version: require('jsonwebtoken/package.json').version,
    algorithms: [...HMAC, ...RSA, ...EC],
    async sign(key, header, claims) {
      // An option that is present but undefined is an error there.
      const keyid = header.kid === undefined ? {} : { keyid: header.kid };
      return jsonwebtoken.sign(claims, keyObject(key, true), { algorithm: header.alg, ...keyid });
    },
    async verify(key, { token, alg, issuer, audience, now }) {
      const { header, payload } = jsonwebtoken.verify(token, keyObject(key, false), {
        algorithms: [alg],
        issuer,
        audience,
        clockTimestamp: now,
        complete: true,
      });
      return { header, claims: payload };
    },
  },
];
