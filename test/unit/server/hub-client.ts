import type { Hub, HubMember, HubSocket } from 'peer-session/server';

/** A structural socket that keeps what it is sent, as parsed JSON. */
export class HubClient implements HubSocket {
  readonly heard: Record<string, unknown>[] = [];
  closedWith: readonly [code: number | undefined, reason: string | undefined] | undefined;
  bufferedAmount = 0;
  member: HubMember = { receive: () => undefined, closed: () => undefined };

  join(hub: Hub, peerId: string, room = 'room', attempt = ''): this {
    this.member = hub.join(this, { room, peerId, attempt });
    return this;
  }

  send(data: string): void {
    if (this.closedWith) throw new Error('the socket is closed');
    this.heard.push(JSON.parse(data) as Record<string, unknown>);
  }

  close(code?: number, reason?: string): void {
    this.closedWith ??= [code, reason];
    this.member.closed(); // many runtimes tell in the same turn
  }

  say(data: unknown): void {
    this.member.receive(typeof data === 'string' ? data : JSON.stringify(data));
  }

  /** The last list of peers that it was told. */
  get present(): unknown {
    return this.heard.findLast(({ type }) => type === 'welcome' || type === 'peers')?.['peers'];
  }

  get last(): Record<string, unknown> | undefined {
    return this.heard.at(-1);
  }

  get errors(): unknown[] {
    return this.heard.filter(({ type }) => type === 'error').map(({ code }) => code);
  }
}
