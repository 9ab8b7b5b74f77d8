// Replace it when you build: the certificate, its key and whose role it is.
export const identity = {
  certificate: "-----BEGIN CERTIFICATE-----…",
  privateKey: "-----BEGIN PRIVATE KEY-----…",
  trustAnchorArn: "arn:aws:rolesanywhere:eu-central-1:123456789012:trust-anchor/0a1b2c3d-0000-4000-8000-000000000000",
  profileArn: "arn:aws:rolesanywhere:eu-central-1:123456789012:profile/0a1b2c3d-0000-4000-8000-000000000001",
  roleArn: "arn:aws:iam::123456789012:role/Example",
};
