"""Writes fixtures/pyjwt.json and fixtures/jwcrypto.json; see make_fixtures.mjs, whose choices it repeats.

Run by hand (`.venv/bin/python make_fixtures.py`, or with the names of libraries) and commit the result.
"""

import base64
import hashlib
import json
import re
import sys
from pathlib import Path

import jwt

from libraries import LIBRARIES

HERE = Path(__file__).parent
CASES = json.loads((HERE / "cases.json").read_text(encoding="utf-8"))
KEY_FILES = sorted(path.name for path in (HERE / "keys").iterdir())
VERIFYING = re.compile(r"\.(spki\.pem|public\..*|jwk\.json)$")


def verifying_key_files(key):
    return [
        name
        for name in KEY_FILES
        if name.startswith(f"{key}.") and VERIFYING.search(name) and ".private." not in name
    ]


def signing_jwk(key):
    name = next(name for name in KEY_FILES if name in (f"{key}.private.jwk.json", f"{key}.jwk.json"))
    return json.loads((HERE / "keys" / name).read_text())


def thumbprint(jwk):
    """RFC 7638, written out here so that it is a second opinion beside jose's."""
    members = {
        "RSA": ("e", "kty", "n"),
        "EC": ("crv", "kty", "x", "y"),
        "OKP": ("crv", "kty", "x"),
        "AKP": ("alg", "kty", "pub"),
    }[jwk["kty"]]
    text = json.dumps({name: jwk[name] for name in members}, separators=(",", ":"))
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def header(alg, jwk, case):
    named = case == "rich" and jwk["kty"] != "oct"
    return {"alg": alg, "typ": "JWT"} | ({"kid": thumbprint(jwk)} if named else {})


def fixtures(library):
    for row in CASES["algorithms"]:
        if row["alg"] not in library.algorithms:
            continue
        jwk = signing_jwk(row["key"])
        for case, claims in CASES["claims"].items():
            token = library.sign({"jwk": jwk}, header(row["alg"], jwk, case), claims)
            yield {
                "alg": row["alg"],
                "case": case,
                "keys": verifying_key_files(row["key"]),
                "header": jwt.get_unverified_header(token),
                "token": token,
            }


def main():
    for library in LIBRARIES:
        if not sys.argv[1:] or library.name in sys.argv[1:]:
            output = {"producer": library.name, "version": library.version, "tokens": list(fixtures(library))}
            (HERE / "fixtures" / f"{library.name.lower()}.json").write_text(json.dumps(output, indent=2) + "\n")


if __name__ == "__main__":
    main()
