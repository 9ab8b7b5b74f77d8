/**
 * Subjects: what the service remembers of whoever showed a certificate that a trust anchor vouches for, whether or not
 * a session came of it.
 *
 * Assumptions: one record a subject name, its latest twenty certificates, RFC 4514 text and decimal serial numbers.
 *
 * @see IAM Roles Anywhere API reference, "SubjectDetail"
 * @module
 */

import { parseArn } from "../../../core/aws/arn.ts";
import type { TrustedCertificate } from "../../../core/decision/mod.ts";
import { encodePem } from "../../../core/pem/pem.ts";
import { nameText } from "../../../core/x509/name-text.ts";
import { resourceTime } from "./resource-time.ts";
import type { Service } from "../service.ts";
import type { SubjectCredentialRecord, SubjectInstanceRecord, SubjectRecord } from "../store/records.ts";
import { derivedUuid } from "../uuid.ts";

/** Certificates, and sets of instance properties, that a subject keeps. */
const KEPT = 20;

/**
 * Notes an attempt.
 *
 * @param failed whether the session was refused
 * @returns the subject's ARN, when the record is durable
 */
export async function recordSubject(service: Service, trusted: TrustedCertificate, failed: boolean): Promise<string> {
  const { certificate, trustAnchor, parameters: { instanceProperties } } = trusted;
  const id = derivedUuid(service.sha256.digest(certificate.subject.der));
  const { partition, region, account } = parseArn(trustAnchor.arn);
  const arn = `arn:${partition}:rolesanywhere:${region}:${account}:subject/${id}`;
  const known = service.store.get("subjects", arn);
  const seenAt = resourceTime(service.now(), known?.updatedAt);
  const credential: SubjectCredentialRecord = {
    seenAt,
    serialNumber: certificate.serialNumberDecimal,
    issuer: nameText(certificate.issuer),
    enabled: true,
    x509CertificateData: encodePem("CERTIFICATE", certificate.der),
    failed,
  };
  const record: SubjectRecord = {
    arn,
    id,
    x509Subject: nameText(certificate.subject),
    createdAt: known?.createdAt ?? seenAt,
    updatedAt: seenAt,
    lastSeenAt: seenAt,
    credentials: latest(credential, known?.credentials ?? [], (one) => one.x509CertificateData),
    instanceProperties: Object.keys(instanceProperties).length === 0
      ? known?.instanceProperties ?? []
      : latest<SubjectInstanceRecord>(
        { seenAt, properties: instanceProperties, failed },
        known?.instanceProperties ?? [],
        ({ properties }) => JSON.stringify(Object.entries(properties).sort()),
      ),
  };
  await service.store.commit([{ table: "subjects", key: arn, record }]);
  return arn;
}

/** The new one in front of those that are not the same. */
function latest<T>(added: T, before: readonly T[], identity: (one: T) => string): readonly T[] {
  const name = identity(added);
  return [added, ...before.filter((one) => identity(one) !== name)].slice(0, KEPT);
}
