/**
 * Keys that a bridge, a program, an SSH agent or the Linux kernel holds, as flags name them.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { decodeLatin1 } from "../../core/bytes/text.ts";
import type { PublicKey } from "../../core/crypto/public-key.ts";
import type { SignatureAlgorithm } from "../../core/crypto/signature-algorithm.ts";
import type { Signer } from "../../core/crypto/signer.ts";
import { parseSubjectPublicKeyInfo } from "../../core/keys/subject-public-key-info.ts";
import { createIdentity, type Identity, samePublicKey } from "../../core/sign/identity.ts";
import { RemoteSignerError } from "../../core/sign/remote-signer-error.ts";
import { type RemoteSigner, remoteSigner } from "../../core/sign/remote-signer.ts";
import { type Certificate, parseCertificate } from "../../core/x509/certificate.ts";
import type { Fetch } from "../../core/ports.ts";
import type { Host } from "../host.ts";
import { httpOptions } from "../shared/http-environment.ts";
import type { FlagValues } from "./flags.ts";
import { hiddenSecret } from "./given-inputs.ts";
import { IdentityFlagError } from "./identity-flags.ts";
import { certificatesOf, unusable } from "./input-files.ts";
import { hiddenFlags } from "./input-names.ts";
import { type RemoteKeyPlace, remoteKeyPlace } from "./remote-key-place.ts";

/** Which key is meant. */
export interface NamedRemoteKey {
  /** The form of `--private-key`. */
  readonly key: string;
  /** File of its certificate; undefined: what a bridge or a program says of it. */
  readonly certificate: string | undefined;
  /** File of intermediate certificates. */
  readonly intermediates?: string | undefined;
  /** What to sign with; undefined: what its holder signs with, or CreateSession wants of such a key. */
  readonly algorithm?: ((key: PublicKey) => SignatureAlgorithm) | undefined;
}

/** A key that is ready. */
export interface OpenRemoteKey {
  /** Asks for signatures, and checks them. */
  readonly signer: Signer;
  /** Certificates, that of the key first; none when nobody says them. */
  readonly certificates: readonly Certificate[];
  /** Ends what was started for it. */
  close(): Promise<void>;
}

/** The identity of such a key. */
export interface RemoteKeySource {
  /** The identity to use now. */
  identity(): Promise<Identity>;
  /** Ends what was started for it. */
  close(): Promise<void>;
}

/**
 * Makes the source of an identity whose key somebody else holds. A key that was replaced there is asked for anew.
 *
 * Secret: the token of a bridge goes to the bridge.
 */
export function remoteKeySource(host: Host, values: FlagValues): RemoteKeySource {
  let held: { readonly identity: Identity; readonly close: () => Promise<void> } | undefined;
  const open = async () => {
    const { signer, certificates: [certificate, ...chain], close } = await remoteKeySigner(host, values, {
      key: values.text("private-key")!,
      certificate: values.text("certificate"),
      intermediates: values.text("intermediates"),
    });
    if (certificate === undefined) {
      await close();
      throw new IdentityFlagError(
        "ERR_IDENTITY_NOT_GIVEN",
        "Cannot use the private key: who holds it does not say its certificate; pass --certificate",
      );
    }
    const forgetting: Signer = {
      algorithm: signer.algorithm,
      publicKey: signer.publicKey,
      sign: async (message) => {
        try {
          return await signer.sign(message);
        } catch (error) {
          if ((error as { readonly code?: unknown }).code === "ERR_REMOTE_SIGNER_KEY") {
            held = undefined;
            await close();
          }
          throw error;
        }
      },
    };
    return { identity: { certificate, chain, signer: forgetting }, close };
  };
  return {
    identity: async () => (held ??= await open()).identity,
    close: async () => {
      await held?.close();
      held = undefined;
    },
  };
}

/**
 * Opens a key that somebody else holds.
 *
 * Secret: the token of a bridge goes to the bridge.
 *
 * @throws {UsageError} the place is none
 * @throws {RemoteSignerError}, {KeystoreError} when its holder does not answer, or has no such key
 * @throws {IdentityError} for the certificate of another key
 */
