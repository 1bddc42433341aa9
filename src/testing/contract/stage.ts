import type { SignalingChannel, SignalingTransport } from '../../signaling/transport.js';
import { Side } from './side.js';

/** What an author lends to the exam, anew for each check. */
export interface TransportExam {
  /**
   * The recipe under examination, for all sides. Where each end has its own, as the two ends of a `MessageChannel`, one for each.
   * It leads to a fresh place (room, topic) for each check, in which nobody is.
   */
  readonly transport: SignalingTransport | readonly [SignalingTransport, SignalingTransport];
  /** A recipe of the same kind that cannot open: nobody listens at its address, or its token is refused. */
  readonly unreachable?: SignalingTransport;
  /** Kills the carrier under every open channel, as a server does that goes down. */
  readonly cut?: () => void | Promise<void>;
  /** Makes the carrier usable again after `cut`. */
  readonly restore?: () => void | Promise<void>;
  /** How much is held at the moment: sockets, listeners, subscriptions, members of the room. */
  readonly held?: () => number | Promise<number>;
  /** The transport means to call `peers`. @defaultValue examined if it does */
  readonly presence?: boolean;
  /** The carrier itself may lose messages, as radio does: the exam sends again, as the session does. @defaultValue `false` */
  readonly loses?: boolean;
  /** The largest message that the carrier takes, in bytes of JSON. @defaultValue `65536` */
  readonly messageBytes?: number;
  /** How long one check may take, in milliseconds; less than the runner's own limit. @defaultValue `4000` */
  readonly limitMs?: number;
  /** Frees what was taken, after each check. */
  readonly end?: () => void | Promise<void>;
}

/** One rule of the contract, and how to find out. */
export interface Rule {
  /** What a right transport does. */
  readonly name: string;
  /** Why there is nothing to examine, if so. */
  readonly skip?: (exam: TransportExam) => string | undefined;
  /** Throws where the rule is broken. A text that it returns says why there was nothing to examine. */
  readonly examine: (stage: Stage) => Promise<unknown>;
}

/** What the exam throws; what the transport throws is of another kind. */
export class BrokenRule extends Error {
  override readonly name: string = 'BrokenRule';
}

const LIMIT_MS = 4_000;
/** After so long a message is sent again: over a carrier that loses, or where `send` refused it. */
export const AGAIN_MS = 150;
/** How long to listen for what must not come, after a message that was sent later has come. */
const QUIET_MS = 40;
/** How long `close` may take while the stage is cleared. */
const CLEAR_MS = 500;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
export const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Where one check takes place: the author's setup, the sides that were opened, and the time that is left. */
export class Stage {
  readonly exam: TransportExam;
  readonly #rule: string;
  readonly #endsAt: number;
  readonly #sides: Side[] = [];
  readonly #openings: Promise<SignalingChannel>[] = [];
  #marks = 0;

  constructor(exam: TransportExam, rule: string) {
    this.exam = exam;
    this.#rule = rule;
    this.#endsAt = Date.now() + (exam.limitMs ?? LIMIT_MS);
  }

  /** The recipe of one end. */
  recipe(end: 0 | 1): SignalingTransport {
    const { transport } = this.exam;
    return 'connect' in transport ? transport : transport[end];
  }

  /** The rule is broken. `seen` and `mend` are sentences without a full stop. */
  fail(seen: string, mend: string, cause?: unknown): never {
    const { name } = this.recipe(0);
    const message = `The transport "${name}" breaks the rule "${this.#rule}": ${seen}. To mend it: ${mend}.`;
    throw new BrokenRule(message, cause === undefined ? undefined : { cause });
  }

