// Answers requests to sign and verify with every JavaScript library, JSON lines in and JSON lines out.
//
//   {"id": any, "op": "verify", "alg", "key": {"jwk"} or {"pem"}, "token", "issuer", "audience", "now"}
//   {"id": any, "op": "sign", "alg", "key": {"jwk"} or {"pem"}, "header", "claims"}
//
// Each library answers each request with one line:
//   {"id", "library", "ok": true, "token"} or {"id", "library", "ok": true, "header", "claims"},
//   {"id", "library", "ok": false, "error"} when it refused, {"id", "library", "unsupported": true} when it lacks `alg`.

import { createInterface } from 'node:readline';
import { libraries } from './libraries.mjs';

async function answer(library, request) {
  if (!library.algorithms.includes(request.alg)) {
    return { unsupported: true };
  }
  try {
    if (request.op === 'sign') {
      return { ok: true, token: await library.sign(request.key, request.header, request.claims) };
    }
    return { ok: true, ...(await library.verify(request.key, request)) };
  } catch (error) {
    return { ok: false, error: `${error.name}: ${error.message}` };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  for (const library of libraries) {
    const result = await answer(library, request);
    console.log(JSON.stringify({ id: request.id, library: `${library.name} ${library.version}`, ...result }));
  }
}
