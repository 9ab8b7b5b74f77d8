/**
 * The access key of the account's administrator.
 *
 * @module
 */

import { encodeBase64 } from "../../../core/bytes/base64.ts";
import type { Service } from "../service.ts";

/** An access key. Secret: its secret access key. */
export interface AdministratorKey {
  /** `AKIA` and 16 upper-case letters and digits. */
  readonly accessKeyId: string;
  /** 40 characters. */
  readonly secretAccessKey: string;
}

/** The oldest long-term access key of the emulator; made, and kept, when there is none. Secret: the result. */
export async function administratorKey(service: Service): Promise<AdministratorKey> {
  for (const { accessKeyId, secretAccessKey } of service.store.all("accessKeys").values()) {
    return { accessKeyId, secretAccessKey };
  }
  const { crypto, identifiers, account } = service;
  const record = {
    accessKeyId: identifiers.unique("AKIA", 16),
    secretAccessKey: encodeBase64(crypto.random(30)),
    arn: `arn:aws:iam::${account}:user/Administrator`,
    userId: identifiers.unique("AIDA", 17),
  };
  await service.store.commit([{ table: "accessKeys", key: record.accessKeyId, record }]);
  return { accessKeyId: record.accessKeyId, secretAccessKey: record.secretAccessKey };
}
