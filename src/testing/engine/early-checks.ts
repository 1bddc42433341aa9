import { type Endpoint, sameEndpoint } from '../network/network-host.js';
import type { IcePath } from './ice-path.js';

/** A check of the peer whose description is not here yet. */
interface EarlyCheck {
  readonly path: IcePath;
  readonly from: Endpoint;
  readonly use: boolean;
  readonly ufrag: string;
}

/** Checks that overtook the answer on its way through signaling (RFC 8445 7.3): kept until it comes. */
export class EarlyChecks {
  #checks: EarlyCheck[] = [];

  remember(check: EarlyCheck): void {
    const others = this.#checks.filter(
      (other) => other.path !== check.path || !sameEndpoint(other.from, check.from) || other.ufrag !== check.ufrag,
    );
    this.#checks = [...others, check].slice(-50);
  }

  /** Those of this generation; all others are forgotten. */
  take(ufrag: string): readonly EarlyCheck[] {
    const taken = this.#checks.filter((check) => check.ufrag === ufrag);
    this.#checks = [];
    return taken;
  }
}
