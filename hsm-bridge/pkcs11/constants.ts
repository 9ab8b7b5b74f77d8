/**
 * Numbers of PKCS#11 v3.1 and v3.2 (header `pkcs11t.h`) that the bridge uses, by the standard's names.
 *
 * @module
 */

/** Object classes. */
export const CKO = {
  DATA: 0x0,
  CERTIFICATE: 0x1,
  PUBLIC_KEY: 0x2,
  PRIVATE_KEY: 0x3,
  SECRET_KEY: 0x4,
} as const;

/** Key types. */
export const CKK = {
  RSA: 0x0,
  EC: 0x3,
  EC_EDWARDS: 0x40,
  ML_DSA: 0x4a,
} as const;

/** Certificate types. */
export const CKC = {
  X_509: 0x0,
} as const;

/** Parameter sets of ML-DSA: values of `CKA.PARAMETER_SET`. */
export const CKP = {
  ML_DSA_44: 0x1,
  ML_DSA_65: 0x2,
  ML_DSA_87: 0x3,
} as const;

/** Attribute types. */
export const CKA = {
  CLASS: 0x0,
  TOKEN: 0x1,
  PRIVATE: 0x2,
  LABEL: 0x3,
  UNIQUE_ID: 0x4,
  VALUE: 0x11,
  CERTIFICATE_TYPE: 0x80,
  ISSUER: 0x81,
  SERIAL_NUMBER: 0x82,
  TRUSTED: 0x86,
  CERTIFICATE_CATEGORY: 0x87,
  KEY_TYPE: 0x100,
  SUBJECT: 0x101,
  ID: 0x102,
  SENSITIVE: 0x103,
  ENCRYPT: 0x104,
  DECRYPT: 0x105,
  WRAP: 0x106,
  UNWRAP: 0x107,
  SIGN: 0x108,
  VERIFY: 0x10a,
  DERIVE: 0x10c,
  MODULUS: 0x120,
  MODULUS_BITS: 0x121,
  PUBLIC_EXPONENT: 0x122,
  PRIVATE_EXPONENT: 0x123,
  PUBLIC_KEY_INFO: 0x129,
  EXTRACTABLE: 0x162,
  LOCAL: 0x163,
  NEVER_EXTRACTABLE: 0x164,
  ALWAYS_SENSITIVE: 0x165,
  MODIFIABLE: 0x170,
  COPYABLE: 0x171,
  DESTROYABLE: 0x172,
  EC_PARAMS: 0x180,
  EC_POINT: 0x181,
  ALWAYS_AUTHENTICATE: 0x202,
  ALLOWED_MECHANISMS: 0x40000600,
  PARAMETER_SET: 0x61d,
} as const;

/** Mechanisms. */
export const CKM = {
  RSA_PKCS_KEY_PAIR_GEN: 0x0,
  RSA_PKCS: 0x1,
  ML_DSA_KEY_PAIR_GEN: 0x1c,
  ML_DSA: 0x1d,
  SHA256_RSA_PKCS: 0x40,
  SHA384_RSA_PKCS: 0x41,
  SHA512_RSA_PKCS: 0x42,
  EC_KEY_PAIR_GEN: 0x1040,
  ECDSA: 0x1041,
  ECDSA_SHA256: 0x1044,
  ECDSA_SHA384: 0x1045,
  ECDSA_SHA512: 0x1046,
} as const;

/** User types. */
export const CKU = {
  SO: 0,
  USER: 1,
  CONTEXT_SPECIFIC: 2,
} as const;

/** States of a session. */
export const CKS = {
  RO_PUBLIC_SESSION: 0,
  RO_USER_FUNCTIONS: 1,
  RW_PUBLIC_SESSION: 2,
  RW_USER_FUNCTIONS: 3,
  RW_SO_FUNCTIONS: 4,
} as const;

/** Flags of slots (`CK_SLOT_INFO`). */
export const CKF_SLOT = {
  TOKEN_PRESENT: 0x1,
  REMOVABLE_DEVICE: 0x2,
  HW_SLOT: 0x4,
} as const;

/** Flags of tokens (`CK_TOKEN_INFO`). */
export const CKF_TOKEN = {
  RNG: 0x1,
  WRITE_PROTECTED: 0x2,
  LOGIN_REQUIRED: 0x4,
  USER_PIN_INITIALIZED: 0x8,
  PROTECTED_AUTHENTICATION_PATH: 0x100,
  TOKEN_INITIALIZED: 0x400,
  USER_PIN_COUNT_LOW: 0x10000,
  USER_PIN_FINAL_TRY: 0x20000,
  USER_PIN_LOCKED: 0x40000,
  USER_PIN_TO_BE_CHANGED: 0x80000,
} as const;

/** Flags of sessions (`C_OpenSession`, `CK_SESSION_INFO`). */
export const CKF_SESSION = {
  RW_SESSION: 0x2,
  SERIAL_SESSION: 0x4,
} as const;

/** Flags of `C_Initialize`. */
export const CKF_INITIALIZE = {
  OS_LOCKING_OK: 0x2,
} as const;
