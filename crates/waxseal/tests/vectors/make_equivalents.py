"""Makes the vectors that an RFC should have and has not, with the Python package `cryptography`.

    ../interop/.venv/bin/python make_equivalents.py

- rfc8812.json: RFC 8812 defines ES256K and prints no example.
- rfc9864.json: RFC 9864 defines the name `Ed25519` and prints no example.
- rfc7518_c.json, rfc8037_a6.json: those sections stop at the agreed key; here is a whole JWE under it.

Keys, ephemeral keys and expected shared secrets are those of the RFCs, so every number an RFC prints is checked on
the way. Run by hand and commit the result: ECDSA signatures are new each time.
"""

import base64
import hashlib
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

HERE = Path(__file__).parent
PAYLOAD = b"It is a truth universally acknowledged."
IV = bytes(range(12))
CEK = bytes(range(16, 32))


def b64u(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def unb64u(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def compact_json(value):
    return json.dumps(value, separators=(",", ":")).encode()


def write(name, title, source, **members):
    about = {"title": title, "source": source, "licence": "MIT OR Apache-2.0, made by make_equivalents.py"}
    (HERE / name).write_text(json.dumps(about | members, indent=2) + "\n")


def read(name):
    return json.loads((HERE / name).read_text())


def jws(section, title, jwk, alg, sign):
    signing_input = f"{b64u(compact_json({'alg': alg}))}.{b64u(PAYLOAD)}"
    compact = f"{signing_input}.{b64u(sign(signing_input.encode()))}"
    return {
        "section": section,
        "title": title,
        "algorithms": [alg],
        "keys": [jwk],
        "payload": b64u(PAYLOAD),
        "serializations": {"compact": compact},
    }


def es256k():
    jwk = json.loads((HERE / "../interop/keys/secp256k1.private.jwk.json").read_text())
    private = ec.derive_private_key(int.from_bytes(unb64u(jwk["d"]), "big"), ec.SECP256K1())

    def sign(message):
        r, s = utils.decode_dss_signature(private.sign(message, ec.ECDSA(SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    row = jws("3.2", "ECDSA using secp256k1 and SHA-256", jwk, "ES256K", sign)
    write("rfc8812.json", "RFC 8812: secp256k1 in JOSE", "equivalents; RFC 8812 has no example", jws=[row])


def ed25519_by_name():
    jwk = read("rfc8037.json")["keys"][0]["jwk"]
    private = ed25519.Ed25519PrivateKey.from_private_bytes(unb64u(jwk["d"]))
    row = jws("2.2", "Ed25519 by its fully-specified name", jwk | {"alg": "Ed25519"}, "Ed25519", private.sign)
    write("rfc9864.json", "RFC 9864: fully-specified algorithms", "equivalents; RFC 9864 has no example", jws=[row])


def concat_kdf(z, algorithm, apu, apv, bits):
    """RFC 7518 section 4.6.2, one round: enough for 256 bits."""
    parts = [algorithm.encode(), unb64u(apu), unb64u(apv)]
    other = b"".join(len(part).to_bytes(4, "big") + part for part in parts) + bits.to_bytes(4, "big")
    return hashlib.sha256((1).to_bytes(4, "big") + z + other).digest()[: bits // 8]


def jwe(section, title, jwk, header, encrypted_key, cek):
    protected = b64u(compact_json(header))
    sealed = AESGCM(cek).encrypt(IV, PAYLOAD, protected.encode())
    parts = [encrypted_key, IV, sealed[:-16], sealed[-16:]]
    return {
        "section": section,
        "title": title,
        "recipients": [{"algorithm": header["alg"], "key": jwk}],
        "encryption": header["enc"],
        "plaintext": b64u(PAYLOAD),
        "cek": b64u(cek),
        "serializations": {"compact": ".".join([protected, *map(b64u, parts)])},
    }


def p256_direct():
    """RFC 7518 appendix C, carried on to a JWE."""
    example = read("rfc7518.json")["ecdh_es"][0]
    number = lambda name, member: int.from_bytes(unb64u(example[name][member]), "big")
    private = ec.derive_private_key(number("ephemeral", "d"), ec.SECP256R1())
    public = ec.EllipticCurvePublicNumbers(
        number("recipient", "x"), number("recipient", "y"), ec.SECP256R1()
    ).public_key()
    z = private.exchange(ec.ECDH(), public)
    assert b64u(z) == example["z"]
    header = example["header"]
    cek = concat_kdf(z, header["enc"], header["apu"], header["apv"], 128)
    assert b64u(cek) == example["derived"]
    row = jwe("C", "ECDH-ES with apu and apv", example["recipient"], header, b"", cek)
    write("rfc7518_c.json", "RFC 7518 Appendix C, carried on to a JWE", "RFC 7518, Appendix C, and an equivalent", jwe=[row])


def x25519_wrapped():
    """RFC 8037 appendix A.6, carried on to a JWE; its recipient's private key is printed in RFC 7748 section 6.1."""
    example = read("rfc8037.json")["ecdh_es"][0]
    bob = bytes.fromhex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
    assert b64u(x25519.X25519PrivateKey.from_private_bytes(bob).public_key().public_bytes_raw()) == example["recipient"]["x"]
    secret = x25519.X25519PrivateKey.from_private_bytes(unb64u(example["ephemeral_secret"]))
    z = secret.exchange(x25519.X25519PublicKey.from_public_bytes(unb64u(example["recipient"]["x"])))
    assert b64u(z) == example["z"]
    header = example["header"]
    wrapped = aes_key_wrap(concat_kdf(z, header["alg"], "", "", 128), CEK)
    row = jwe("A.6", "ECDH-ES+A128KW with X25519", example["recipient"] | {"d": b64u(bob)}, header, wrapped, CEK)
    write("rfc8037_a6.json", "RFC 8037 Appendix A.6, carried on to a JWE", "RFC 8037, Appendix A.6, RFC 7748, section 6.1, and an equivalent", jwe=[row])


def main():
    es256k()
    ed25519_by_name()
    p256_direct()
    x25519_wrapped()


if __name__ == "__main__":
    main()
