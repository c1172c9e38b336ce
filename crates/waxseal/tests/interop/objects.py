"""JWS and JWE of the Python libraries, behind the interface that objects.mjs gives the JavaScript ones."""

import base64
import json
from importlib.metadata import version

import joserfc.jwe
import joserfc.jwk
import joserfc.jws
import jwcrypto.jwe
import jwcrypto.jwk
import jwcrypto.jws

ENCRYPTION = ["A128GCM", "A192GCM", "A256GCM", "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512"]
SIGNING = [
    *("HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "ES256K", "EdDSA", "Ed25519"),
]
MANAGEMENT = [
    *("dir", "A128KW", "A192KW", "A256KW", "A128GCMKW", "A192GCMKW", "A256GCMKW", "RSA-OAEP", "RSA-OAEP-256"),
    *("ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"),
    *("PBES2-HS256+A128KW", "PBES2-HS384+A192KW", "PBES2-HS512+A256KW"),
]


def encode(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def header_of(value):
    """The protected header of a compact or JSON serialization, of the first signature if there are several."""
    if isinstance(value, str):
        return json.loads(decode(value.split(".")[0]))
    if "signatures" in value:
        value = value["signatures"][0]
    return json.loads(decode(value["protected"])) if "protected" in value else {}


def unencoded(request):
    return {"b64": False, "crit": ["b64"]} if request.get("b64") is False else {}


def with_payload(jws, payload):
    """A detached JSON serialization with its payload put back, in the form that the header says."""
    if payload is None:
        return jws
    return jws | {"payload": decode(payload).decode() if header_of(jws).get("b64") is False else payload}


class Joserfc:
    name = "joserfc"
    version = version("joserfc")
    signing = SIGNING
    management = MANAGEMENT

    @staticmethod
    def key(key):
        if "password" in key:
            return joserfc.jwk.OctKey.import_key(decode(key["password"]))
        return joserfc.jwk.import_key(key["jwk"])

    def sign(self, request):
        payload = decode(request["payload"])
        protected = lambda one: {"alg": one["alg"]} | one.get("protected", {}) | unencoded(request)
        first, *others = request["signatures"]
        if request["serialization"] == "compact":
            jws = joserfc.jws.serialize_compact(protected(first), payload, self.key(first["key"]), [first["alg"]])
            return joserfc.jws.detach_content(jws) if request.get("detached") else jws
        members = []
        for one in [first, *others]:
            header = {"header": one["unprotected"]} if "unprotected" in one else {}
            members.append({"protected": protected(one)} | header)
        signed = [
            joserfc.jws.serialize_json(member, payload, self.key(one["key"]), [one["alg"]])
            for member, one in zip(members, [first, *others])
        ]
        body = {} if request.get("detached") else {"payload": signed[0]["payload"]}
        parts = [{name: value for name, value in one.items() if name != "payload"} for one in signed]
        return body | (parts[0] if request["serialization"] == "flattened" else {"signatures": parts})

    def verify(self, request):
        jws, payload, algorithms = request["jws"], request.get("payload"), [request["alg"]]
        key = self.key(request["key"])
        if isinstance(jws, str):
            detached = None if payload is None else decode(payload)
            verified = joserfc.jws.deserialize_compact(jws, key, algorithms, payload=detached)
        else:
            whole = with_payload(jws, payload)
            if "signatures" in jws:
                # One key and several signatures: leave those of the others out.
                mine = [one for one in jws["signatures"] if header_of(one)["alg"] == request["alg"]]
                whole = whole | {"signatures": mine}
            verified = joserfc.jws.deserialize_json(whole, key, algorithms)
        return {"header": header_of(jws), "payload": encode(verified.payload)}

    def encrypt(self, request):
        algorithms = [request["enc"], "DEF", *(one["alg"] for one in request["recipients"])]
        plaintext, first = decode(request["plaintext"]), request["recipients"][0]
        protected = {"enc": request["enc"]} | request.get("protected", {})
        if request["serialization"] == "compact":
            header = {"alg": first["alg"]} | protected
            return joserfc.jwe.encrypt_compact(header, plaintext, self.key(first["key"]), algorithms)
        aad = decode(request["aad"]) if "aad" in request else None
        general = request["serialization"] == "general"
        kind = joserfc.jwe.GeneralJSONEncryption if general else joserfc.jwe.FlattenedJSONEncryption
        shared = protected if general else {"alg": first["alg"]} | protected
        message = kind(shared, plaintext, request.get("unprotected"), aad)
        for one in request["recipients"]:
            header = {"alg": one["alg"]} if general else {}
            message.add_recipient(header | one.get("header", {}), self.key(one["key"]))
        return joserfc.jwe.encrypt_json(message, None, algorithms)

    def decrypt(self, request):
        jwe, key = request["jwe"], self.key(request["key"])
        algorithms = [request["alg"], request["enc"], "DEF"]
        if isinstance(jwe, str):
            opened = joserfc.jwe.decrypt_compact(jwe, key, algorithms)
        else:
            # One key and several recipients: leave those of the others out.
            if "recipients" in jwe:
                alg = request["alg"]
                mine = [one for one in jwe["recipients"] if one.get("header", {}).get("alg", alg) == alg]
                jwe = jwe | {"recipients": mine}
            opened = joserfc.jwe.decrypt_json(jwe, key, algorithms)
        return {"header": header_of(jwe), "plaintext": encode(opened.plaintext)}


class Jwcrypto:
    name = "jwcrypto"
    version = version("jwcrypto")
    signing = [*SIGNING, "ML-DSA-44", "ML-DSA-65", "ML-DSA-87"]
    management = MANAGEMENT

    @staticmethod
    def key(key):
        if "password" in key:
            return jwcrypto.jwk.JWK(kty="oct", k=key["password"])
        return jwcrypto.jwk.JWK(**key["jwk"])

    def sign(self, request):
        payload = decode(request["payload"])
        jws = jwcrypto.jws.JWS(payload.decode() if request.get("b64") is False else payload)
        jws.allowed_algs = self.signing
        for one in request["signatures"]:
            protected = {"alg": one["alg"]} | one.get("protected", {}) | unencoded(request)
            jws.add_signature(self.key(one["key"]), None, protected, one.get("unprotected"))
        if request.get("detached"):
            jws.detach_payload()
        if request["serialization"] == "compact":
            return jws.serialize(compact=True)
        made = json.loads(jws.serialize())
        if request["serialization"] == "general" and "signatures" not in made:
            made = {"signatures": [made]} | ({"payload": made.pop("payload")} if "payload" in made else {})
        return made

    def verify(self, request):
        given, payload = request["jws"], request.get("payload")
        jws = jwcrypto.jws.JWS()
        jws.allowed_algs = [request["alg"]]
        if isinstance(given, str):
            jws.deserialize(given)
            unencoded_payload = header_of(given).get("b64") is False
            detached = None if payload is None else decode(payload)
            detached = detached.decode() if detached is not None and unencoded_payload else detached
            jws.verify(self.key(request["key"]), detached_payload=detached)
            verified = jws.payload if detached is None else detached
        else:
            jws.deserialize(json.dumps(with_payload(given, payload)), self.key(request["key"]))
            verified = jws.payload
        verified = verified.encode() if isinstance(verified, str) else verified
        return {"header": header_of(given), "payload": encode(verified)}

    def encrypt(self, request):
        recipients, general = request["recipients"], request["serialization"] == "general"
        protected = {"enc": request["enc"]} | request.get("protected", {})
        if not general:
            protected = {"alg": recipients[0]["alg"]} | protected
        jwe = jwcrypto.jwe.JWE(
            decode(request["plaintext"]),
            protected,
            request.get("unprotected"),
            decode(request["aad"]) if "aad" in request else None,
            algs=[*MANAGEMENT, *ENCRYPTION],
            flattened=not general,
        )
        for one in recipients:
            header = ({"alg": one["alg"]} if general else {}) | one.get("header", {})
            jwe.add_recipient(self.key(one["key"]), json.dumps(header) if header else None)
        if request["serialization"] == "compact":
            return jwe.serialize(compact=True)
        return json.loads(jwe.serialize())

    def decrypt(self, request):
        given = request["jwe"]
        jwe = jwcrypto.jwe.JWE(algs=[request["alg"], request["enc"]])
        jwe.deserialize(given if isinstance(given, str) else json.dumps(given), self.key(request["key"]))
        return {"header": header_of(given), "plaintext": encode(jwe.plaintext)}


OBJECTS = [Joserfc(), Jwcrypto()]
