#!/bin/sh
# Writes keys that a library has good reasons to refuse, with OpenSSL 3: curves spelled out instead of named
# (CVE-2020-0601), and an RSA key of 1024 bits. Run by hand after make_keys.py; what is there already is kept.
set -eu
cd "$(dirname "$0")"
mkdir -p refused_keys

# make FILE COMMAND...: runs the command with FILE as its output, unless the file exists.
make() {
    file="refused_keys/$1"
    shift
    [ -e "$file" ] || "$@" -out "$file"
}

make p256.explicit.pkcs8.pem openssl pkey -in keys/p256.pkcs8.pem -ec_param_enc explicit
make p256.explicit.spki.pem openssl pkey -in keys/p256.pkcs8.pem -ec_param_enc explicit -pubout
make rsa1024.pkcs8.pem openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024
make rsa1024.spki.pem openssl pkey -in refused_keys/rsa1024.pkcs8.pem -pubout
