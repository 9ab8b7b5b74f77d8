"""Sets IAM Roles Anywhere up with boto3, the way an administrator does: a private CA, a trust anchor, a role, a profile
and a certificate for the key that is given. Then a session of the Python library of AWS Labs, if it is there, or of the
command that is given uses it, and the certificate is taken back. Prints `ok` in the end.

    emulator_client.py MODE ENDPOINT FOLDER CREDENTIAL_PROCESS

MODE is `command` or `library`; FOLDER holds `csr.pem` and `key.pem`, and gets `issued-cert.pem`; CREDENTIAL_PROCESS is a
JSON array, to which the three ARNs are added as flags.
"""

import json
import os
import subprocess
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

mode, endpoint, folder, credential_process = sys.argv[1:5]
REGION = "us-east-1"
# The library names the hash of the certificate's own signature in the scheme, and the service knows SHA-256 alone.
ALGORITHMS = ("EC_secp384r1", "SHA384WITHECDSA") if mode == "command" else ("EC_prime256v1", "SHA256WITHECDSA")
BUCKET = "boto3-" + mode
NAME = "boto3-" + mode


def client(service, session=boto3):
    config = Config(s3={"addressing_style": "path"})
    return session.client(service, endpoint_url=endpoint, region_name=REGION, config=config)


def read(name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


storage, authorities, anywhere, identities = (client(name) for name in ("s3", "acm-pca", "rolesanywhere", "iam"))
storage.create_bucket(Bucket=BUCKET)
authority = authorities.create_certificate_authority(
    CertificateAuthorityType="ROOT",
    CertificateAuthorityConfiguration={
        "KeyAlgorithm": ALGORITHMS[0],
        "SigningAlgorithm": ALGORITHMS[1],
        "Subject": {"CommonName": "boto3 Root", "Organization": "Example"},
    },
    RevocationConfiguration={"CrlConfiguration": {"Enabled": True, "ExpirationInDays": 7, "S3BucketName": BUCKET}},
)["CertificateAuthorityArn"]


def issue(csr, days, **more):
    arn = authorities.issue_certificate(
        CertificateAuthorityArn=authority,
        Csr=csr,
        SigningAlgorithm=ALGORITHMS[1],
        Validity={"Value": days, "Type": "DAYS"},
        **more,
    )["CertificateArn"]
    where = {"CertificateAuthorityArn": authority, "CertificateArn": arn}
    authorities.get_waiter("certificate_issued").wait(**where)
    return arn, authorities.get_certificate(**where)["Certificate"]


request = authorities.get_certificate_authority_csr(CertificateAuthorityArn=authority)["Csr"]
_, own = issue(request.encode(), 3650, TemplateArn="arn:aws:acm-pca:::template/RootCACertificate/V1")
authorities.import_certificate_authority_certificate(CertificateAuthorityArn=authority, Certificate=own.encode())

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "rolesanywhere.amazonaws.com"},
            "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
        }
    ],
}
READ = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
}
role = identities.create_role(RoleName=NAME, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
assert identities.get_role(RoleName=NAME)["Role"]["AssumeRolePolicyDocument"] == TRUST
FULL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
identities.put_role_policy(RoleName=NAME, PolicyName="all-of-s3", PolicyDocument=json.dumps(FULL))
anchor = anywhere.create_trust_anchor(
    name=NAME, enabled=True, source={"sourceType": "AWS_ACM_PCA", "sourceData": {"acmPcaArn": authority}}
)["trustAnchor"]["trustAnchorArn"]
profile = anywhere.create_profile(
    name=NAME, enabled=True, roleArns=[role], sessionPolicy=json.dumps(READ), tags=[{"key": "made-by", "value": "boto3"}]
)["profile"]["profileArn"]
assert anywhere.list_tags_for_resource(resourceArn=profile)["tags"] == [{"key": "made-by", "value": "boto3"}]
anywhere.create_profile(name="another", roleArns=[])
assert "nextToken" in anywhere.list_profiles(pageSize=1)
pages = anywhere.get_paginator("list_profiles").paginate()
assert profile in [one["profileArn"] for page in pages for one in page["profiles"]]

leaf_arn, leaf = issue(read("csr.pem"), 7)
path = os.path.join(folder, "issued-cert.pem")
with open(path, "w") as file:
    file.write(leaf)


def run_credential_process():
    arns = ["--trust-anchor-arn", anchor, "--profile-arn", profile, "--role-arn", role]
    return subprocess.run(json.loads(credential_process) + arns, capture_output=True, text=True, timeout=30)


def new_session():
    if mode == "library":
        from iam_rolesanywhere_session import IAMRolesAnywhereSession

        return IAMRolesAnywhereSession(
            profile_arn=profile,
            role_arn=role,
            trust_anchor_arn=anchor,
            certificate=path,
            private_key=os.path.join(folder, "key.pem"),
            region=REGION,
            endpoint=endpoint.removeprefix("https://"),
            verify=os.environ["AWS_CA_BUNDLE"],
        ).get_session()
    ran = run_credential_process()
    assert ran.returncode == 0, ran.stderr
    keys = json.loads(ran.stdout)
    return boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], REGION)


session = new_session()
arn = client("sts", session).get_caller_identity()["Arn"]
assert arn.startswith("arn:aws:sts::123456789012:assumed-role/" + NAME + "/"), arn
storage.put_object(Bucket=BUCKET, Key="a/ü +.txt", Body=b"hello", ContentType="text/plain")
holder = client("s3", session)
assert holder.get_object(Bucket=BUCKET, Key="a/ü +.txt")["Body"].read() == b"hello"
try:
    holder.put_object(Bucket=BUCKET, Key="b", Body=b"")
    raise SystemExit("the session policy did not refuse PutObject")
except ClientError as error:
    assert error.response["Error"]["Code"] == "AccessDenied", error

serial = leaf_arn.rsplit("/", 1)[1]
authorities.revoke_certificate(CertificateAuthorityArn=authority, CertificateSerial=serial, RevocationReason="SUPERSEDED")
key = storage.list_objects_v2(Bucket=BUCKET, Prefix="crl/")["Contents"][0]["Key"]
crl = storage.get_object(Bucket=BUCKET, Key=key)["Body"].read()
anywhere.import_crl(name=NAME, enabled=True, crlData=crl, trustAnchorArn=anchor)
try:
    client("sts", new_session()).get_caller_identity()
    raise SystemExit("the revoked certificate was accepted")
except Exception as error:
    assert "Certificate revoked" in str(error), error
print("ok")
