/**
 * Cryptoki over a module that is loaded and initialised.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import type { Awaitable } from "../../core/crypto/signer.ts";
import { HsmError } from "../hsm-error.ts";
import type { AttributeSet, Template } from "./attributes.ts";
import type { Cryptoki, KeyPairHandles, Mechanism, ModuleInfo, SessionInfo, SlotInfo, TokenInfo } from "./cryptoki.ts";
import type { FunctionName } from "./function-list.ts";
import { type ModuleCaller, type ModuleSteps, oneCall } from "./module-calls.ts";
import { createObject, findObjects, generateKeyPair, getAttributes, setAttributes } from "./object-calls.ts";
import { CKR } from "./return-values.ts";
import { login, openSession, readList, readStructure, sign, signInit } from "./session-calls.ts";
import { type ModuleContext, readModuleInfo, readSessionInfo, readSlotInfo, readTokenInfo } from "./structures.ts";

/** A module as one of its holders sees it. */
export class ModuleCryptoki implements Cryptoki {
  readonly #context: ModuleContext;
  readonly #caller: ModuleCaller;
  readonly #release: () => void;
  readonly #underWay = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  /**
   * Makes it.
   *
   * @param release is called once, when nothing is under way any more
   */
  constructor(context: ModuleContext, caller: ModuleCaller, release: () => void) {
    this.#context = context;
    this.#caller = caller;
    this.#release = release;
  }

  /** The path or bare name that it was opened by. */
  get path(): string {
    return this.#context.path;
  }

  /** `C_GetInfo`. */
  getInfo(): Awaitable<ModuleInfo> {
    const { size } = this.#context.structures.info;
    return this.#run(readStructure(this.#context, "C_GetInfo", [], size, readModuleInfo));
  }

  /** `C_GetSlotList`. */
  getSlotList(tokenPresent: boolean): Awaitable<bigint[]> {
    return this.#run(readList(this.#context, "C_GetSlotList", [tokenPresent ? 1 : 0]));
  }

  /** `C_GetSlotInfo`. */
  getSlotInfo(slot: bigint): Awaitable<SlotInfo> {
    const { size } = this.#context.structures.slotInfo;
    return this.#run(readStructure(this.#context, "C_GetSlotInfo", [slot], size, readSlotInfo));
  }

  /** `C_GetTokenInfo`. */
  getTokenInfo(slot: bigint): Awaitable<TokenInfo> {
    const { size } = this.#context.structures.tokenInfo;
    return this.#run(readStructure(this.#context, "C_GetTokenInfo", [slot], size, readTokenInfo));
  }

  /** `C_GetMechanismList`. */
  getMechanismList(slot: bigint): Awaitable<number[]> {
    return this.#run(numbers(readList(this.#context, "C_GetMechanismList", [slot])));
  }

  /** `C_OpenSession`. */
  openSession(slot: bigint, access: "read-only" | "read-write"): Awaitable<bigint> {
    return this.#run(openSession(this.#context, slot, access));
  }

  /** `C_CloseSession`. */
  closeSession(session: bigint): Awaitable<void> {
    return this.#call("C_CloseSession", [session]);
  }

  /** `C_GetSessionInfo`. */
  getSessionInfo(session: bigint): Awaitable<SessionInfo> {
    const { size } = this.#context.structures.sessionInfo;
    return this.#run(readStructure(this.#context, "C_GetSessionInfo", [session], size, readSessionInfo));
  }

  /** `C_Login`. Secret: overwrites the copy of the PIN that the module reads. */
  login(session: bigint, userType: number, pin: Bytes | undefined): Awaitable<void> {
    return this.#run(login(this.#context, session, userType, pin));
  }

  /** `C_Logout`. */
  logout(session: bigint): Awaitable<void> {
    return this.#call("C_Logout", [session], [CKR.USER_NOT_LOGGED_IN]);
  }

  /** `C_FindObjects` and what goes around it. */
  findObjects(session: bigint, template: Template): Awaitable<bigint[]> {
    return this.#run(findObjects(this.#context, session, template));
  }

  /** `C_GetAttributeValue`. */
  getAttributes(session: bigint, object: bigint, types: readonly number[]): Awaitable<AttributeSet> {
    return this.#run(getAttributes(this.#context, session, object, types));
  }

  /** `C_SetAttributeValue`. */
  setAttributes(session: bigint, object: bigint, template: Template): Awaitable<void> {
    return this.#run(setAttributes(this.#context, session, object, template));
  }

  /** `C_SignInit`. */
  signInit(session: bigint, mechanism: Mechanism, key: bigint): Awaitable<void> {
    return this.#run(signInit(this.#context, session, mechanism, key));
  }

  /** `C_Sign`. */
  sign(session: bigint, data: Bytes): Awaitable<Bytes> {
    return this.#run(sign(this.#context, session, data));
  }

  /** `C_GenerateKeyPair`. */
  generateKeyPair(
    session: bigint,
    mechanism: Mechanism,
    publicTemplate: Template,
    privateTemplate: Template,
  ): Awaitable<KeyPairHandles> {
    return this.#run(generateKeyPair(this.#context, session, mechanism, publicTemplate, privateTemplate));
  }

  /** `C_CreateObject`. */
  createObject(session: bigint, template: Template): Awaitable<bigint> {
    return this.#run(createObject(this.#context, session, template));
  }

  /** `C_DestroyObject`. */
  destroyObject(session: bigint, object: bigint): Awaitable<void> {
    return this.#call("C_DestroyObject", [session, object]);
  }

  /** Gives the module back when what is under way has ended. */
  close(): Promise<void> {
    return this.#closing ??= this.#end();
  }

  async #end(): Promise<void> {
    await Promise.allSettled(this.#underWay);
    this.#release();
  }

  #call(name: FunctionName, args: readonly bigint[], alsoSuccess: readonly number[] = []): Awaitable<void> {
    return this.#run(oneCall(this.#context.path, name, args, alsoSuccess));
  }

  #run<Result>(steps: ModuleSteps<Result>): Awaitable<Result> {
    if (this.#closing !== undefined) {
      throw new HsmError("ERR_HSM_CLOSED", `Cannot use ${this.path}: it was closed`, { module: this.path });
    }
    const result = this.#caller.run(steps);
    if (!(result instanceof Promise)) return result;
    const ended = (): void => void this.#underWay.delete(result);
    this.#underWay.add(result);
    result.then(ended, ended);
    return result;
  }
}

function* numbers(steps: ModuleSteps<bigint[]>): ModuleSteps<number[]> {
  return (yield* steps).map(Number);
}
