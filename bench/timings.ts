/**
 * How many operations topic `timing-leak` times of each kind, both classes together.
 *
 * @module
 */

/** By kind. */
export const TIMINGS = {
  comparison: 20_000,
  power: 4000,
  rsa: 600,
  ecdsa: 3000,
  mlDsa: 1200,
  aesGcm: 6000,
} as const;

/** What the names of controls begin with. */
export const LEAK_CONTROL = "control: ";

/** The control that does not leak. */
export const INNOCENT_CONTROL: string = `${LEAK_CONTROL}constantTimeEqual() of one class with itself`;
