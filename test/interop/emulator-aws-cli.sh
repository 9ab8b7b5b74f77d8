#!/usr/bin/env bash
# Sets IAM Roles Anywhere up with the AWS CLI, uses it, and takes the certificate back. Prints `ok` in the end.
#
#     emulator-aws-cli.sh ENDPOINT FOLDER CREDENTIAL_PROCESS
#
# FOLDER holds `csr.pem`, and gets `issued-cert.pem`; CREDENTIAL_PROCESS is a JSON array, to which the three ARNs are added
# as flags.
set -euo pipefail
endpoint=$1
cd "$2"
process=$3
bucket=aws-cli
aws() { command aws --endpoint-url "$endpoint" --output text "$@"; }

aws s3 mb "s3://$bucket" >/dev/null
configuration='{"KeyAlgorithm":"RSA_2048","SigningAlgorithm":"SHA256WITHRSA","Subject":{"CommonName":"CLI Root"}}'
revocation="{\"CrlConfiguration\":{\"Enabled\":true,\"ExpirationInDays\":7,\"S3BucketName\":\"$bucket\"}}"
authority=$(aws acm-pca create-certificate-authority --certificate-authority-type ROOT \
  --certificate-authority-configuration "$configuration" --revocation-configuration "$revocation" \
  --query CertificateAuthorityArn)
aws acm-pca wait certificate-authority-csr-created --certificate-authority-arn "$authority"
aws acm-pca get-certificate-authority-csr --certificate-authority-arn "$authority" --query Csr >root-csr.pem

# issue CSR DAYS [FLAG…]: prints the ARN of a new certificate, which goes to issued.pem
issue() {
  local csr=$1 days=$2 arn
  shift 2
  arn=$(aws acm-pca issue-certificate --certificate-authority-arn "$authority" --csr "fileb://$csr" \
    --signing-algorithm SHA256WITHRSA --validity "Value=$days,Type=DAYS" "$@" --query CertificateArn)
  aws acm-pca wait certificate-issued --certificate-authority-arn "$authority" --certificate-arn "$arn"
  aws acm-pca get-certificate --certificate-authority-arn "$authority" --certificate-arn "$arn" \
    --query Certificate >issued.pem
  echo "$arn"
}
issue root-csr.pem 3650 --template-arn arn:aws:acm-pca:::template/RootCACertificate/V1 >/dev/null
aws acm-pca import-certificate-authority-certificate --certificate-authority-arn "$authority" \
  --certificate fileb://issued.pem
[[ $(aws acm-pca describe-certificate-authority --certificate-authority-arn "$authority" \
  --query CertificateAuthority.Status) == ACTIVE ]]

trust='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"rolesanywhere.amazonaws.com"},
"Action":["sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity"]}]}'
role=$(aws iam create-role --role-name aws-cli --assume-role-policy-document "$trust" --query Role.Arn)
policy="{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",
\"Resource\":\"arn:aws:s3:::$bucket/own/*\"}]}"
aws iam put-role-policy --role-name aws-cli --policy-name own --policy-document "$policy"
anchor=$(aws rolesanywhere create-trust-anchor --name cli --enabled \
  --source "sourceType=AWS_ACM_PCA,sourceData={acmPcaArn=$authority}" --query trustAnchor.trustAnchorArn)
profile=$(aws rolesanywhere create-profile --name cli --role-arns "$role" --query profile.profileArn)
aws rolesanywhere enable-profile --profile-id "${profile##*/}" >/dev/null
aws rolesanywhere put-attribute-mapping --profile-id "${profile##*/}" --certificate-field x509Subject \
  --mapping-rules specifier=CN >/dev/null
[[ $(aws rolesanywhere list-trust-anchors --query 'length(trustAnchors)') == 1 ]]

leaf=$(issue csr.pem 7)
mv issued.pem issued-cert.pem

# A profile whose credentials come of the command that was given.
python3 - "$process" "$anchor" "$profile" "$role" >"$AWS_CONFIG_FILE" <<'PYTHON'
import json, sys
words = json.loads(sys.argv[1])
for flag, value in zip(("--trust-anchor-arn", "--profile-arn", "--role-arn"), sys.argv[2:]):
    words += [flag, value]
print("[profile anywhere]\nregion = us-east-1\ncredential_process = " + " ".join('"%s"' % word for word in words))
PYTHON
session() { (unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY; aws --profile anywhere "$@"); }

[[ $(session sts get-caller-identity --query Arn) == arn:aws:sts::123456789012:assumed-role/aws-cli/* ]]
head -c 5000000 /dev/urandom >large
session s3 cp large "s3://$bucket/own/lärge file" >/dev/null
session s3 cp "s3://$bucket/own/lärge file" back >/dev/null
cmp large back
if session s3 cp large "s3://$bucket/others/x" >/dev/null 2>refused; then
  echo "an object outside its own folder was accepted" >&2
  exit 1
fi
grep -q AccessDenied refused

aws acm-pca revoke-certificate --certificate-authority-arn "$authority" --certificate-serial "${leaf##*/}" \
  --revocation-reason KEY_COMPROMISE
key=$(aws s3api list-objects-v2 --bucket "$bucket" --prefix crl/ --query 'Contents[0].Key')
aws s3 cp "s3://$bucket/$key" list.crl >/dev/null
aws rolesanywhere import-crl --name cli --enabled --crl-data fileb://list.crl --trust-anchor-arn "$anchor" >/dev/null
if session sts get-caller-identity >/dev/null 2>refused; then
  echo "the revoked certificate was accepted" >&2
  exit 1
fi
grep -q "Certificate revoked" refused
echo ok
