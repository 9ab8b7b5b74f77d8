/**
 * How long a session lasts.
 *
 * @module
 */

/** Seconds that a session lasts: the profile's limit, or less if the client asks for less. */
export function sessionDurationSeconds(profileSeconds: number, requestedSeconds: number | undefined): number {
  return requestedSeconds === undefined ? profileSeconds : Math.min(profileSeconds, requestedSeconds);
}

/** End of a session that begins now, as credentials carry it: UTC, whole seconds (`2026-06-01T13:00:00Z`). */
export function sessionExpiration(nowMs: number, durationSeconds: number): string {
  return `${new Date((Math.floor(nowMs / 1000) + durationSeconds) * 1000).toISOString().slice(0, 19)}Z`;
}
