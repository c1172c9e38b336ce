// Answers requests with every JavaScript library, JSON lines in and JSON lines out. Of JWTs:
//
//   {"id": any, "op": "verify", "alg", "key": {"jwk"} or {"pem"}, "token", "issuer", "audience", "now"}
//   {"id": any, "op": "sign", "alg", "key": {"jwk"} or {"pem"}, "header", "claims"}
//
// Of JWS and JWE, where `serialization` is "compact", "flattened" or "general", octets are base64url, and what is
// marked ? may be left out:
//
//   {"id", "op": "jws-sign", "alg", "signatures": [{"alg", "key", "protected"?, "unprotected"?}], "payload",
//    "serialization", "detached"?, "b64"?}
//   {"id", "op": "jws-verify", "alg", "key", "jws", "payload" if it is detached}
//   {"id", "op": "jwe-encrypt", "alg", "enc", "recipients": [{"alg", "key", "header"?}], "plaintext", "protected"?,
//    "unprotected"?, "aad"?, "serialization"}
//   {"id", "op": "jwe-decrypt", "alg", "enc", "key": {"jwk"} or {"password"}, "jwe"}
//
// Each library that has operations of that kind answers each request with one line:
//   {"id", "library", "ok": true, "token" or "jws" or "jwe" or "header" and "claims", "payload" or "plaintext"},
//   {"id", "library", "ok": false, "error"} when it refused, {"id", "library", "unsupported": true} when it lacks `alg`.

import { createInterface } from 'node:readline';
import { libraries } from './libraries.mjs';
import { objects } from './objects.mjs';

/** By operation: who answers it, and how. */
const operations = {
  sign: [libraries, (library) => library.algorithms, async (library, request) =>
    ({ token: await library.sign(request.key, request.header, request.claims) })],
  verify: [libraries, (library) => library.algorithms, (library, request) => library.verify(request.key, request)],
  'jws-sign': [objects, ({ jws }) => jws.algorithms, async ({ jws }, request) => ({ jws: await jws.sign(request) })],
  'jws-verify': [objects, ({ jws }) => jws.algorithms, ({ jws }, request) => jws.verify(request)],
  'jwe-encrypt': [objects, ({ jwe }) => jwe.algorithms, async ({ jwe }, request) => ({ jwe: await jwe.encrypt(request) })],
  'jwe-decrypt': [objects, ({ jwe }) => jwe.algorithms, ({ jwe }, request) => jwe.decrypt(request)],
};

async function answer(library, algorithms, perform, request) {
  if (!algorithms(library).includes(request.alg)) {
    return { unsupported: true };
  }
  try {
    return { ok: true, ...(await perform(library, request)) };
  } catch (error) {
    return { ok: false, error: `${error.name}: ${error.message}` };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  const [all, algorithms, perform] = operations[request.op];
  for (const library of all) {
    const result = await answer(library, algorithms, perform, request);
    console.log(JSON.stringify({ id: request.id, library: `${library.name} ${library.version}`, ...result }));
  }
}
