import { isSessionError } from '../errors.js';
import type { SignalingChannel, SignalingTransport } from '../signaling/transport.js';

/** One line of `logged()`: plain data, without descriptions, candidates or credentials. */
export interface TransportLogEntry {
  /** The name of the transport. */
  readonly transport: string;
  /** What happened. */
  readonly what: 'opening' | 'open' | 'failed' | 'send' | 'send-failed' | 'receive' | 'peers' | 'lost' | 'close';
  /** The envelope of a message: `kind`, `from`, `to`, `epoch`, `seq`, `ack`, as far as they are there. */
  readonly message?: Readonly<Record<string, unknown>>;
  /** Who is present. */
  readonly present?: readonly string[];
  /** Code and message of what went wrong. */
  readonly error?: string;
}

const SHOWN = ['kind', 'type', 'from', 'to', 'epoch', 'seq', 'ack'] as const;

/**
 * Tells what passes through a transport. Descriptions and candidates hold addresses and keys, so only envelopes are told.
 *
 * @param log is given one object per event; `console.log` will do. What it throws is ignored.
 * @example
 * ```ts
 * import { createSession } from 'peer-session';
 * import { logged, webSocket } from 'peer-session/transports';
 *
 * const transport = logged(webSocket('wss://example.com/signal', { room: 'room-42' }), console.log);
 * const session = createSession({ transport });
 * ```
 */
export function logged(transport: SignalingTransport, log: (entry: TransportLogEntry) => void): SignalingTransport {
  const tell = (entry: Omit<TransportLogEntry, 'transport'>): void => {
    try {
      log({ transport: transport.name, ...entry });
    } catch {
      // A broken log must not break the call.
    }
  };
  return {
    name: transport.name,
    async connect(context): Promise<SignalingChannel> {
      tell({ what: 'opening' });
      try {
        const channel = await transport.connect({
          peerId: context.peerId,
          signal: context.signal,
          receive: (data) => {
            tell({ what: 'receive', message: envelopeOf(data) });
            context.receive(data);
          },
          peers: (present) => {
            tell({ what: 'peers', present });
            context.peers(present);
          },
          lost: (cause) => {
            tell({ what: 'lost', error: describe(cause) });
            context.lost(cause);
          },
        });
        tell({ what: 'open' });
        return {
          async send(message) {
            tell({ what: 'send', message: envelopeOf(message) });
            try {
              await channel.send(message);
            } catch (error) {
              tell({ what: 'send-failed', message: envelopeOf(message), error: describe(error) });
              throw error;
            }
          },
          close() {
            tell({ what: 'close' });
            return channel.close();
          },
        };
      } catch (error) {
        tell({ what: 'failed', error: describe(error) });
        throw error;
      }
    },
  };
}

function envelopeOf(data: unknown): Readonly<Record<string, unknown>> {
  let message: unknown = data;
  if (typeof data === 'string') {
    try {
      message = JSON.parse(data);
    } catch {
      return { kind: `not JSON, ${data.length} characters` };
    }
  }
  if (typeof message !== 'object' || message === null) return { kind: `not an object but ${typeof message}` };
  const fields = message as Record<string, unknown>;
  return Object.fromEntries(SHOWN.filter((key) => fields[key] !== undefined).map((key) => [key, shortened(fields[key])]));
}

/** What came off the wire may be anything, and of any size. */
function shortened(value: unknown): unknown {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? value.slice(0, 128) : typeof value;
}

function describe(error: unknown): string {
  if (isSessionError(error)) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : typeof error;
}
