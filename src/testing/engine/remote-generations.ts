import type { NetworkHost } from '../network/network-host.js';
import type { RemoteCandidate } from './candidate-pair.js';
import type { CandidateFields } from './ice-candidate.js';
import type { Credentials } from './peer-state.js';

/** What is known of one generation of the peer. */
export interface RemoteGeneration {
  readonly credentials: Credentials;
  readonly candidates: RemoteCandidate[];
  /** The end of candidates was told. */
  ended: boolean;
}

/** The generations of the peer, by ufrag. */
export class RemoteGenerations {
  readonly #host: NetworkHost;
  readonly #byUfrag = new Map<string, RemoteGeneration>();
  #count = 0;

  constructor(host: NetworkHost) {
    this.#host = host;
  }

  get(ufrag: string): RemoteGeneration | undefined {
    return this.#byUfrag.get(ufrag);
  }

  /** A remote description with these credentials is set. */
  learn(credentials: Credentials): void {
    if (!this.#byUfrag.has(credentials.ufrag))
      this.#byUfrag.set(credentials.ufrag, { credentials, candidates: [], ended: false });
  }

  /** Returns whether it is new and of use. */
  add(ufrag: string, fields: CandidateFields): boolean {
    const generation = this.#byUfrag.get(ufrag);
    if (!generation || fields.protocol !== 'udp') return false;
    // RFC 8828: a name that nobody here knows makes no pair, and no error.
    const address = fields.address.endsWith('.local') ? this.#host.mdnsResolve(fields.address) : fields.address;
    if (address === null) return false;
    const known = generation.candidates.findIndex(
      ({ endpoint }) => endpoint.address === address && endpoint.port === fields.port,
    );
    // What the peer's packets told already gets its real name now.
    if (known >= 0 && generation.candidates[known]?.fields.type !== 'prflx') return false;
    this.#count += 1;
    const candidate: RemoteCandidate = { id: `R${ufrag}${this.#count}`, fields, endpoint: { address, port: fields.port } };
    if (known >= 0) generation.candidates[known] = candidate;
    else generation.candidates.push(candidate);
    return true;
  }

  end(ufrag: string): void {
    const generation = this.#byUfrag.get(ufrag);
    if (generation) generation.ended = true;
  }
}
