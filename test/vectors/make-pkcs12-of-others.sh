#!/usr/bin/env bash
# Makes pkcs12/files-of-others.ts: the key and certificates of pkcs12/files.ts as NSS, GnuTLS and Java write them (Debian:
# libnss3-tools, gnutls-bin, a JDK). Every run makes new ones; the committed file is one run. The keys protect nothing.
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)/pkcs12"
out="$here/files-of-others.ts"
work="$(mktemp -d)"
trap 'rm -r "$work"' EXIT
cd "$work"
password="correct horse"

# pem NAME: that PEM text of files.ts.
pem() {
  sed -n "/^export const $1 = \`/,/^\`;/p" "$here/files.ts" | sed "s/^export const $1 = \`//; /^\`;/d"
}
pem KEY > key.pem
pem LEAF > leaf.pem
pem ROOT > root.pem

openssl pkcs12 -export -inkey key.pem -in leaf.pem -certfile root.pem -name edge-7 -passout "pass:$password" -out from.p12
mkdir nss
certutil -N -d sql:nss --empty-password
pk12util -i from.p12 -d sql:nss -W "$password" -K "" > /dev/null
pk12util -o nss.p12 -d sql:nss -n edge-7 -W "$password" -K "" > /dev/null
# What Firefox wrote for years.
pk12util -o nss-3des.p12 -d sql:nss -n edge-7 -W "$password" -K "" -c DES-EDE3-CBC -C DES-EDE3-CBC -M SHA-1 > /dev/null
certtool --to-p12 --load-privkey key.pem --load-certificate leaf.pem --load-ca-certificate root.pem --p12-name edge-7 \
  --password "$password" --outder --outfile gnutls.p12 2> /dev/null
keytool -importkeystore -srckeystore from.p12 -srcstoretype PKCS12 -srcstorepass "$password" -destkeystore java.p12 \
  -deststoretype PKCS12 -deststorepass "$password" 2> /dev/null

{
  echo "/** PKCS#12 files as NSS, GnuTLS and Java write them, made by ../make-pkcs12-of-others.sh; they protect nothing. */"
  echo "export const PASSWORD_OF_OTHERS = \"$password\";"
  echo
  echo "/** Base64 with line breaks, by names. */"
  echo "export const FILES_OF_OTHERS = {"
  for name in nss nss-3des gnutls java; do
    echo "  \"$name\": \`"
    base64 -w 100 "$name.p12"
    echo "\`,"
  done
  echo "} as const;"
} > "$out"
