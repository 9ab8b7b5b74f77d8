#!/bin/sh
# Makes certificates.ts: certificates and a CRL written by OpenSSL, with every extension that its configuration can say.
# The tests read them with our own parser. Needs openssl 3; run it in this folder.
set -e
here=$(pwd)
work=$(mktemp -d)
cd "$work"
cat > openssl.cnf <<'CNF'
oid_section = oids
[oids]
[req]
distinguished_name = dn
prompt = no
string_mask = utf8only
utf8 = yes
[dn]
C = US
O = Example Corp
CN = Example Root
[ca]
basicConstraints = critical, CA:TRUE, pathlen:1
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
nameConstraints = critical, permitted;DNS:example.com, permitted;IP:192.0.2.0/255.255.255.0, excluded;email:example.org
policyConstraints = critical, requireExplicitPolicy:3, inhibitPolicyMapping:0
policyMappings = 1.3.6.1.4.1.99999.1:1.3.6.1.4.1.99999.2
inhibitAnyPolicy = 2
certificatePolicies = 1.3.6.1.4.1.99999.1, @policy
subjectInfoAccess = 1.3.6.1.5.5.7.48.5;URI:http://ca.example.com/repository
[policy]
policyIdentifier = 1.3.6.1.4.1.99999.3
CPS.1 = http://ca.example.com/cps
[leaf]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature, nonRepudiation
extendedKeyUsage = clientAuth, 1.3.6.1.4.1.99999.4
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always, issuer:always
subjectAltName = @names
issuerAltName = URI:http://ca.example.com/
crlDistributionPoints = point
freshestCRL = URI:http://ca.example.com/delta.crl
authorityInfoAccess = OCSP;URI:http://ocsp.example.com/, caIssuers;URI:http://ca.example.com/ca.crt
2.5.29.16 = ASN1:SEQUENCE:period
[period]
notBefore = IMPLICIT:0,GENERALIZEDTIME:20260101000000Z
notAfter = IMPLICIT:1,GENERALIZEDTIME:20260701000000Z
[names]
otherName = 1.3.6.1.4.1.311.20.2.3;UTF8:edge@example.com
email = edge@example.com
DNS = edge-7.example.com
dirName = directory
URI = spiffe://example.com/edge/7
IP.1 = 192.0.2.7
IP.2 = 2001:db8::7
RID = 1.3.6.1.4.1.99999.5
[directory]
O = Example Corp
CN = edge-7
[point]
fullname = URI:http://ca.example.com/ca.crl
reasons = keyCompromise, CACompromise
CRLissuer = dirName:directory
[crl]
authorityKeyIdentifier = keyid:always
issuingDistributionPoint = critical, @idp
[idp]
fullname = URI:http://ca.example.com/ca.crl
onlyuser = TRUE
[authority]
database = index.txt
crlnumber = crlnumber
default_md = sha256
CNF
openssl ecparam -name prime256v1 -genkey -noout -out ca.key
openssl ecparam -name prime256v1 -genkey -noout -out leaf.key
openssl req -new -x509 -config openssl.cnf -extensions ca -key ca.key -sha256 -set_serial 1 -days 3650 -out ca.pem
openssl req -new -config openssl.cnf -utf8 -key leaf.key -subj "/C=US/O=Example Corp/OU=Zürich/CN=edge-7" -out leaf.csr
openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -sha384 -set_serial 0x8f00000000000000000000000000000000000001 \
  -days 365 -extfile openssl.cnf -extensions leaf -out leaf.pem
printf 'R\t360101000000Z\t260201000000Z,keyCompromise\t07\tunknown\t/CN=seven\n' > index.txt
printf 'R\t360101000000Z\t260202000000Z\t8F00000000000000000000000000000000000001\tunknown\t/CN=edge-7\n' >> index.txt
printf 'R\t360101000000Z\t260203000000Z,CAkeyTime,20260131000000Z\t09\tunknown\t/CN=nine\n' >> index.txt
echo 2A > crlnumber
openssl ca -config openssl.cnf -name authority -gencrl -keyfile ca.key -cert ca.pem -crlexts crl -crldays 30 -out ca.crl
{
  echo '// Written by make.sh.'
  for name in ca leaf; do
    printf 'export const %s_PEM = `%s\n`;\n' "$(echo $name | tr a-z A-Z)" "$(openssl x509 -in $name.pem)"
  done
  printf 'export const CRL_PEM = `%s\n`;\n' "$(openssl crl -in ca.crl)"
} > "$here/certificates.ts"
rm -r "$work"
