#!/usr/bin/env bash
# Makes pkcs12/files.ts: PKCS#12 files as OpenSSL 3.0 writes them, of one P-256 key, its certificate and that of its
# issuer. Every run makes new ones; the committed file is one run. The keys protect nothing.
set -euo pipefail

out="$(cd "$(dirname "$0")" && pwd)/pkcs12/files.ts"
work="$(mktemp -d)"
trap 'rm -r "$work"' EXIT
cd "$work"
password="correct horse ☂"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -subj "/CN=Example Root" \
  -keyout root-key.pem -out root.pem 2> /dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=edge-7" -keyout key.pem -out request.pem \
  2> /dev/null
openssl x509 -req -in request.pem -CA root.pem -CAkey root-key.pem -days 36500 -out leaf.pem 2> /dev/null

# save NAME OPTIONS...: a file becomes the vector.
save() {
  local name="$1"
  shift
  openssl pkcs12 -export -inkey key.pem -in leaf.pem -certfile root.pem -name "edge 7 ☂" -iter 1000 "$@" \
    -out "$name.p12" || { echo "make-pkcs12.sh: $name failed" >&2; exit 1; }
  order+=("$name")
}
order=()

save modern -passout "pass:$password"
save sha512 -passout "pass:$password" -macalg sha512 -certpbe AES-128-CBC -keypbe AES-192-CBC
save sha384 -passout "pass:$password" -macalg sha384
save legacy -passout "pass:$password" -legacy
save rc2-128 -passout "pass:$password" -legacy -certpbe PBE-SHA1-RC2-128 -keypbe PBE-SHA1-2DES
save rc4 -passout "pass:$password" -legacy -certpbe PBE-SHA1-RC4-128
save no-mac -passout "pass:$password" -nomac
save plain-certificates -passout "pass:$password" -certpbe NONE
save nothing-encrypted -passout "pass:$password" -certpbe NONE -keypbe NONE
save nothing-at-all -passout "pass:$password" -certpbe NONE -keypbe NONE -nomac
save empty -passout pass:
save empty-legacy -passout pass: -legacy
openssl pkcs12 -export -nokeys -in root.pem -passout "pass:$password" -iter 1000 -out no-key.p12
order+=(no-key)
openssl genpkey -algorithm ed25519 -out ed25519.pem
openssl pkcs12 -export -nocerts -inkey ed25519.pem -passout "pass:$password" -iter 1000 -out ed25519.p12 2> /dev/null
order+=(ed25519)

{
  echo "/** PKCS#12 files as OpenSSL writes them, made by ../make-pkcs12.sh; they protect nothing. */"
  echo "export const PASSWORD = \"$password\";"
  echo
  for name in key leaf root; do
    label="$(head -1 "$name.pem" | sed 's/-----BEGIN \(.*\)-----/\1/')"
    echo "/** PEM: $label. */"
    echo "export const ${name^^} = \`$(cat "$name.pem")"
    echo "\`;"
    echo
  done
  echo "/** Base64 with line breaks, by names. */"
  echo "export const FILES = {"
  for name in "${order[@]}"; do
    echo "  \"$name\": \`"
    base64 -w 100 "$name.p12"
    echo "\`,"
  done
  echo "} as const;"
} > "$out"
