import type { ServerReport, ServerTransport } from './connectivity-report.js';

/** One address of a server, with what is needed to ask it. */
export interface ServerAddress {
  readonly url: string;
  readonly kind: ServerReport['kind'];
  readonly transport: ServerTransport;
  readonly host: string;
  /** The configuration that asks this address and no other. */
  readonly server: RTCIceServer;
}

const PARTS = /^(stun|turn)(s?):(\[.*]|[^:?]+)(?:.*transport=(.*))?/;

/** Each address of checked servers on its own. */
export function serverAddresses(servers: readonly RTCIceServer[]): ServerAddress[] {
  return servers.flatMap((server) =>
    [server.urls].flat().map((url) => {
      const [, kind, tls, host = '', over = tls ? 'tcp' : 'udp'] = PARTS.exec(url) ?? [];
      const secure = over === 'udp' ? 'dtls' : 'tls';
      return {
        url,
        kind: kind === 'turn' ? 'turn' : 'stun',
        transport: tls ? secure : over === 'tcp' ? 'tcp' : 'udp',
        host: host.toLowerCase(),
        server: { ...server, urls: [url] },
      };
    }),
  );
}
