/**
 * The functions of a module by its function list (`CK_FUNCTION_LIST`, PKCS#11 v3.1 §3.7): a version, then one pointer a
 * function, in the order of the standard. Modules need not export anything but `C_GetFunctionList`.
 *
 * @module
 */

import type { CType, ForeignFunction, ForeignFunctions } from "../ffi/foreign-functions.ts";
import { layOut, ulongType } from "../memory/c-layout.ts";

/** A function that is called. */
export type FunctionName =
  | "C_Initialize"
  | "C_Finalize"
  | "C_GetInfo"
  | "C_GetSlotList"
  | "C_GetSlotInfo"
  | "C_GetTokenInfo"
  | "C_GetMechanismList"
  | "C_OpenSession"
  | "C_CloseSession"
  | "C_GetSessionInfo"
  | "C_Login"
  | "C_Logout"
  | "C_CreateObject"
  | "C_DestroyObject"
  | "C_GetAttributeValue"
  | "C_SetAttributeValue"
  | "C_FindObjectsInit"
  | "C_FindObjects"
  | "C_FindObjectsFinal"
  | "C_SignInit"
  | "C_Sign"
  | "C_GenerateKeyPair";

/** A parameter in the standard's types: `CK_ULONG`, an address, `CK_BBOOL`. */
export type FunctionParameter = "ulong" | "pointer" | "u8";

/** The functions that are called: their place in the list (`pkcs11f.h`) and their parameters. */
export const FUNCTIONS: Readonly<
  Record<FunctionName, { readonly index: number; readonly parameters: readonly FunctionParameter[] }>
> = {
  C_Initialize: { index: 0, parameters: ["pointer"] },
  C_Finalize: { index: 1, parameters: ["pointer"] },
  C_GetInfo: { index: 2, parameters: ["pointer"] },
  C_GetSlotList: { index: 4, parameters: ["u8", "pointer", "pointer"] },
  C_GetSlotInfo: { index: 5, parameters: ["ulong", "pointer"] },
  C_GetTokenInfo: { index: 6, parameters: ["ulong", "pointer"] },
  C_GetMechanismList: { index: 7, parameters: ["ulong", "pointer", "pointer"] },
  C_OpenSession: { index: 12, parameters: ["ulong", "ulong", "pointer", "pointer", "pointer"] },
  C_CloseSession: { index: 13, parameters: ["ulong"] },
  C_GetSessionInfo: { index: 15, parameters: ["ulong", "pointer"] },
  C_Login: { index: 18, parameters: ["ulong", "ulong", "pointer", "ulong"] },
  C_Logout: { index: 19, parameters: ["ulong"] },
  C_CreateObject: { index: 20, parameters: ["ulong", "pointer", "ulong", "pointer"] },
  C_DestroyObject: { index: 22, parameters: ["ulong", "ulong"] },
  C_GetAttributeValue: { index: 24, parameters: ["ulong", "ulong", "pointer", "ulong"] },
  C_SetAttributeValue: { index: 25, parameters: ["ulong", "ulong", "pointer", "ulong"] },
  C_FindObjectsInit: { index: 26, parameters: ["ulong", "pointer", "ulong"] },
  C_FindObjects: { index: 27, parameters: ["ulong", "pointer", "ulong", "pointer"] },
  C_FindObjectsFinal: { index: 28, parameters: ["ulong"] },
  C_SignInit: { index: 42, parameters: ["ulong", "pointer", "ulong"] },
  C_Sign: { index: 43, parameters: ["ulong", "pointer", "ulong", "pointer", "pointer"] },
  C_GenerateKeyPair: {
    index: 59,
    parameters: ["ulong", "pointer", "pointer", "ulong", "pointer", "ulong", "pointer", "pointer"],
  },
};

/** Functions in the list of Cryptoki 2.x, which is how the lists of all later ones begin. */
const FUNCTION_COUNT = 68;

/** A function list, read. */
export class FunctionList {
  readonly #foreign: ForeignFunctions;
  readonly #pointers: DataView;
  readonly #functions = new Map<FunctionName, ForeignFunction>();
  /** The version of Cryptoki that the list is of: 2 or 3. */
  readonly majorVersion: number;

  /**
   * Reads a function list.
   *
   * @param address what `C_GetFunctionList` has answered
   */
  constructor(foreign: ForeignFunctions, address: bigint) {
    const { offsets } = layOut(foreign.platform, { version: "version", functions: "pointer" });
    const octets = foreign.read(address, offsets.functions + 8 * FUNCTION_COUNT);
    this.#foreign = foreign;
    this.majorVersion = octets[0]!;
    this.#pointers = new DataView(octets.buffer, offsets.functions);
  }

  /** A function; undefined when the module does not have it: its entry is NULL. */
  function(name: FunctionName): ForeignFunction | undefined {
    const known = this.#functions.get(name);
    if (known !== undefined) return known;
    const address = this.#pointers.getBigUint64(8 * FUNCTIONS[name].index, true);
    if (address === 0n) return undefined;
    const ulong = ulongType(this.#foreign.platform);
    const parameters: CType[] = FUNCTIONS[name].parameters.map((type) => type === "ulong" ? ulong : type);
    const result = ulong === "u32" ? "u32" : "u64";
    const found = this.#foreign.functionAt(address, { parameters, result }, name);
    this.#functions.set(name, found);
    return found;
  }
}
