"""Makes the test keys in keys/, each in every form it is usually stored in.

A key that is there already is kept: the tokens in fixtures/ were signed with it.
These keys are published with the source. They protect nothing and must never be used outside tests.
"""

import base64
import json
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, rsa, x25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

KEYS = Path(__file__).parent / "keys"
CURVES = {
    "p256": ("P-256", ec.SECP256R1()),
    "p384": ("P-384", ec.SECP384R1()),
    "p521": ("P-521", ec.SECP521R1()),
    "secp256k1": ("secp256k1", ec.SECP256K1()),
}
OKP = {
    "ed25519": ("Ed25519", ed25519.Ed25519PrivateKey),
    "x25519": ("X25519", x25519.X25519PrivateKey),
}
ML_DSA = {
    "mldsa44": ("ML-DSA-44", mldsa.MLDSA44PrivateKey),
    "mldsa65": ("ML-DSA-65", mldsa.MLDSA65PrivateKey),
    "mldsa87": ("ML-DSA-87", mldsa.MLDSA87PrivateKey),
}


def b64u(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def uint(number, length=None):
    return b64u(number.to_bytes(length or (number.bit_length() + 7) // 8, "big"))


def write(name, text):
    (KEYS / name).write_text(text if text.endswith("\n") else text + "\n")


def write_pem_forms(name, private, traditional, public_traditional):
    def private_pem(form):
        return private.private_bytes(Encoding.PEM, form, NoEncryption()).decode()

    write(f"{name}.pkcs8.pem", private_pem(PrivateFormat.PKCS8))
    if traditional:
        write(f"{name}.{traditional}.pem", private_pem(PrivateFormat.TraditionalOpenSSL))
    public = private.public_key()
    write(f"{name}.spki.pem", public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())
    if public_traditional:
        write(f"{name}.public.pkcs1.pem", public.public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode())


def write_jwk_forms(name, public, private_members):
    write(f"{name}.private.jwk.json", json.dumps(public | private_members, indent=2))
    write(f"{name}.public.jwk.json", json.dumps(public, indent=2))


def make_secret(name, length):
    write(f"{name}.jwk.json", json.dumps({"kty": "oct", "k": b64u(secrets.token_bytes(length))}, indent=2))


def make_rsa(name, bits):
    private = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    write_pem_forms(name, private, "pkcs1", True)
    n = private.private_numbers()
    public = {"kty": "RSA", "n": uint(n.public_numbers.n), "e": uint(n.public_numbers.e)}
    crt = {"p": n.p, "q": n.q, "dp": n.dmp1, "dq": n.dmq1, "qi": n.iqmp}
    write_jwk_forms(name, public, {"d": uint(n.d)} | {member: uint(value) for member, value in crt.items()})


def make_ec(name, crv, curve):
    private = ec.generate_private_key(curve)
    write_pem_forms(name, private, "sec1", False)
    n = private.private_numbers()
    length = (curve.key_size + 7) // 8
    point = n.public_numbers
    public = {"kty": "EC", "crv": crv, "x": uint(point.x, length), "y": uint(point.y, length)}
    write_jwk_forms(name, public, {"d": uint(n.private_value, length)})


def make_okp(name, crv, kind):
    private = kind.generate()
    write_pem_forms(name, private, None, False)
    public = {"kty": "OKP", "crv": crv, "x": b64u(private.public_key().public_bytes_raw())}
    write_jwk_forms(name, public, {"d": b64u(private.private_bytes_raw())})


def make_ml_dsa(name, alg, kind):
    private = kind.generate()
    write_pem_forms(name, private, None, False)
    public = {"kty": "AKP", "alg": alg, "pub": b64u(private.public_key().public_bytes_raw())}
    write_jwk_forms(name, public, {"priv": b64u(private.private_bytes_raw())})


def missing(name):
    return not any(KEYS.glob(f"{name}.*"))


def main():
    KEYS.mkdir(exist_ok=True)
    for bits in (256, 384, 512):
        if missing(f"hs{bits}"):
            make_secret(f"hs{bits}", bits // 8)
    # For content encryption: `dir`, key wrapping and AES-CBC with HMAC.
    for bits in (128, 192, 256, 384, 512):
        if missing(f"oct{bits}"):
            make_secret(f"oct{bits}", bits // 8)
    if missing("rsa2048"):
        make_rsa("rsa2048", 2048)
    for name, (crv, curve) in CURVES.items():
        if missing(name):
            make_ec(name, crv, curve)
    for name, (crv, kind) in OKP.items():
        if missing(name):
            make_okp(name, crv, kind)
    for name, (alg, kind) in ML_DSA.items():
        if missing(name):
            make_ml_dsa(name, alg, kind)


if __name__ == "__main__":
    main()
