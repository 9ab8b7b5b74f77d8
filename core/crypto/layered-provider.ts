/**
 * Providers behind one another: what the first cannot do, the next one does.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { equalBytes } from "../bytes/bytes.ts";
import { CryptoError, unsupported } from "./crypto-error.ts";
import { invalidKey } from "./key-fit.ts";
import { mlDsaPrivateKey, type PrivateKey } from "./private-key.ts";
import type { CryptoProvider, PlatformKey } from "./provider.ts";
import type { PublicKey } from "./public-key.ts";
import type { SignatureAlgorithm } from "./signature-algorithm.ts";
import type { Awaitable, Signer } from "./signer.ts";

/**
 * Puts providers in a row. Each operation goes to the first; when that answers `ERR_CRYPTO_UNSUPPORTED`, to the next.
 * Every other error is final. An operation stays synchronous as long as the providers asked are.
 *
 * An ML-DSA key that carries both its seed and its expanded form is signed with by the first provider that takes
 * seeds, once any of them has found that the two forms belong together.
 *
 * Secret: keys and passwords go to every provider that is asked; none is kept.
 *
 * @param providers in order of preference, at least one
 */
export function layeredProvider(providers: readonly CryptoProvider[]): CryptoProvider {
  const first = providers[0];
  if (first === undefined) throw new TypeError(`"providers" is empty`);

  function ask<T>(call: (provider: CryptoProvider) => Awaitable<T>, from = 0): Awaitable<T> {
    const last = from === providers.length - 1;
    const next = (error: unknown): Awaitable<T> => {
      if (last || !isUnsupported(error)) throw error;
      return ask(call, from + 1);
    };
    try {
      const answer = call(providers[from]!);
      return answer instanceof Promise && !last ? answer.catch(next) : answer;
    } catch (error) {
      return next(error);
    }
  }

  function importPrivateKey(key: PrivateKey, algorithm: SignatureAlgorithm): Awaitable<Signer> {
    const importAs = (form: PrivateKey): Awaitable<Signer> =>
      ask((provider) => provider.importPrivateKey(form, algorithm));
    if (key.type !== "ml-dsa" || key.seed === undefined || key.expanded === undefined) return importAs(key);
    const seedAlone = mlDsaPrivateKey({ parameterSet: key.parameterSet, seed: key.seed });
    return then(importAs(key), (checked) =>
      then(importAs(seedAlone), (signer) => {
        if (equalBytes(signer.publicKey, checked.publicKey)) return signer;
        throw invalidKey(algorithm, "its seed and its expanded form have different public keys");
      }));
  }

  return {
    name: first.name,
    digest: (hash, data) => ask((provider) => provider.digest(hash, data)),
    importPrivateKey,
    importPlatformKey: (key: PlatformKey, publicKey: PublicKey, algorithm: SignatureAlgorithm) =>
      ask((provider) => {
        if (provider.importPlatformKey !== undefined) return provider.importPlatformKey(key, publicKey, algorithm);
        throw noPlatformKeys(provider.name);
      }),
    importPublicKey: (key, algorithm) => ask((provider) => provider.importPublicKey(key, algorithm)),
    importStreamVerifier: (key, algorithm) =>
      ask((provider) => {
        if (provider.importStreamVerifier !== undefined) return provider.importStreamVerifier(key, algorithm);
        throw noStreams(provider.name, algorithm);
      }),
    generatePrivateKey: (specification) => ask((provider) => provider.generatePrivateKey(specification)),
    deriveKey: (derivation, password) => ask((provider) => provider.deriveKey(derivation, password)),
    decipher: (cipher, key, data) => ask((provider) => provider.decipher(cipher, key, data)),
    seal: (key, iv, plaintext, additionalData) => ask((provider) => provider.seal(key, iv, plaintext, additionalData)),
    random: (length) => ask((provider) => provider.random(length)) as Bytes,
  };
}

/**
 * A provider that is loaded when it is first asked for something, and loaded again if that failed. `random` cannot
 * wait for it and is unsupported.
 *
 * Secret: keys and passwords are handed on and not kept.
 *
 * @param name for messages, the same that the loaded provider has
 * @param load usually an `import()`
 */
export function lazyProvider(name: string, load: () => Promise<CryptoProvider>): CryptoProvider {
  let loading: Promise<CryptoProvider> | undefined;

  function loaded(): Promise<CryptoProvider> {
    if (loading === undefined) {
      loading = load();
      loading.catch(() => loading = undefined);
    }
    return loading;
  }

  return {
    name,
    digest: async (hash, data) => (await loaded()).digest(hash, data),
    importPrivateKey: async (key, algorithm) => (await loaded()).importPrivateKey(key, algorithm),
    importPublicKey: async (key, algorithm) => (await loaded()).importPublicKey(key, algorithm),
    importStreamVerifier: async (key, algorithm) => {
      const provider = await loaded();
      if (provider.importStreamVerifier !== undefined) return provider.importStreamVerifier(key, algorithm);
      throw noStreams(name, algorithm);
    },
    generatePrivateKey: async (specification) => (await loaded()).generatePrivateKey(specification),
    deriveKey: async (derivation, password) => (await loaded()).deriveKey(derivation, password),
    decipher: async (cipher, key, data) => (await loaded()).decipher(cipher, key, data),
    seal: async (key, iv, plaintext, additionalData) => (await loaded()).seal(key, iv, plaintext, additionalData),
    random: () => {
      throw new CryptoError(
        "ERR_CRYPTO_UNSUPPORTED",
        "random",
        `Cannot do random: the ${name} provider is loaded asynchronously; draw octets from the one before it`,
      );
    },
  };
}

function isUnsupported(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === "ERR_CRYPTO_UNSUPPORTED";
}

function then<From, To>(value: Awaitable<From>, next: (value: From) => Awaitable<To>): Awaitable<To> {
  return value instanceof Promise ? value.then(next) : next(value);
}

function noPlatformKeys(name: string): CryptoError {
  return new CryptoError(
    "ERR_CRYPTO_UNSUPPORTED",
    "CryptoKey import",
    `Cannot do CryptoKey import: the ${name} provider has no such keys; use the WebCrypto provider`,
  );
}

function noStreams(name: string, algorithm: SignatureAlgorithm): CryptoError {
  return unsupported(name, `${algorithm.name} verify in pieces`, "put the provider of anyrole/portable behind it");
}
