/**
 * Refusals of a role's trust policy.
 *
 * @module
 */

import {
  CLIENT_EXTENSIONS,
  ROLE_ARN,
  subjectAlternativeName,
  TRUST_ANCHOR_ARN,
  uriName,
} from "../../support/test-authority.ts";
import type { DenialRow } from "./denials.ts";
import { client, SESSION_ACTIONS, trustIf, trustStatement } from "./session-setup.ts";

const UNABLE = `Unable to assume role for ${ROLE_ARN}.`;

/** The rows. */
export const TRUST_POLICY_DENIALS: readonly DenialRow[] = [
  ["a trust policy without sts:AssumeRole", "sts:AssumeRole", UNABLE, () => ({
    trust: [trustStatement({ Action: ["sts:TagSession", "sts:SetSourceIdentity"] })],
  })],
  ["a trust policy without sts:SetSourceIdentity", "sts:SetSourceIdentity", UNABLE, () => ({
    trust: [trustStatement({ Action: ["sts:AssumeRole", "sts:TagSession"] })],
  })],
  ["a trust policy without sts:TagSession", "sts:TagSession", UNABLE, () => ({
    trust: [trustStatement({ Action: ["sts:AssumeRole", "sts:SetSourceIdentity"] })],
  })],
  [
    "a trust policy without sts:TagSession, and an attribute that is no tag",
    "sts:TagSession",
    `${UNABLE} Some attributes failed to be mapped into session tags. Issuer: [  ]; Subject: [ O ]; SAN: [  ]`,
    async () => ({
      certificate: await client({ subject: [["2.5.4.3", "edge-7"], ["2.5.4.10", "Smith & Co"]] }),
      trust: [trustStatement({ Action: ["sts:AssumeRole", "sts:SetSourceIdentity"] })],
    }),
  ],
  ["a trust policy for another service", "sts:AssumeRole", UNABLE, () => ({
    trust: [trustStatement({ Principal: { Service: "ec2.amazonaws.com" } })],
  })],
  ["a trust policy for the account", "sts:AssumeRole", UNABLE, () => ({
    trust: [trustStatement({ Principal: { AWS: "arn:aws:iam::123456789012:root" } })],
  })],
  ["an explicit deny of everybody but another service", "sts:AssumeRole", UNABLE, () => ({
    trust: [
      trustStatement(),
      { Effect: "Deny", NotPrincipal: { Service: "ec2.amazonaws.com" }, Action: SESSION_ACTIONS },
    ],
  })],
  ["an explicit deny", "sts:AssumeRole", UNABLE, () => ({
    trust: [trustStatement(), trustStatement({ Effect: "Deny", Action: "sts:AssumeRole" })],
  })],
  ["an explicit deny of one subject", "sts:AssumeRole", UNABLE, () => ({
    trust: [
      trustStatement(),
      trustStatement({
        Effect: "Deny",
        Condition: { StringEquals: { "aws:PrincipalTag/x509Subject/CN": "edge-7" } },
      }),
    ],
  })],
  ["an explicit deny of tags", "sts:TagSession", UNABLE, () => ({
    trust: [trustStatement(), trustStatement({ Effect: "Deny", Action: "sts:Tag*" })],
  })],
  ["another subject", "sts:AssumeRole", UNABLE, () => ({
    trust: [trustIf({ StringEquals: { "aws:PrincipalTag/x509Subject/CN": "edge-8" } })],
  })],
  ["the subject in another case", "sts:AssumeRole", UNABLE, () => ({
    trust: [trustIf({ StringEquals: { "aws:PrincipalTag/x509Subject/CN": "EDGE-7" } })],
  })],
  ["another issuer", "sts:AssumeRole", UNABLE, () => ({
    trust: [trustIf({ StringEquals: { "aws:PrincipalTag/x509Issuer/CN": "Other" } })],
  })],
  ["a pattern that does not match", "sts:AssumeRole", UNABLE, () => ({
    trust: [trustIf({ StringLike: { "aws:PrincipalTag/x509Subject/CN": "edge-?8" } })],
  })],
  ["another workload of SPIFFE", "sts:AssumeRole", UNABLE, async () => ({
    certificate: await client({
      extensions: [...CLIENT_EXTENSIONS, subjectAlternativeName(uriName("spiffe://example.org/ns/prod/sa/web"))],
    }),
    trust: [trustIf({ StringLike: { "aws:PrincipalTag/x509SAN/URI": "spiffe://example.org/ns/dev/*" } })],
  })],
  ["one of several organizational units", "sts:AssumeRole", UNABLE, async () => ({
    certificate: await client({ subject: [["2.5.4.3", "edge-7"], ["2.5.4.11", "Security"], ["2.5.4.11", "Research"]] }),
    trust: [trustIf({ StringEquals: { "aws:PrincipalTag/x509Subject/OU": "Security" } })],
  })],
  ["another trust anchor", "sts:AssumeRole", UNABLE, () => ({
    trust: [trustIf({ ArnEquals: { "aws:SourceArn": `${TRUST_ANCHOR_ARN}0` } })],
  })],
  ["a wildcard that StringEquals takes literally", "sts:AssumeRole", UNABLE, () => ({
    trust: [trustIf({ StringEquals: { "aws:SourceArn": TRUST_ANCHOR_ARN.replace(/\/.*/, "/*") } })],
  })],
  ["another account", "sts:AssumeRole", UNABLE, () => ({
    trust: [trustIf({ StringEquals: { "aws:SourceAccount": "999999999999" } })],
  })],
  ["a tag that never exists", "sts:AssumeRole", UNABLE, () => ({
    trust: [trustIf({ StringEquals: { "aws:PrincipalTag/x509Serial": "0123" } })],
  })],
  ["a tag that the profile does not map", "sts:AssumeRole", UNABLE, () => ({
    profile: { attributeMappings: [{ certificateField: "x509Issuer", mappingRules: [{ specifier: "CN" }] }] },
    trust: [trustIf({ StringEquals: { "aws:PrincipalTag/x509Subject/CN": "edge-7" } })],
  })],
  ["a tag that must not exist", "sts:AssumeRole", UNABLE, () => ({
    trust: [trustIf({ Null: { "aws:PrincipalTag/x509Subject/CN": "true" } })],
  })],
  ["a source identity without its prefix", "sts:AssumeRole", UNABLE, () => ({
    trust: [trustIf({ StringEquals: { "sts:SourceIdentity": "edge-7" } })],
  })],
  ["the user guide's placeholder", "sts:AssumeRole", UNABLE, () => ({
    trust: [trustIf({ StringEquals: { "sts:SourceIdentity": "${sourceIdentityPrefix}${sourceIdentityValue}" } })],
  })],
  ["a source identity on all three actions, where doubts refuse", "sts:TagSession", UNABLE, () => ({
    preset: "paranoid",
    trust: [trustIf({ StringEquals: { "sts:SourceIdentity": "CN=edge-7" } })],
  })],
  ["a session name on all three actions", "sts:SetSourceIdentity", UNABLE, () => ({
    trust: [trustIf({ StringEquals: { "sts:RoleSessionName": "0123" } })],
  })],
  ["a session name that is not the common name", "sts:AssumeRole", UNABLE, () => ({
    profile: { acceptRoleSessionName: true },
    parameters: { roleSessionName: "edge-8" },
    trust: [
      trustStatement({ Action: ["sts:TagSession", "sts:SetSourceIdentity"] }),
      trustStatement({
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "sts:RoleSessionName": "${aws:PrincipalTag/x509Subject/CN}" } },
      }),
    ],
  })],
  ["an address that a service does not have", "sts:AssumeRole", UNABLE, () => ({
    trust: [trustIf({ IpAddress: { "aws:SourceIp": "0.0.0.0/0" } })],
  })],
  ["an external id", "sts:AssumeRole", UNABLE, () => ({
    trust: [trustIf({ StringEquals: { "sts:ExternalId": "1" } })],
  })],
  ["a date that has passed", "sts:AssumeRole", UNABLE, () => ({
    trust: [trustIf({ DateLessThan: { "aws:CurrentTime": "2026-06-01T12:00:00Z" } })],
  })],
  ["tag keys that are not all allowed", "sts:AssumeRole", UNABLE, () => ({
    trust: [
      trustIf({ "ForAllValues:StringEquals": { "aws:TagKeys": ["x509Subject/CN"] } }),
      trustStatement({ Action: "sts:SetSourceIdentity" }),
    ],
  })],
];
