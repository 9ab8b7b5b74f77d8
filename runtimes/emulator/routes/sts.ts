/**
 * Operations of STS.
 *
 * @see STS API reference, "GetCallerIdentity"
 * @module
 */

import type { Operation } from "../aws-service.ts";
import { STS_NAMESPACE, xmlAnswer } from "../service-error.ts";
import { escapeXml } from "../xml.ts";

/** The one call that everybody may make. */
export const GET_CALLER_IDENTITY: Operation = {
  name: "GetCallerIdentity",
  readOnly: true,
  authentication: "signature",
  async run(_, { caller, requestId }) {
    const { arn, userId, account } = caller!;
    const body = `<GetCallerIdentityResponse xmlns="${STS_NAMESPACE}"><GetCallerIdentityResult>` +
      `<Arn>${escapeXml(arn)}</Arn><UserId>${escapeXml(userId)}</UserId>` +
      `<Account>${escapeXml(account)}</Account></GetCallerIdentityResult>` +
      `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;
    return { response: xmlAnswer(200, body, requestId) };
  },
};
