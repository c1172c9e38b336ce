// Writes fixtures/jose.json and fixtures/jsonwebtoken.json: tokens made by those libraries, for every
// algorithm of cases.json that the library has. Run by hand (`node make_fixtures.mjs`) and commit the result.
// Node 24 or newer is needed: older ones have no ML-DSA, and its rows would be lost.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import * as jose from 'jose';
import { libraries } from './libraries.mjs';

const here = (path) => new URL(path, import.meta.url);
const readJson = (path) => JSON.parse(readFileSync(here(path), 'utf8'));
const cases = readJson('cases.json');
const keyFiles = readdirSync(here('keys/')).sort();

/** Every file the token can be verified with: all public forms, or the secret. */
function verifyingKeyFiles(key) {
  return keyFiles.filter((file) => file.startsWith(`${key}.`) && /\.(spki\.pem|public\..*|jwk\.json)$/.test(file))
    .filter((file) => !file.includes('.private.'));
}

function signingKey(key) {
  const file = keyFiles.find((file) => file === `${key}.private.jwk.json` || file === `${key}.jwk.json`);
  return { jwk: readJson(`keys/${file}`) };
}

/** The `plain` case names no key, the `rich` one does, by the thumbprint jose computes (never for a secret). */
async function header(alg, key, caseName) {
  const { jwk } = signingKey(key);
  const named = caseName === 'rich' && jwk.kty !== 'oct';
  return { alg, typ: 'JWT', ...(named && { kid: await jose.calculateJwkThumbprint(jwk) }) };
}

if (!libraries.some((library) => library.algorithms.includes('ML-DSA-44'))) {
  throw new Error(`Node ${process.version} has no ML-DSA; make the fixtures with Node 24 or newer`);
}

for (const library of libraries) {
  const tokens = [];
  for (const { alg, key } of cases.algorithms) {
    if (!library.algorithms.includes(alg)) {
      console.error(`${library.name} on this runtime has no ${alg}`);
      continue;
    }
    for (const [name, claims] of Object.entries(cases.claims)) {
      const token = await library.sign(signingKey(key), await header(alg, key, name), claims);
      const made = jose.decodeProtectedHeader(token);
      tokens.push({ alg, case: name, keys: verifyingKeyFiles(key), header: made, token });
    }
  }
  const output = { producer: library.name, version: library.version, tokens };
  writeFileSync(here(`fixtures/${library.name}.json`), `${JSON.stringify(output, null, 2)}\n`);
}
