/**
 * Figures of the credential endpoints in the text format of Prometheus. Their number is bounded: labels are routes,
 * statuses and the roles of this process, never what a request says.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 * @module
 */

/** Routes that are counted. */
export type EndpointRoute =
  | "token"
  | "role"
  | "credentials"
  | "metadata"
  | "container"
  | "healthz"
  | "metrics"
  | "refused"
  | "other";

/** What is known of one role. */
interface RoleFigures {
  sessions: number;
  failures: number;
  /** Milliseconds since the epoch; 0: never. */
  certificateEndsAtMs: number;
}

/** Figures that are read when they are asked for. */
export interface CurrentFigures {
  readonly version: string;
  readonly runtime: string;
  /** By role: when the credentials end, in milliseconds since the epoch; 0: there are none. */
  readonly expirations: ReadonlyMap<string, number>;
  readonly tokens: number;
  readonly evictedTokens: number;
}

/** Counts. Public: holds no secret. */
export class EndpointMetrics {
  readonly #requests = new Map<EndpointRoute, Map<number, number>>();
  readonly #roles = new Map<string, RoleFigures>();

  /** A request was answered. */
  request(route: EndpointRoute, status: number): void {
    let statuses = this.#requests.get(route);
    if (statuses === undefined) this.#requests.set(route, statuses = new Map());
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }

  /** A session was made, with a certificate that ends then. */
  session(role: string, certificateEndsAtMs: number): void {
    const figures = this.#role(role);
    figures.sessions++;
    figures.certificateEndsAtMs = certificateEndsAtMs;
  }

  /** No session was made. */
  failure(role: string): void {
    this.#role(role).failures++;
  }

  /** The page. */
  text(current: CurrentFigures): string {
    const { version, runtime, expirations, tokens, evictedTokens } = current;
    const roles = [...expirations.keys()].map((name) => ({ label: { role: name }, figures: this.#role(name), name }));
    const requests = [...this.#requests].flatMap(([route, statuses]) =>
      [...statuses].map(([status, count]) => sample({ route, status: String(status) }, count))
    );
    const perRole = (value: (role: (typeof roles)[number]) => number) =>
      roles.map((role) => sample(role.label, value(role)));
    return [
      family("anyrole_build_info", "gauge", "Version and runtime.", [sample({ version, runtime }, 1)]),
      family("anyrole_requests_total", "counter", "Requests answered.", requests),
      family("anyrole_sessions_total", "counter", "Sessions made.", perRole(({ figures }) => figures.sessions)),
      family(
        "anyrole_session_failures_total",
        "counter",
        "Sessions that could not be made.",
        perRole(({ figures }) => figures.failures),
      ),
      family(
        "anyrole_credentials_expiration_timestamp_seconds",
        "gauge",
        "When the credentials end; 0: there are none.",
        perRole(({ name }) => Math.floor((expirations.get(name) ?? 0) / 1000)),
      ),
      family(
        "anyrole_certificate_expiration_timestamp_seconds",
        "gauge",
        "When the certificate of the last session ends; 0: there was none.",
        perRole(({ figures }) => Math.floor(figures.certificateEndsAtMs / 1000)),
      ),
      family("anyrole_metadata_tokens", "gauge", "Tokens of IMDSv2 that are held.", [sample({}, tokens)]),
      family(
        "anyrole_metadata_tokens_evicted_total",
        "counter",
        "Tokens of IMDSv2 that had to go before their time.",
        [sample({}, evictedTokens)],
      ),
    ].join("");
  }

  #role(name: string): RoleFigures {
    let figures = this.#roles.get(name);
    if (figures === undefined) {
      this.#roles.set(name, figures = { sessions: 0, failures: 0, certificateEndsAtMs: 0 });
    }
    return figures;
  }
}

type Sample = readonly [labels: string, value: number];

function sample(labels: Readonly<Record<string, string>>, value: number): Sample {
  const text = Object.entries(labels).map(([name, each]) => `${name}="${each.replace(/[\\"\n]/g, "_")}"`).join(",");
  return [text === "" ? "" : `{${text}}`, value];
}

function family(name: string, type: string, help: string, samples: readonly Sample[]): string {
  const lines = samples.map(([labels, value]) => `${name}${labels} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}