export async function remoteKeySigner(host: Host, values: FlagValues, named: NamedRemoteKey): Promise<OpenRemoteKey> {
  const place = remoteKeyPlace(host, named.key);
  const given = named.certificate === undefined ? undefined : certificatesOf(host, named.certificate);
  const { signer, close } = await holderOf(host, values, place, given, named.algorithm);
  try {
    const said = given ?? (signer.certificates ?? []).map((der) => parseCertificate(der));
    if (said.length === 0) return { signer, certificates: [], close };
    const { certificate, chain } = await createIdentity({
      certificate: said,
      ...(named.intermediates === undefined ? {} : { chain: certificatesOf(host, named.intermediates) }),
      signer,
    });
    return { signer, certificates: [certificate, ...chain], close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Holder {
  readonly signer: Signer & Partial<Pick<RemoteSigner, "certificates">>;
  close(): Promise<void>;
}

type Wanted = NamedRemoteKey["algorithm"];

async function holderOf(
  host: Host,
  values: FlagValues,
  place: RemoteKeyPlace,
  given: readonly Certificate[] | undefined,
  wanted: Wanted,
): Promise<Holder> {
  const { sleep } = host;
  switch (place.kind) {
    case "unix-socket": {
      const { unixSocketFetch } = await import("../../hsm-bridge/remote/unix-socket-fetch.ts");
      return await bridgeHolder(host, values, "http://localhost", unixSocketFetch(place.path), place.path, wanted);
    }
    case "https":
      return await bridgeHolder(host, values, place.endpoint, bridgeClient(host, values), place.endpoint, wanted);
    case "exec": {
      const { execSigner } = await import("../../hsm-bridge/remote/exec-signer.ts");
      const signer = await execSigner({ command: place.command, sleep, crypto: host.crypto() });
      try {
        requireAlgorithm(`the program ${place.command[0]}`, signer, wanted);
        return { signer, close: () => signer.close() };
      } catch (error) {
        await signer.close();
        throw error;
      }
    }
    case "ssh-agent":
      return { signer: await agentSigner(host, place.path, given, wanted), close: nothingToClose };
    case "keyring": {
      const { keyringSigner } = await import("../../hsm-bridge/os-keystore/keyring-signer.ts");
      const publicKey = requireCertificate(given)[0]!.spki;
      const signer = await keyringSigner({ key: place.key, publicKey, crypto: host.crypto(), algorithm: wanted });
      return { signer, close: () => signer.close() };
    }
  }
}

/** Secret: the token, which is read before every request. */
async function bridgeHolder(
  host: Host,
  values: FlagValues,
  endpoint: string,
  fetch: Fetch,
  name: string,
  wanted: Wanted,
): Promise<Holder> {
  const token = (): string => hiddenSecret(host, values, "bridge-token")!;
  const hasToken = hiddenFlags("bridge-token").some((name) => values.mentioned.has(name));
  const signer = await remoteSigner({
    endpoint,
    name,
    ...(hasToken ? { token } : {}),
    fetch,
    sleep: host.sleep,
    crypto: host.crypto(),
  });
  requireAlgorithm(name, signer, wanted);
  return { signer, close: nothingToClose };
}

/** A client for a server of this machine: no proxy is between. Its CA is read at once, so that what is wrong with it is said. */
function bridgeClient(host: Host, values: FlagValues): Fetch {
  const path = values.text("bridge-ca");
  const options = path === undefined
    ? httpOptions(host, "verify", "none")
    : { serverCertificate: "verify" as const, caBundle: () => authoritiesOf(host, path) };
  const pem = options.caBundle?.();
  return host.httpClient({ ...options, ...(pem === undefined ? {} : { caBundle: () => pem }) });
}

function authoritiesOf(host: Host, path: string): string {
  const pem = decodeLatin1(host.readFile(path, MAX_CA_LENGTH));
  // An empty bundle would make runtimes fall back to the system's store.
  if (!pem.includes("-----BEGIN CERTIFICATE-----")) throw unusable(path, "it holds no PEM certificate");
  return pem;
}

/** The signer of the first of the certificates whose key the agent holds. */
async function agentSigner(
  host: Host,
  socketPath: string,
  given: readonly Certificate[] | undefined,
  wanted: Wanted,
): Promise<Signer> {
  const certificates = requireCertificate(given);
  const { listSshAgentKeys, sshAgentSigner } = await import("../../hsm-bridge/remote/ssh-agent-signer.ts");
  const { sleep } = host;
  let publicKey: Bytes = certificates[0]!.spki;
  if (certificates.length > 1) {
    const keys = await listSshAgentKeys({ socketPath, sleep });
    const isHeld = (certificate: Certificate) =>
      keys.some((key) => samePublicKey(key.publicKey, certificate.publicKey));
    publicKey = certificates.find(isHeld)?.spki ?? publicKey;
  }
  const algorithm = wanted?.(parseSubjectPublicKeyInfo(publicKey));
  return await sshAgentSigner({
    socketPath,
    publicKey,
    sleep,
    crypto: host.crypto(),
    ...(algorithm === undefined ? {} : { algorithm }),
  });
}

function requireCertificate(given: readonly Certificate[] | undefined): readonly Certificate[] {
  if (given !== undefined) return given;
  throw new IdentityFlagError(
    "ERR_IDENTITY_NOT_GIVEN",
    "Cannot use the private key: it is known by its certificate, and none is given; pass --certificate",
  );
}

/** A holder has decided what its key signs with. */
function requireAlgorithm(name: string, { algorithm, publicKey }: Signer, wanted: Wanted): void {
  const asked = wanted?.(parseSubjectPublicKeyInfo(publicKey));
  if (asked === undefined || asked.oid === algorithm.oid) return;
  const state = `the key there signs ${algorithm.name}, and ${asked.name} is asked for`;
  throw new RemoteSignerError("ERR_REMOTE_SIGNER_ALGORITHM", name, state);
}

const nothingToClose = (): Promise<void> => Promise.resolve();

/** A CA bundle may be this long, in octets. */
const MAX_CA_LENGTH = 4_194_304;
