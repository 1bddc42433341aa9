import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';

/** A NAT for UDP inside this process, with one inner door per outer server, so that STUN has something to tell on loopback. */
export interface LoopbackNat {
  /** `host:port` of each door, each on a host of its own. */
  readonly doors: readonly string[];
  close(): void;
}

/** RFC 8489 section 5: the transaction id tells which door a reply belongs to. */
const transactionOf = (message: Buffer): string => message.toString('latin1', 8, 20);

/**
 * Two doors to one server. `endpoint-independent`: each inner socket has one outer socket, whatever door it uses. `symmetric`:
 * another one for each door.
 */
export async function openNat(kind: 'endpoint-independent' | 'symmetric', serverPort: number): Promise<LoopbackNat> {
  const sockets: Socket[] = [];
  const outer = new Map<string, Socket>();
  const asked = new Map<string, { door: Socket; inner: RemoteInfo }>();
  const bound = async (host: string): Promise<Socket> => {
    const socket = createSocket('udp4');
    sockets.push(socket);
    await new Promise<void>((resolve) => socket.bind(0, host, resolve));
    return socket;
  };
  const outerFor = (host: string, { address, port }: RemoteInfo): Socket => {
    const inside = `${address}:${port}${kind === 'symmetric' ? ` to ${host}` : ''}`;
    const known = outer.get(inside);
    if (known) return known;
    const socket = createSocket('udp4');
    sockets.push(socket);
    outer.set(inside, socket);
    socket.on('message', (reply) => {
      const question = asked.get(transactionOf(reply));
      question?.door.send(reply, question.inner.port, question.inner.address);
    });
    return socket;
  };
  const doors = await Promise.all(
    ['127.0.0.2', '127.0.0.3'].map(async (host) => {
      const door = await bound(host);
      door.on('message', (message, inner) => {
        asked.set(transactionOf(message), { door, inner });
        outerFor(host, inner).send(message, serverPort, '127.0.0.1');
      });
      return `${host}:${door.address().port}`;
    }),
  );
  const close = (): void => {
    for (const socket of sockets) socket.close();
  };
  return { doors, close };
}
