/**
 * What a peer of ours is for the benchmarks: each brings the tuning that its own documentation offers.
 *
 * @module
 */

import type { SigV4Credentials } from "../../core/sigv4/mod.ts";

/** A request to sign by its headers, again and again. */
export interface SigningTask {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  /** Header fields besides `host` and what signing adds. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly credentials: SigV4Credentials;
  readonly region: string;
  readonly service: string;
  /** Time of signing, milliseconds since the epoch. */
  readonly timeMs: number;
}

/** A library that signs requests with an access key. */
export interface SigningPeer {
  readonly name: string;
  /** The ratio that we want to reach over it, by runtime. */
  readonly reach?: { readonly [runtime: string]: number };
  /** The share of what it allocates that we want to allocate at most, by runtime. */
  readonly allocationReach?: { readonly [runtime: string]: number };
  /** Answers a function that signs the request and answers its `Authorization` header. */
  signer(task: SigningTask): () => string | Promise<string>;
}

/** What is read of a certificate; each peer's own kinds of values. */
export interface CertificateValues {
  /** Lower-case hexadecimal, without leading zeros. */
  readonly serialNumber: string;
  readonly issuer: unknown;
  readonly subject: unknown;
  readonly notBefore: unknown;
  /** Something that `new Date` takes. */
  readonly notAfter: number | string | Date;
  readonly publicKey: unknown;
  /** The list, values not looked into. */
  readonly extensions: unknown;
  /** Values of the extensions, when they are wanted. */
  readonly values: readonly unknown[];
}

/** A library that reads certificates. */
export interface CertificatePeer {
  readonly name: string;
  /** The ratio that we want to reach over it, by runtime. */
  readonly reach?: { readonly [runtime: string]: number };
  /** Reads; the values of the extensions too when they are wanted. */
  read(der: Uint8Array, values: boolean): CertificateValues;
}

/** A chain, DER. */
export interface Chain {
  readonly leaf: Uint8Array<ArrayBuffer>;
  readonly intermediate: Uint8Array<ArrayBuffer>;
  readonly root: Uint8Array<ArrayBuffer>;
}

/** A library that says whether a chain is good. */
export interface ChainPeer {
  readonly name: string;
  /** The ratio that we want to reach over it, by runtime. */
  readonly reach?: { readonly [runtime: string]: number };
  /** Answers a function that parses end entity and intermediate and validates them; the root is parsed before. */
  validator(chain: Chain, timeMs: number): Promise<() => boolean | Promise<boolean>>;
}

/** A revocation list and whose it is, DER. */
export interface RevocationList {
  readonly list: Uint8Array<ArrayBuffer>;
  readonly issuer: Uint8Array<ArrayBuffer>;
  /** A revoked certificate. */
  readonly leaf: Uint8Array<ArrayBuffer>;
  /** Contents of its serial number's INTEGER. */
  readonly serialNumber: Uint8Array<ArrayBuffer>;
}

/** A library that reads revocation lists. */
export interface RevocationPeer {
  readonly name: string;
  /** Answers a function that parses the list, finds the serial number and verifies the signature. */
  finder(list: RevocationList): Promise<() => boolean | Promise<boolean>>;
}
