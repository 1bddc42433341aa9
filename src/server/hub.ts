import { isName } from './client-message.js';
import { CLOSE } from './close-code.js';
import { isOlder } from './is-older.js';
import { DEFAULT_LIMITS, type HubLimits } from './limits.js';
import { closeSocket, type HubSocket, Member } from './member.js';

/** What `createHub()` takes; all of it has defaults. */
export interface HubOptions {
  /** Bounds per client, room and hub; what is left out keeps its default. */
  readonly limits?: Partial<HubLimits>;
  /** A clock in milliseconds that never runs backwards, for rates. @defaultValue `performance.now` */
  readonly now?: () => number;
}

/** Whom a socket belongs to, as the server has made sure of it. */
export interface JoinOptions {
  /** 1 to 128 printable characters. */
  readonly room: string;
  /** 1 to 128 printable characters. Messages of this socket are stamped with it. */
  readonly peerId: string;
  /** The query parameter `attempt` of the client, as it came. @defaultValue none: the newest socket of a peer id keeps it */
  readonly attempt?: string;
}

/** What the server tells the hub about one socket. Both are safe to call at any time. */
export interface HubMember {
  /** A frame came in: a string for text, anything else is refused. */
  receive(data: unknown): void;
  /** The socket has closed or failed. */
  closed(): void;
}

/** Rooms, presence and forwarding; see {@link createHub}. */
export interface Hub {
  /**
   * Puts a socket into a room, welcomes it and tells the others. A socket with the same peer id that is there already is
   * closed with 4409, unless the new one is an older attempt of the same client: then that is closed with 4410. What is refused is closed with a code at once; the returned functions then do nothing.
   */
  join(socket: HubSocket, options: JoinOptions): HubMember;
  /** Closes every socket; whoever joins later is closed the same way. @defaultValue 1001 */
  close(code?: number, reason?: string): void;
  /** How much is going on. */
  stats(): { readonly rooms: number; readonly peers: number };
}

const NOBODY: HubMember = { receive: () => undefined, closed: () => undefined };

/**
 * The signaling hub: rooms and presence over sockets of any runtime. It stamps `from` itself, so nobody speaks as another,
 * forwards to the peer that `to` names or else to the room, and never looks inside a description.
 *
 * @example
 * ```ts
 * import { createHub, type HubMember, type HubSocket } from 'peer-session/server';
 *
 * const hub = createHub({ limits: { peersPerRoom: 2 } });
 *
 * // call these from the handlers of your runtime's WebSocket
 * const opened = (socket: HubSocket, url: URL): HubMember =>
 *   hub.join(socket, { room: url.searchParams.get('room') ?? '', peerId: url.searchParams.get('peer') ?? '' });
 * const message = (member: HubMember, data: unknown): void => member.receive(data);
 * const closed = (member: HubMember): void => member.closed();
 * ```
 */
export function createHub(options: HubOptions = {}): Hub {
  const limits: HubLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const now = options.now ?? ((): number => performance.now());
  const rooms = new Map<string, Map<string, Member>>();
  let peers = 0;
  let ended: { readonly code: number; readonly reason: string } | undefined;

  const others = (member: Member): Member[] => [...(rooms.get(member.room)?.values() ?? [])].filter((other) => other !== member);
  const presence = (type: 'welcome' | 'peers', member: Member): string =>
    JSON.stringify({
      type,
      ...(type === 'welcome' && { room: member.room, peerId: member.peerId }),
      peers: others(member).map(({ peerId }) => peerId),
    });
  const tellOthers = (than: Member): void => {
    for (const other of others(than)) other.send(presence('peers', other));
  };

  const forward = (member: Member, text: string, to: string | undefined): boolean => {
    const room = rooms.get(member.room);
    const addressees = to === undefined ? others(member) : [room?.get(to)].filter((other) => other !== undefined);
    for (const other of addressees) other.send(text);
    return addressees.length > 0;
  };

  const left = (member: Member): void => {
    peers -= 1;
    const room = rooms.get(member.room);
    if (room?.get(member.peerId) !== member) return; // replaced: the newer one is there
    room.delete(member.peerId);
    if (room.size === 0) rooms.delete(member.room);
    if (!ended) tellOthers(member);
  };

  /** The reason not to let somebody in, with its close code. */
  const judgeJoin = ({ room, peerId, attempt }: JoinOptions): readonly [code: number, reason: string] | undefined => {
    if (ended) return [ended.code, ended.reason];
    if (!isName(room)) return [CLOSE.badRequest, 'room must be 1 to 128 printable characters'];
    if (!isName(peerId)) return [CLOSE.badRequest, 'peer must be 1 to 128 printable characters'];
    const members = rooms.get(room);
    const member = members?.get(peerId);
    if (member && isOlder(attempt, member.attempt)) return [CLOSE.stale, 'a newer connection of this client is there'];
    if (member) return undefined;
    if ((members?.size ?? 0) >= limits.peersPerRoom) return [CLOSE.roomFull, 'the room is full'];
    if (peers >= limits.peers || (!members && rooms.size >= limits.rooms)) return [CLOSE.serverFull, 'the server is full'];
    return undefined;
  };

  return {
    join(socket, { room, peerId, attempt = '' }): HubMember {
      const refusal = judgeJoin({ room, peerId, attempt });
      if (refusal) {
        closeSocket(socket, ...refusal);
        return NOBODY;
      }
      const member: Member = new Member({
        socket,
        room,
        peerId,
        attempt,
        limits,
        now,
        forward: (text, to) => forward(member, text, to),
        left: () => left(member),
      });
      const members = rooms.get(room) ?? new Map<string, Member>();
      const older = members.get(peerId);
      rooms.set(room, members.set(peerId, member));
      peers += 1;
      older?.expel(CLOSE.replaced, 'replaced by a newer connection with the same peer id');
      member.send(presence('welcome', member));
      tellOthers(member);
      return { receive: (data) => member.receive(data), closed: () => member.closed() };
    },
    close(code = CLOSE.goingAway, reason = 'the server stops'): void {
      ended = { code, reason };
      for (const members of rooms.values()) for (const member of members.values()) member.expel(code, reason);
    },
    stats: () => ({ rooms: rooms.size, peers }),
  };
}
