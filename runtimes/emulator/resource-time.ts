/**
 * Times of resources as the service prints them.
 *
 * @module
 */

/** ISO 8601 in UTC with microseconds: `2026-06-01T12:00:00.129000Z`. */
export function resourceTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, -1)}000Z`;
}
