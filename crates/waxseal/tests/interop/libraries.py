"""The Python libraries behind the interface that libraries.mjs gives the JavaScript ones."""

import json
from importlib.metadata import version

import jwcrypto.jwk
import jwcrypto.jwt
import jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from jwt.algorithms import get_default_algorithms

import objects


class PyJwt:
    name = "PyJWT"
    version = jwt.__version__
    algorithms = sorted(set(get_default_algorithms()) - {"none"})

    @staticmethod
    def prepare(key, alg, load_pem):
        """PyJWT's own JWK import; PEM through the library PyJWT itself calls, so that each form is accepted."""
        if "jwk" in key:
            return get_default_algorithms()[alg].from_jwk(json.dumps(key["jwk"]))
        return load_pem(key["pem"].encode())

    def sign(self, key, header, claims):
        private = self.prepare(key, header["alg"], lambda pem: load_pem_private_key(pem, None))
        return jwt.encode(claims, private, algorithm=header["alg"], headers=header)

    def verify(self, key, request):
        """PyJWT has no argument for the time, so `now` is not used: the tokens are valid for decades."""
        token = jwt.decode_complete(
            request["token"],
            self.prepare(key, request["alg"], load_pem_public_key),
            algorithms=[request["alg"]],
            issuer=request["issuer"],
            audience=request["audience"],
        )
        return {"header": token["header"], "claims": token["payload"]}


class Jwcrypto:
    """Has no argument for the time either."""

    name = "jwcrypto"
    version = version("jwcrypto")
    algorithms = objects.Jwcrypto.signing

    @staticmethod
    def prepare(key):
        if "jwk" in key:
            return jwcrypto.jwk.JWK(**key["jwk"])
        return jwcrypto.jwk.JWK.from_pem(key["pem"].encode())

    def sign(self, key, header, claims):
        token = jwcrypto.jwt.JWT(header=header, claims=claims, algs=[header["alg"]])
        token.make_signed_token(self.prepare(key))
        return token.serialize()

    def verify(self, key, request):
        expected = {"iss": request["issuer"], "aud": request["audience"]}
        token = jwcrypto.jwt.JWT(check_claims=expected, algs=[request["alg"]], expected_type="JWS")
        token.deserialize(request["token"], self.prepare(key))
        return {"header": json.loads(token.header), "claims": json.loads(token.claims)}


LIBRARIES = [PyJwt(), Jwcrypto()]
