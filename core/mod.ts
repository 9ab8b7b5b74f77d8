/**
 * Short-lived AWS credentials from an X.509 certificate: the everyday names. Everything else has a subpath of its own.
 *
 * @example
 * ```ts
 * import { createSession, formatProcessOutput, identityFromMaterial, sleep, webCryptoProvider } from "anyrole";
 *
 * export async function credentialsJson(certificate: string, privateKey: string): Promise<string> {
 *   const crypto = webCryptoProvider();
 *   const session = await createSession({
 *     identity: await identityFromMaterial({ certificate, privateKey }, crypto).identity(),
 *     trustAnchorArn: "arn:aws:rolesanywhere:eu-central-1:123456789012:trust-anchor/0a1b2c3d-0000-4000-8000-000000000000",
 *     profileArn: "arn:aws:rolesanywhere:eu-central-1:123456789012:profile/0a1b2c3d-0000-4000-8000-000000000001",
 *     roleArn: "arn:aws:iam::123456789012:role/Example",
 *   }, { fetch, now: Date.now, sleep, random: crypto.random });
 *   return formatProcessOutput(session.credentials);
 * }
 * ```
 *
 * @module
 */

export { createCredentialProvider, type CredentialProvider } from "./credentials/credential-provider.ts";
export { formatProcessOutput } from "./credentials/process-output.ts";
export { layeredProvider } from "./crypto/layered-provider.ts";
export type { CryptoProvider } from "./crypto/provider.ts";
export type { Signer } from "./crypto/signer.ts";
export { webCryptoProvider } from "./crypto/webcrypto-provider.ts";
export { createSession, type Session, type SessionOptions } from "./session/create-session.ts";
export type { SessionPorts } from "./session/service-call.ts";
export { sleep } from "./session/sleep.ts";
export { createIdentity, type Identity } from "./sign/identity.ts";
export { identityFromMaterial, type IdentityMaterial } from "./sign/identity-material.ts";
export { loadSoftwareSigner, type LoadSoftwareSignerOptions } from "./sign/load-software-signer.ts";
export { softwareSigner } from "./sign/software-signer.ts";
export { createHmacSigner, presignRequest, signRequest } from "./sigv4/hmac-scheme.ts";
export { signX509Request } from "./sigv4/x509-scheme.ts";
export { VERSION } from "./version.ts";
export { type Certificate, parseCertificate } from "./x509/certificate.ts";
export { readCertificates } from "./x509/read-certificates.ts";
