/**
 * Hostile octets made of good ones: the same seed makes the same sequence.
 *
 * @module
 */

/** Octets as the parsers take them. */
export type Octets = Uint8Array<ArrayBuffer>;

/** A source of numbers that a seed determines; nothing secret depends on it. */
export class Dice {
  #state: number;

  /** @param seed a 32-bit number; @param label makes sequences of one seed differ */
  constructor(seed: number, label: string) {
    let state = seed >>> 0;
    // FNV-1a.
    for (let i = 0; i < label.length; i++) state = Math.imul(state ^ label.charCodeAt(i), 0x01000193) >>> 0;
    this.#state = state;
  }

  /** 0 to `below` - 1. */
  roll(below: number): number {
    // mulberry32
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % Math.max(1, below);
  }

  /** One of them. */
  pick<T>(list: readonly T[]): T {
    return list[this.roll(list.length)]!;
  }
}

/** What inputs are made of. */
export interface Material {
  /** Good inputs, at least one. */
  readonly seeds: readonly Octets[];
  /** Pieces that mean something to the parser. */
  readonly tokens: readonly Octets[];
}

/** No input is longer. */
export const MAX_INPUT = 65_536;

/** One input: a seed after a few accidents. */
export function mutate({ seeds, tokens }: Material, dice: Dice): Octets {
  let octets = dice.pick(seeds);
  for (let times = 1 + dice.roll(dice.pick([1, 2, 4, 16])); times > 0; times--) {
    octets = dice.pick(ACCIDENTS)(octets, dice, { seeds, tokens });
    if (octets.length > MAX_INPUT) octets = octets.slice(0, MAX_INPUT);
  }
  return octets;
}

type Accident = (octets: Octets, dice: Dice, material: Material) => Octets;

const flipBit: Accident = (octets, dice) => withOctet(octets, dice, (old) => old ^ (1 << dice.roll(8)));

const setOctet: Accident = (octets, dice) => withOctet(octets, dice, () => dice.pick(INTERESTING));

const countUp: Accident = (octets, dice) => withOctet(octets, dice, (old) => old + dice.pick([1, -1, 16, -16]));

/** The octet behind what looks like an identifier is a length. */
const spoilLength: Accident = (octets, dice) => {
  const start = dice.roll(octets.length);
  for (let i = start; i + 1 < Math.min(octets.length, start + 64); i++) {
    if (!TAGS.includes(octets[i]!)) continue;
    const copy = octets.slice();
    copy[i + 1] = dice.pick([0, 1, 0x7f, 0x80, 0x81, 0x82, 0x84, 0x88, 0xff, copy[i + 1]! + 1, copy[i + 1]! - 1]);
    return copy;
  }
  return octets;
};

const remove: Accident = (octets, dice) => {
  const [from, to] = range(octets, dice);
  return splice(octets, from, to);
};

const truncate: Accident = (octets, dice) => octets.slice(0, dice.roll(octets.length));

const repeat: Accident = (octets, dice) => {
  const [from, to] = range(octets, dice);
  const piece = octets.subarray(from, to);
  return splice(octets, to, to, ...Array.from({ length: 1 + dice.roll(dice.pick([2, 8, 64])) }, () => piece));
};

const move: Accident = (octets, dice) => {
  const [from, to] = range(octets, dice);
  const at = dice.roll(octets.length);
  return splice(octets, at, at, octets.subarray(from, to));
};

const insertToken: Accident = (octets, dice, { tokens }) => {
  const at = dice.roll(octets.length + 1);
  const token = tokens.length > 0 ? dice.pick(tokens) : Uint8Array.of(dice.pick(INTERESTING));
  return splice(octets, at, dice.roll(2) === 0 ? at : at + token.length, token);
};

const crossOver: Accident = (octets, dice, { seeds }) => {
  const other = dice.pick(seeds);
  const [from, to] = range(other, dice);
  const at = dice.roll(octets.length + 1);
  return splice(octets, at, at + dice.roll(to - from + 1), other.subarray(from, to));
};

/** Sequences around it, far more than any parser follows. */
const nest: Accident = (octets, dice) => {
  const levels = dice.pick([1, 8, 40, 3000]);
  const parts: Octets[] = [];
  let length = octets.length;
  for (let i = 0; i < levels && length < MAX_INPUT - 5; i++) {
    const header = length < 0x80
      ? Uint8Array.of(0x30, length)
      : length < 0x100
      ? Uint8Array.of(0x30, 0x81, length)
      : Uint8Array.of(0x30, 0x82, length >> 8, length & 0xff);
    parts.unshift(header);
    length += header.length;
  }
  return splice(octets, 0, 0, ...parts);
};

const ACCIDENTS: readonly Accident[] = [
  ...[flipBit, flipBit, setOctet, setOctet, countUp, spoilLength, spoilLength, remove, truncate],
  ...[repeat, move, insertToken, insertToken, crossOver, nest],
];

const INTERESTING = [0, 1, 2, 3, 4, 5, 6, 0x0a, 0x0c, 0x13, 0x16, 0x17, 0x18, 0x20, 0x22, 0x30, 0x31, 0x7f, 0x80, 0xff];

const TAGS = [1, 2, 3, 4, 5, 6, 0x0c, 0x13, 0x16, 0x17, 0x18, 0x30, 0x31, 0x80, 0x81, 0x82, 0xa0, 0xa1, 0xa2, 0xa3];

function withOctet(octets: Octets, dice: Dice, change: (old: number) => number): Octets {
  const copy = octets.slice();
  const at = dice.roll(copy.length);
  if (copy.length > 0) copy[at] = change(copy[at]!);
  return copy;
}

function range(octets: Octets, dice: Dice): readonly [from: number, to: number] {
  const from = dice.roll(octets.length);
  return [from, Math.min(octets.length, from + 1 + dice.roll(dice.pick([4, 32, 256])))];
}

function splice(octets: Octets, from: number, to: number, ...pieces: readonly Octets[]): Octets {
  const parts = [octets.subarray(0, from), ...pieces, octets.subarray(Math.min(to, octets.length))];
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
