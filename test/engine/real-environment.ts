import type { Environment } from './environment.js';

/** The browser that this page runs in. */
export function realEnvironment(): Environment & { end(): void } {
  const connections: RTCPeerConnection[] = [];
  const tracks: MediaStreamTrack[] = [];
  return {
    connection(configuration) {
      const connection = new RTCPeerConnection(configuration);
      connections.push(connection);
      return connection;
    },
    async capture(constraints) {
      const stream = await navigator.mediaDevices.getUserMedia(constraints);
      tracks.push(...stream.getTracks());
      return stream;
    },
    stream: (...list) => new MediaStream(list),
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    end() {
      for (const connection of connections) connection.close();
      for (const track of tracks) track.stop();
    },
  };
}
