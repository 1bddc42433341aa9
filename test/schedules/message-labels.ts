import type { Candidate, SignalBody, SignalMessage } from '../../src/signaling/message.js';

/** What decides in a description: sections, directions, roles, generations of ICE. Keys, ports and ids of streams are drawn, and decide nothing. */
const SDP = /^(?:m=\w+ \d+.*|a=(?:mid:.*|sendrecv|sendonly|recvonly|inactive|setup:.*|ice-ufrag:.*?))\r?$/gm;

/**
 * Gives messages the same label in each run where they say the same. What is drawn or holds the time (ids of descriptions, ufrags) gets a
 * name: the sender, and how many its sender had used before. Ids of instances are the same in each run and stay.
 */
export class Labels {
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #messages = new Map<string, string>();

  message(data: string): string {
    const known = this.#messages.get(data);
    if (known !== undefined) return known;
    const { v, from, to, me, you, epoch, seq, ack, ...body } = JSON.parse(data) as SignalMessage;
    const label = `${me.slice(0, 4)}>${you?.slice(0, 4)} e${epoch} s${seq} a${ack} ${this.body(me, body as SignalBody)}`;
    this.#messages.set(data, label);
    return label;
  }

  /** @param owner instance of the sender */
  body(owner: string, body: SignalBody): string {
    if (body.kind === 'hello') return `hello ${body.offer ? this.body(owner, body.offer) : ''}`;
    if (body.kind === 'candidates') {
      const { of, candidates, done } = body;
      return `candidates ${this.#name(owner, of)} ${candidates.map((one) => this.#candidate(owner, one)).sort()} ${done}`;
    }
    if (body.kind !== 'offer' && body.kind !== 'answer') return JSON.stringify(body);
    const { id, sdp, ...rest } = body;
    const lines = (sdp.match(SDP) ?? []).map((line) => this.#line(owner, line.trim()));
    const answers = body.kind === 'answer' ? this.#names.get(body.answers) : '';
    return `${this.#name(owner, id)} ${JSON.stringify({ ...rest, answers })} ${lines.join(' ')}`;
  }

  #line(owner: string, line: string): string {
    if (line.startsWith('m='))
      return line.replace(/^(m=\w+) (\d+) .*$/, (_, kind, port) => `${kind}${port === '0' ? ' off' : ''}`);
    return line.replace(/(?<=^a=ice-ufrag:).*/, (ufrag) => this.#name(owner, ufrag));
  }

  #candidate(owner: string, { candidate, usernameFragment }: Candidate): string {
    const [, , transport, , address = ''] = candidate.split(' ');
    const kind = / typ (\w+)/.exec(candidate)?.[1];
    return `${transport} ${address.replace(/^.*\.local$/, 'mdns')} ${kind} ${this.#name(owner, usernameFragment ?? '')}`;
  }

  #name(owner: string, text: string): string {
    const key = `${owner} ${text}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const count = (this.#counts.get(owner) ?? 0) + 1;
    this.#counts.set(owner, count);
    const name = `${owner.slice(0, 4)}.${count}`;
    this.#names.set(key, name);
    this.#names.set(text, name);
    return name;
  }
}
