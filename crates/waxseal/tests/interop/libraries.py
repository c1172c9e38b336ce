"""PyJWT behind the interface that libraries.mjs gives the JavaScript libraries."""

import json

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from jwt.algorithms import get_default_algorithms

NAME = "PyJWT"
VERSION = jwt.__version__
ALGORITHMS = sorted(set(get_default_algorithms()) - {"none"})


def prepare(key, alg, load_pem):
    """PyJWT's own JWK import; PEM through the library PyJWT itself calls, so that each form is accepted."""
    if "jwk" in key:
        return get_default_algorithms()[alg].from_jwk(json.dumps(key["jwk"]))
    return load_pem(key["pem"].encode())


def sign(key, header, claims):
    private = prepare(key, header["alg"], lambda pem: load_pem_private_key(pem, None))
    return jwt.encode(claims, private, algorithm=header["alg"], headers=header)


def verify(key, request):
    """PyJWT has no argument for the time, so `now` is not used: the tokens are valid for decades."""
    token = jwt.decode_complete(
        request["token"],
        prepare(key, request["alg"], load_pem_public_key),
        algorithms=[request["alg"]],
        issuer=request["issuer"],
        audience=request["audience"],
    )
    return {"header": token["header"], "claims": token["payload"]}
