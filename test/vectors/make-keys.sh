#!/usr/bin/env bash
# Makes keys/keys.ts: private and public keys as OpenSSL 3.0 writes them. Every run makes new keys; the committed file
# is one run. The keys protect nothing.
set -euo pipefail

out="$(cd "$(dirname "$0")" && pwd)/keys/keys.ts"
work="$(mktemp -d)"
trap 'rm -r "$work"' EXIT
cd "$work"
password="correct horse"

# save NAME COMMAND...: what the command prints becomes the vector.
save() {
  local name="$1"
  shift
  "$@" > "$name.vector" 2> /dev/null || { echo "make-keys.sh: $name failed: $*" >&2; exit 1; }
  order+=("$name")
}
order=()

openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem 2> /dev/null
openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha256 \
  -pkeyopt rsa_pss_keygen_mgf1_md:sha384 -pkeyopt rsa_pss_keygen_saltlen:40 -out rsa-pss.pem 2> /dev/null
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:512 -out rsa-512.pem 2> /dev/null
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_primes:3 -out rsa-3-primes.pem 2> /dev/null
for curve in P-256 P-384 P-521 P-224 secp256k1 brainpoolP256r1; do
  openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:$curve" -out "$curve.pem"
done
for type in ed25519 ed448 x25519; do openssl genpkey -algorithm "$type" -out "$type.pem"; done
openssl genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:1024 -out dsa-parameters.pem 2> /dev/null
openssl genpkey -paramfile dsa-parameters.pem -out dsa.pem 2> /dev/null

save rsa-pkcs8 cat rsa.pem
save rsa-pkcs1 openssl rsa -in rsa.pem -traditional
save rsa-public openssl pkey -in rsa.pem -pubout
for curve in P-256 P-384 P-521; do
  save "$curve-pkcs8" cat "$curve.pem"
  save "$curve-sec1" openssl ec -in "$curve.pem"
  save "$curve-public" openssl pkey -in "$curve.pem" -pubout
done
save P-256-sec1-compressed openssl ec -in P-256.pem -conv_form compressed
save P-256-sec1-no-public openssl ec -in P-256.pem -no_public
save P-256-explicit openssl ec -in P-256.pem -param_enc explicit
save P-256-parameters openssl ecparam -name P-256
save P-256-public-compressed openssl ec -in P-256.pem -pubout -conv_form compressed
save P-256-public-explicit openssl ec -in P-256.pem -pubout -param_enc explicit
save rsa-pss-public openssl pkey -in rsa-pss.pem -pubout
save ed25519-public openssl pkey -in ed25519.pem -pubout
save certificate openssl req -x509 -key P-256.pem -subj "/CN=test" -days 36500 -sha256

for other in rsa-pss rsa-512 rsa-3-primes P-224 secp256k1 brainpoolP256r1 ed25519 ed448 x25519 dsa; do
  save "other-$other" cat "$other.pem"
done

encrypt() { openssl pkcs8 -topk8 -in P-256.pem -passout "pass:$password" "$@"; }
for hash in 1 224 256 384 512; do
  save "encrypted-aes-256-cbc-hmac-sha$hash" encrypt -v2 aes-256-cbc -v2prf "hmacWithSHA$hash" -iter 1000
done
save encrypted-aes-128-cbc encrypt -v2 aes-128-cbc -iter 1000
save encrypted-aes-192-cbc encrypt -v2 aes-192-cbc -iter 1000
save encrypted-des-ede3-cbc encrypt -v2 des-ede3-cbc -iter 1000
save encrypted-scrypt encrypt -scrypt -scrypt_N 1024 -scrypt_r 8 -scrypt_p 1
save encrypted-pkcs12-3des encrypt -v1 PBE-SHA1-3DES -iter 1000
save encrypted-pkcs12-rc2 encrypt -provider legacy -provider default -v1 PBE-SHA1-RC2-40 -iter 1000
for cipher in aes128 aes192 aes256 des3; do
  save "encrypted-pem-$cipher" openssl ec -in P-256.pem "-$cipher" -passout "pass:$password"
done
save encrypted-pem-rsa openssl rsa -in rsa.pem -traditional -aes256 -passout "pass:$password"
save encrypted-pem-camellia openssl ec -in P-256.pem -camellia128 -passout "pass:$password"

{
  echo "/** Keys as OpenSSL writes them, made by ../make-keys.sh; they protect nothing. */"
  echo "export const PASSWORD = \"$password\";"
  echo
  echo "/** PEM texts by name. */"
  echo "export const KEYS = {"
  for name in "${order[@]}"; do
    echo "  \"$name\": \`$(cat "$name.vector")"
    echo "\`,"
  done
  echo "} as const;"
} > "$out"
