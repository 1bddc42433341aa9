// Time from start() to an open data channel: ours against the same flow hand-written on RTCPeerConnection, interleaved in one
// Chromium. Both sides live on one page and start together; signaling is an in-page bus with an artificial one-way delay.
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { launchChromium } from '../test/tools/browsers.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** One-way delay in ms -> pairs of measurements. */
const PLAN = new Map([
  [0, 40],
  [50, 30],
  [200, 10],
]);

const page = /* js */ `
import { createSession } from 'peer-session';
import { delayed, memory } from 'peer-session/transports';

// Ours: two sessions on the in-memory bus, and a channel opened by its name on both sides.
async function ours(delayMs) {
  const bus = memory();
  const sides = [0, 1].map(() => createSession({ transport: delayed(bus, delayMs) }));
  const channels = sides.map((side) => side.channel('chat'));
  const from = performance.now();
  await Promise.all(sides.map((side) => side.start()));
  await Promise.all(channels.map((channel) => channel.opened));
  const ms = performance.now() - from;
  await Promise.all(sides.map((side) => side.close()));
  return ms;
}

// The same by hand: one side offers at once and trickles, the other answers. The channel opens when both ends are open.
async function raw(delayMs) {
  const bus = memory();
  const ends = [0, 1].map(() => ({ pc: null, channel: null, receive: () => {} }));
  const from = performance.now();
  const opened = await Promise.all(ends.map(async (end, side) => {
    const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    end.pc = pc;
    const held = [];
    const line = await delayed(bus, delayMs).connect({
      peerId: String(side),
      signal: new AbortController().signal,
      peers: () => {},
      lost: () => {},
      async receive(data) {
        const { description, candidate } = JSON.parse(data);
        if (description) {
          await pc.setRemoteDescription(description);
          for (const one of held.splice(0)) void pc.addIceCandidate(one);
          if (description.type === 'offer') {
            await pc.setLocalDescription();
            line.send({ description: pc.localDescription });
          }
        } else if (pc.remoteDescription) void pc.addIceCandidate(candidate);
        else held.push(candidate);
      },
    });
    pc.onicecandidate = ({ candidate }) => candidate && line.send({ candidate });
    end.close = () => line.close();
    return new Promise((resolve) => {
      const open = (channel) => {
        end.channel = channel;
        if (channel.readyState === 'open') resolve();
        else channel.onopen = () => resolve();
      };
      if (side === 0) {
        open(pc.createDataChannel('chat'));
        void pc.setLocalDescription().then(() => line.send({ description: pc.localDescription }));
      } else pc.ondatachannel = ({ channel }) => open(channel);
    });
  }));
  const ms = performance.now() - from;
  for (const { pc, close } of ends) {
    pc.close();
    close();
  }
  return ms;
}

globalThis.measure = { ours, raw };
`;

const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Measures and hands on each row; gives back the summary, line by line. */
export async function bench(tell) {
  const { outputFiles } = await build({
    stdin: { contents: page, resolveDir: root, loader: 'js' },
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    alias: { 'peer-session': join(root, 'src/index.ts'), 'peer-session/transports': join(root, 'src/transports/index.ts') },
  });
  const script = outputFiles[0].text;
  const server = createServer((request, response) => {
    const js = request.url === '/page.js';
    response.setHeader('content-type', js ? 'text/javascript' : 'text/html');
    response.end(js ? script : '<!doctype html><script type="module" src="/page.js"></script>');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await launchChromium();
  try {
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${server.address().port}/`);
    await tab.waitForFunction(() => globalThis.measure);
    const once = (who, delayMs) => tab.evaluate(([name, ms]) => globalThis.measure[name](ms), [who, delayMs]);
    for (const who of ['ours', 'raw', 'ours', 'raw']) await once(who, 0); // warm up
    const summary = ['one-way delay   ours (median)   raw (median)   ratio   pairs'];
    for (const [delayMs, pairs] of PLAN) {
      const seen = { ours: [], raw: [] };
      for (let pair = 0; pair < pairs; pair++) {
        // Who goes first changes, so that neither profits from the other's warmth.
        for (const who of pair % 2 ? ['raw', 'ours'] : ['ours', 'raw']) {
          const ms = await once(who, delayMs);
          seen[who].push(ms);
          tell({ delayMs, who, pair, ms: Math.round(ms * 100) / 100 });
        }
      }
      const [mine, theirs] = [median(seen.ours), median(seen.raw)];
      const cells = [`${delayMs} ms`.padEnd(15), `${mine.toFixed(1)} ms`.padEnd(15), `${theirs.toFixed(1)} ms`.padEnd(14)];
      summary.push(`${cells.join(' ')} ${(mine / theirs).toFixed(3).padEnd(7)} ${pairs}`);
    }
    return summary;
  } finally {
    await browser.close();
    server.close();
    server.closeAllConnections();
  }
}