  /** `promise`, or a failure when the time of the check is over. */
  async within<T>(promise: Promise<T>, seen: string | (() => string), mend: string): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const over = Symbol('over');
    const late = new Promise<typeof over>((resolve) => {
      timer = setTimeout(resolve, Math.max(this.#endsAt - Date.now(), 0), over);
    });
    const outcome = await Promise.race([promise, late]);
    clearTimeout(timer);
    if (outcome !== over) return outcome as T;
    const limitMs = this.exam.limitMs ?? LIMIT_MS;
    return this.fail(`${typeof seen === 'string' ? seen : seen()} within ${limitMs} ms`, mend);
  }

  /** A side that calls `connect`; the promise is the transport's own, and may reject. */
  opening(side: Side, recipe: SignalingTransport): Promise<SignalingChannel> {
    this.#sides.push(side);
    const opening = (async () => recipe.connect(side.context))().then((channel) => {
      side.channel = channel;
      side.toldBeforeOpen = side.told.length;
      return channel;
    });
    this.#openings.push(opening);
    opening.catch(() => {});
    return this.within(
      opening,
      'connect() did not settle',
      'resolve with the channel once send() is usable and receive() is listening, or reject',
    );
  }

  /** Opens a side that has to open. */
  async join(peerId: string, end: 0 | 1 = 0): Promise<Side> {
    const side = new Side(peerId);
    let channel: SignalingChannel;
    try {
      channel = await this.opening(side, this.recipe(end));
    } catch (error) {
      if (error instanceof BrokenRule) throw error;
      return this.fail(
        `connect() rejected: ${textOf(error)}`,
        'see the cause; the setup has to lead to a place that works',
        error,
      );
    }
    if (typeof channel?.send !== 'function' || typeof channel.close !== 'function')
      this.fail('connect() gave no channel', 'resolve with an object that has send(message) and close()');
    return side;
  }

  /** Two sides in one place. */
  async pair(): Promise<[alice: Side, bob: Side]> {
    return [await this.join('alice', 0), await this.join('bob', 1)];
  }

  /** A text that no other message of this check bears. */
  mark(): string {
    return `exam ${this.#marks++}`;
  }

  /** Sends a message and waits until all of these have it. A rejection of `send` is handed on as it is. */
  async deliver(from: Side, to: readonly Side[], fields: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const mark = this.mark();
    const say = (): Promise<void> => from.send({ ...fields, reason: mark });
    const sent = say();
    const refused = new Promise<never>((_, reject) => void sent.catch(reject));
    refused.catch(() => {});
    const again = setInterval(() => this.exam.loses && void say().catch(() => {}), AGAIN_MS);
    try {
      const heard = Promise.all(to.map((side) => side.until(() => side.message(mark) !== undefined)));
      await this.within(Promise.race([heard, refused]), () => this.#missed(mark, from, to), HEAR);
      return mark;
    } finally {
      clearInterval(again);
    }
  }

  /** The same, where `send` has to take the message in the end: it may refuse for a while, as one that limits the rate does. */
  async tell(from: Side, to: readonly Side[], fields: Readonly<Record<string, unknown>> = {}): Promise<string> {
    for (;;) {
      try {
        return await this.deliver(from, to, fields);
      } catch (error) {
        if (error instanceof BrokenRule) throw error;
        const seen = `send() rejected on an open channel: ${textOf(error)}, and did not take the message`;
        await this.within(pause(AGAIN_MS), seen, 'settle connect() only when send() is usable, or say `messageBytes`');
      }
    }
  }

  #missed(mark: string, from: Side, to: readonly Side[]): string {
    const missing = to.find((side) => side.message(mark) === undefined);
    const noise = missing?.told.find((told) => told.what === 'noise');
    const instead = noise?.what === 'noise' ? `; instead receive() was given ${noise.seen}` : '';
    return `what ${from.peerId} sent did not reach ${missing?.peerId}${instead}`;
  }

  /** Calls `work` over and over, with pauses, until it is done or the time is over. */
  async repeat(work: () => boolean | Promise<boolean>, seen: () => string, mend: string): Promise<void> {
    while (!(await work())) await this.within(pause(AGAIN_MS / 10), seen, mend);
  }

  /** Listens for what must not come. */
  quiet(): Promise<void> {
    return pause(QUIET_MS);
  }

  /** Takes down what is open, in the order of the session: abort, then close. What goes wrong here is examined elsewhere. */
  async clear(): Promise<void> {
    for (const { life } of this.#sides) life.abort();
    const closings = this.#openings.map((opening) => opening.then((channel) => channel.close()));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLEAR_MS);
    });
    await Promise.race([Promise.allSettled(closings), late]);
    clearTimeout(timer);
    await this.exam.end?.();
  }
}

const HEAR = 'call receive(data) with the text or the parsed message, and listen before connect() settles';
