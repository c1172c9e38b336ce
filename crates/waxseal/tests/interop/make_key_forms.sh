#!/bin/sh
# Writes the other forms in which the keys of keys/ come to a library, with OpenSSL 3: DER, encrypted PKCS#8 and
# certificates into key_forms/, and those that a library has good reasons to refuse into key_forms/refused/.
# Run by hand after make_keys.py and commit the result; what is there already is kept. The password is public, too.
set -eu
cd "$(dirname "$0")"
password="correct horse battery staple"
mkdir -p key_forms/refused

# make FILE COMMAND...: runs the command with FILE as its last argument, unless the file exists.
make() {
    file="key_forms/$1"
    shift
    [ -e "$file" ] || "$@" -out "$file" 2>/dev/null
}

for key in rsa2048 p256 p384 p521 secp256k1 ed25519 x25519; do
    make "$key.pkcs8.der" openssl pkcs8 -topk8 -nocrypt -in "keys/$key.pkcs8.pem" -outform DER
    make "$key.spki.der" openssl pkey -pubin -in "keys/$key.spki.pem" -outform DER
done
make rsa2048.pkcs1.der openssl rsa -in keys/rsa2048.pkcs8.pem -traditional -outform DER
make rsa2048.public.pkcs1.der openssl rsa -pubin -in keys/rsa2048.spki.pem -RSAPublicKey_out -outform DER
make p256.sec1.der openssl ec -in keys/p256.pkcs8.pem -outform DER

# RFC 8018 PBES2 with each cipher and each key derivation that is in use.
for key in rsa2048 p256 ed25519; do
    encrypt="openssl pkcs8 -topk8 -in keys/$key.pkcs8.pem -iter 2048"
    make "$key.aes256-sha256.encrypted.pem" $encrypt -passout "pass:$password" -v2 aes-256-cbc -v2prf hmacWithSHA256
    make "$key.aes128-sha1.encrypted.pem" $encrypt -passout "pass:$password" -v2 aes-128-cbc -v2prf hmacWithSHA1
done
encrypt="openssl pkcs8 -topk8 -in keys/p256.pkcs8.pem"
make p256.aes192-sha512.encrypted.pem $encrypt -passout "pass:$password" -iter 2048 -v2 aes-192-cbc -v2prf hmacWithSHA512
make p256.aes256-scrypt.encrypted.pem $encrypt -passout "pass:$password" -v2 aes-256-cbc -scrypt
make p256.aes256-sha256.encrypted.der $encrypt -passout "pass:$password" -iter 2048 -v2 aes-256-cbc -v2prf hmacWithSHA256 -outform DER

# Self-signed certificates, to the end of the year 9999 as RFC 5280 section 4.1.2.5 writes "no end".
for key in rsa2048 p256 ed25519; do
    certify="openssl req -x509 -new -key keys/$key.pkcs8.pem -subj /CN=issuer.example -not_after 99991231235959Z"
    # Older OpenSSL has no -not_after.
    openssl req -help 2>&1 | grep -q not_after || certify="openssl req -x509 -new -key keys/$key.pkcs8.pem -subj /CN=issuer.example -days 36500"
    make "$key.certificate.pem" $certify
    [ -e "key_forms/$key.certificate.der" ] ||
        openssl x509 -in "key_forms/$key.certificate.pem" -outform DER -out "key_forms/$key.certificate.der"
done

# Refused: 3DES, the key derivation of PKCS #12, MD5 and one round of it, a curve spelled out, a restricted RSA key.
encrypt="openssl pkcs8 -topk8 -in keys/p256.pkcs8.pem -passout"
make refused/p256.3des-sha256.encrypted.pem $encrypt "pass:$password" -v2 des3
make refused/p256.pkcs12-3des.encrypted.pem $encrypt "pass:$password" -v1 PBE-SHA1-3DES
make refused/rsa2048.proc-type.pem openssl rsa -in keys/rsa2048.pkcs8.pem -traditional -aes128 -passout "pass:$password"
make refused/p256.proc-type.pem openssl ec -in keys/p256.pkcs8.pem -aes128 -passout "pass:$password"
make refused/p256.explicit.pkcs8.pem openssl pkey -in keys/p256.pkcs8.pem -ec_param_enc explicit
make refused/p256.explicit.spki.pem openssl pkey -in keys/p256.pkcs8.pem -ec_param_enc explicit -pubout
make refused/rsa1024.pkcs8.pem openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024
make refused/rsapss2048.pkcs8.pem openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048
