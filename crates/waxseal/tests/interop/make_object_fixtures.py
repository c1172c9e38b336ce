"""Writes fixtures/objects.LIBRARY.json: JWS and JWE of every library, in every serialization.

Run by hand (`.venv/bin/python make_object_fixtures.py`) and commit the result. The requests go through exchange.mjs
and exchange.py, so the scripts that the outward tests talk to made the fixtures, too.
"""

import json
import subprocess
import sys
from itertools import cycle
from pathlib import Path

from objects import ENCRYPTION, MANAGEMENT, encode

HERE = Path(__file__).parent
CASES = json.loads((HERE / "cases.json").read_text(encoding="utf-8"))
TEXT = "It’s not the despair. I can take the despair. It’s the hope."
PAYLOAD, AAD = encode(TEXT.encode()), encode(b'{"purpose":"test"}')
PASSWORD = encode("Zoë’s password".encode())
CURVES = ["p256", "p384", "p521", "x25519"]
BITS = {"A128GCM": 128, "A192GCM": 192, "A256GCM": 256, "A128CBC-HS256": 256, "A192CBC-HS384": 384, "A256CBC-HS512": 512}


def private_jwk(name):
    """The secret or private key: what a library needs of it, it takes."""
    files = (HERE / "keys" / f"{name}.{form}.json" for form in ("private.jwk", "jwk"))
    return json.loads(next(file for file in files if file.exists()).read_text())


def public_jwk(name):
    file = HERE / "keys" / f"{name}.public.jwk.json"
    return json.loads(file.read_text()) if file.exists() else private_jwk(name)


def jws(signatures, serialization, **more):
    return {"op": "jws-sign", "signatures": signatures, "payload": PAYLOAD, "serialization": serialization} | more


def jws_requests():
    for alg, key in ((row["alg"], row["key"]) for row in CASES["algorithms"]):
        yield jws([{"alg": alg, "key": key, "unprotected": {"cty": "text/plain"}}], "flattened")
        if not alg.startswith("ML-DSA"):
            yield jws([{"alg": alg, "key": key}], "compact", detached=True)
    pair = [{"alg": "HS256", "key": "hs256"}, {"alg": "ES256", "key": "p256", "protected": {"kid": "second"}}]
    for serialization, signatures in (("flattened", pair[:1]), ("general", pair)):
        yield jws(signatures, serialization)
        yield jws(signatures, serialization, detached=True)
        yield jws(signatures, serialization, b64=False)
        yield jws(signatures, serialization, b64=False, detached=True)
    yield jws(pair[:1], "compact", b64=False, detached=True)


def management_keys(alg, enc):
    if alg == "dir":
        return [f"oct{BITS[enc]}"]
    if alg.startswith("PBES2"):
        return ["password"]
    if alg.startswith("RSA"):
        return ["rsa2048"]
    return CURVES if alg.startswith("ECDH-ES") else [f"oct{alg[1:4]}"]


def jwe(recipients, enc, serialization, **more):
    return {
        "op": "jwe-encrypt",
        "recipients": recipients,
        "enc": enc,
        "plaintext": PAYLOAD,
        "serialization": serialization,
    } | more


def jwe_requests():
    """Every `alg` with every kind of key and every `enc`, not every `alg` with every `enc`."""
    forms = cycle([("compact", {}), ("flattened", {"aad": AAD, "unprotected": {"cty": "text/plain"}}), ("general", {})])
    encryption = cycle(ENCRYPTION)
    for alg in MANAGEMENT:
        for enc in ENCRYPTION if alg in ("dir", "A256KW") else [next(encryption)]:
            for key in management_keys(alg, enc):
                serialization, more = next(forms)
                yield jwe([{"alg": alg, "key": key}], enc, serialization, **more)
    three = [("RSA-OAEP-256", "rsa2048"), ("ECDH-ES+A128KW", "x25519"), ("A256GCMKW", "oct256")]
    yield jwe([{"alg": alg, "key": key} for alg, key in three], "A256CBC-HS512", "general", aad=AAD)
    # Off unless turned on; not every library has it.
    yield jwe([{"alg": "A128KW", "key": "oct128"}], "A128GCM", "compact", protected={"zip": "DEF"})


def with_keys(request):
    """The request as the exchange takes it: keys in place of their names."""
    many = "signatures" if "signatures" in request else "recipients"
    load = private_jwk if many == "signatures" else public_jwk
    key = lambda name: {"password": PASSWORD} if name == "password" else {"jwk": load(name)}
    loaded = [one | {"key": key(one["key"])} for one in request[many]]
    return request | {many: loaded, "alg": request[many][0]["alg"]}


def ask(command, requests):
    lines = "".join(json.dumps(with_keys(request) | {"id": index}) + "\n" for index, request in enumerate(requests))
    done = subprocess.run(command, input=lines, capture_output=True, text=True, cwd=HERE, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def main():
    requests = [*jws_requests(), *jwe_requests()]
    made = {}
    for command in (["node", "exchange.mjs"], [sys.executable, "exchange.py"]):
        for answer in ask(command, requests):
            objects = made.setdefault(answer["library"], {"jws": [], "jwe": []})
            if not answer.get("ok"):
                print(answer["library"], requests[answer["id"]], answer.get("error", "unsupported"), file=sys.stderr)
                continue
            kind = "jws" if "jws" in answer else "jwe"
            request = {name: value for name, value in requests[answer["id"]].items() if name != "op"}
            if any(one["key"] == "password" for one in request.get("recipients", [])):
                request["password"] = PASSWORD
            objects[kind].append(request | {kind: answer[kind]})
    for library, objects in made.items():
        producer, version = library.split(" ")
        text = json.dumps({"producer": producer, "version": version} | objects, indent=1) + "\n"
        (HERE / "fixtures" / f"objects.{producer}.json").write_text(text)


if __name__ == "__main__":
    main()
