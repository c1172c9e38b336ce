#!/bin/sh
# Makes the files beside this script from the fixed keys of tests/interop/keys, with OpenSSL 3.
# The keys and the passphrase are public and protect nothing.
set -eu
cd "$(dirname "$0")"
keys=../interop/keys
pass="-passout pass:waxseal"

encrypt() { # name, key, options
    name="$1" key="$2"
    shift 2
    openssl pkcs8 -topk8 -in "$keys/$key.pkcs8.pem" "$@" $pass -out "$name.pem" 2>/dev/null
}

for hash in 1 256 384 512; do
    for bits in 128 192 256; do
        encrypt "read-sha$hash-aes$bits" p256 -v2 "aes-$bits-cbc" -v2prf "hmacWithSHA$hash" -iter 2000
    done
done
for key in ed25519 p384 p521 rsa2048 secp256k1; do
    encrypt "read-$key" "$key" -v2 aes-256-cbc
done

encrypt refused-scrypt p256 -v2 aes-256-cbc -scrypt
encrypt refused-3des p256 -v2 des3
encrypt refused-sha224 p256 -v2 aes-256-cbc -v2prf hmacWithSHA224
encrypt refused-camellia p256 -v2 camellia-256-cbc
encrypt refused-pbes1-3des p256 -v1 PBE-SHA1-3DES
encrypt refused-pbes1-md5-des p256 -v1 PBE-MD5-DES -provider legacy -provider default
encrypt refused-pbes1-rc2 p256 -v1 PBE-SHA1-RC2-40 -provider legacy -provider default
openssl ec -in "$keys/p256.pkcs8.pem" -aes256 $pass -out refused-traditional-aes.pem 2>/dev/null
openssl rsa -in "$keys/rsa2048.pkcs8.pem" -des3 -traditional $pass -out refused-traditional-3des.pem 2>/dev/null
encrypt costly p256 -v2 aes-256-cbc -iter 5000001

for key in ed25519 p256 p384 p521 rsa2048 secp256k1; do
    openssl req -x509 -new -key "$keys/$key.pkcs8.pem" -subj "/O=Waxseal tests/CN=$key" -days 1 \
        -addext "keyUsage=digitalSignature" -out "certificate-$key.pem"
done
# Version 1: no version field, no extensions. Issued by another key than the one inside.
openssl req -new -key "$keys/p256.pkcs8.pem" -subj "/CN=version 1" -out request.tmp
openssl x509 -req -in request.tmp -CA certificate-rsa2048.pem -CAkey "$keys/rsa2048.pkcs8.pem" -days 1 \
    -set_serial 1 -out certificate-v1-p256.pem 2>/dev/null
rm request.tmp

# Keys for RSASSA-PSS only: any hash, one hash, and what RFC 7518 has no algorithm for.
pss() { # name, options
    name="$1"
    shift
    openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 "$@" -out "pss-$name.pem" 2>/dev/null
    openssl pkey -in "pss-$name.pem" -pubout -out "pss-$name.spki.pem"
}
restrict() { # hash, hash of the mask, least salt
    echo "-pkeyopt rsa_pss_keygen_md:$1 -pkeyopt rsa_pss_keygen_mgf1_md:$2 -pkeyopt rsa_pss_keygen_saltlen:$3"
}
pss any
pss sha256 $(restrict sha256 sha256 32)
pss sha384 $(restrict sha384 sha384 20)
pss sha512 $(restrict sha512 sha512 64)
pss refused-salt $(restrict sha256 sha256 33)
pss refused-mask $(restrict sha256 sha512 32)
pss refused-sha1 $(restrict sha1 sha1 20)
