/**
 * What the topics are, for the page: what is measured, what it is held against, and who the peers are.
 *
 * @module
 */

/** A topic on the page. */
export interface TopicNotes {
  readonly title: string;
  readonly what: string;
  /** The physical limit. */
  readonly limit: string;
}

/** All topics, in the order of the page. */
export const TOPIC_NOTES: { readonly [topic: string]: TopicNotes } = {
  sign: {
    title: "Signatures by a certificate's key",
    what: "A request to CreateSession signed by SigV4-X509: canonical request, hashes, signature, hexadecimal.",
    limit: "the bare signature of the same string by the same key of the platform",
  },
  sigv4: {
    title: "SigV4 with an access key",
    what:
      "A DynamoDB request with temporary credentials, signed in its headers; everybody keeps the derived key and signs " +
      "the same headers, which equal signatures prove. More headers, larger bodies, SigV4a, signed chunks, and what a " +
      "signed request allocates.",
    limit: "for SigV4a the bare signature, for chunks the bare hash of the body; the others have peers",
  },
  parse: {
    title: "Certificates",
    what: "A leaf certificate parsed, its fields, and the values of its extensions, decoded.",
    limit: "none; the peers",
  },
  path: {
    title: "Certification paths",
    what: "A chain of three certificates validated, longer ones, and hostile ones that must end.",
    limit: "the signatures' bare verifications by the platform, with keys that were imported before",
  },
  crl: {
    title: "Revocation lists",
    what: "A list parsed, its last entry found, its signature verified; streamed; indexed.",
    limit: "the SHA-256 of the file, which no verification can do without; for the index one read of memory",
  },
  decision: {
    title: "Decisions about sessions",
    what: "A CreateSession request decided as the service decides it: signature, path, profile, trust policy, tags.",
    limit: "the cryptography of the same decision alone",
  },
  "who-can": {
    title: "Policies",
    what: "What a session may do: role policies of more and more statements, and more and more roles asked in turn.",
    limit: "none: 1 is linear",
  },
  session: {
    title: "Sessions",
    what:
      "CreateSession over loopback, from the request laid out to the credentials parsed, one after the other and many " +
      "at once. The service answers the same octets to everything.",
    limit: "the same client of the runtime sending the same octets and reading the answer",
  },
  startup: {
    title: "Starting the command",
    what: "A whole `credential-process`, from the start of its process to its end.",
    limit: "`node -e 0`",
  },
  serve: {
    title: "Serving credentials",
    what: "Reads of credentials over loopback, by the endpoints of `anyrole serve`.",
    limit: "a bare server of the runtime that answers the same octets",
  },
  store: {
    title: "Shared sessions",
    what: "An entry put, read, and leased, by each store.",
    limit: "the same octets written or read by the bare means of the store",
  },
  fleet: {
    title: "Isolates that start at once",
    what: "What an isolate waits beyond the one CreateSession that is made for all.",
    limit: "100 ms",
  },
  "edge-start": {
    title: "Cold start of a worker",
    what: "workerd started with a worker, until the answer to its first request, which signs one call.",
    limit: "workerd started with an empty worker",
  },
  hsm: {
    title: "Keys in devices",
    what:
      "P-256 signatures by SoftHSM through the bridge, how long the event loop stands still, and signatures in a TPM (swtpm).",
    limit: "the same C calls by pkcs11js",
  },
  wasm: {
    title: "The WebAssembly component",
    what: "Calls of the component through jco in Node.",
    limit: "the package in the same process",
  },
  size: {
    title: "Size",
    what: "What a program takes over that uses a part, minified and gzipped.",
    limit: "the budget",
  },
  "timing-leak": {
    title: "Whether time tells a secret",
    what: "Welch's t between two classes of inputs that differ in what nobody may learn; controls leak on purpose.",
    limit: "|t| of 4.5",
  },
};

/** What is a peer of ours, and no limit; what begins with one of these is one as well. */
export const PEERS: readonly string[] = [
  "aws4",
  "@smithy/signature-v4",
  "X509Certificate",
  "pkijs",
  "@peculiar/x509",
  "asn1js",
  "node-forge",
  "Go",
  "libcrypto",
  "openssl",
  "pkcs11js",
  "tpm2_sign",
];
