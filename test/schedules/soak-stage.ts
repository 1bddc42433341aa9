// The part of the soak in real browsers that runs in Node: serves the pages, stands between them and the hub, plays one seed at a time.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createHub, type SignalingServer } from 'peer-session/server';
import type { Browser } from 'playwright';
import { WebSocketServer } from 'ws';
import { createRandom } from '../../src/testing/random.js';
import { BrowserPlace } from './browser-place.js';
import { BrowserWorld } from './browser-world.js';
import { generateSchedule } from './generate-schedule.js';
import { type BrowserOutcome, playInBrowsers } from './play-in-browsers.js';
import { type Profile, SIDES, type SideName } from './schedule.js';
import type { LifeReport } from './soak-page.js';
import { SoakWire } from './soak-wire.js';
import { squeezeSchedule } from './squeeze-schedule.js';

export type Engine = 'chromium' | 'firefox';
const HOST = '127.0.0.1';
/** A page that is busy or frozen is not dead. */
const HEARTBEAT_MS = 60_000;

/** What one seed has on the stage. */
interface Play {
  readonly wire: SoakWire;
  /** The script of a side's page is kept back until this resolves. */
  readonly held: Map<SideName, Promise<void>>;
  readonly lastWords: Map<SideName, (report: LifeReport) => void>;
}

/** Where seeds are played: the hub, the pages, the wire between them. */
export class SoakStage {
  readonly #script: string;
  readonly #hub: SignalingServer;
  readonly #plays = new Map<string, Play>();
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #server: Server;
  #count = 0;

  private constructor(script: string, hub: SignalingServer) {
    this.#script = script;
    this.#hub = hub;
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on('upgrade', (request, socket, head) => {
      const { play, side, search } = this.#find(request);
      if (!play || !side || play.wire.isDown(side)) socket.destroy();
      else this.#sockets.handleUpgrade(request, socket, head, (page) => play.wire.take(side, page, search));
    });
  }

  static async raise(script: string): Promise<SoakStage> {
    const stage = new SoakStage(script, await createHub({ port: 0, host: HOST, origins: '*', heartbeatMs: HEARTBEAT_MS }));
    await new Promise<void>((resolve) => {
      stage.#server.listen(0, HOST, resolve);
    });
    return stage;
  }

  /** Plays a seed, each side in a page of its own. */
  async play(seed: number, browsers: Readonly<Record<SideName, Browser>>, profile: Profile): Promise<BrowserOutcome> {
    const key = `play-${++this.#count}`;
    const engines = SIDES.map((side): Engine => (browsers[side].browserType().name() === 'firefox' ? 'firefox' : 'chromium'));
    const schedule = squeezeSchedule(
      generateSchedule(seed, profile),
      SIDES.filter((_, index) => engines[index] === 'chromium'),
    );
    const wire = new SoakWire(this.#hub.signalUrl, createRandom(seed).fork('wire'), schedule.faults);
    const play: Play = { wire, held: new Map(), lastWords: new Map() };
    this.#plays.set(key, play);
    const contexts = await Promise.all(SIDES.map((side) => browsers[side].newContext()));
    try {
      const [alice, bob] = SIDES.map((side, index) => {
        const context = contexts[index];
        if (!context) throw new Error('no context');
        const wish = {
          peerId: side,
          address: `ws://${this.#authority}/${key}/${side}`,
          room: key,
          fetch: schedule.fetch[index] ?? false,
        };
        return new BrowserPlace({
          side,
          engine: engines[index] ?? 'chromium',
          context,
          url: `http://${this.#authority}/${key}/${side}`,
          wish,
          hold: () => hold(play, side),
          lastWords: () => new Promise((resolve) => void play.lastWords.set(side, resolve)),
        });
      });
      if (!alice || !bob) throw new Error('two sides are needed');
      await Promise.all([alice.open(), bob.open()]);
      return await playInBrowsers(schedule, new BrowserWorld({ alice, bob }, wire));
    } catch (error) {
      const what = error instanceof Error ? `${error.stack}` : String(error);
      return { seed, wrong: [`player: ${what}`], healedMs: 0, offers: 0, story: wire.log };
    } finally {
      await Promise.all(contexts.map((context) => context.close().catch(() => {})));
      this.#plays.delete(key);
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.#hub.close();
  }

  get #authority(): string {
    return `${HOST}:${(this.#server.address() as AddressInfo).port}`;
  }

  #find(request: IncomingMessage): { play?: Play; side?: SideName; search: string; rest: string } {
    const { pathname, search } = new URL(request.url ?? '/', 'http://stage');
    const [, key = '', name, rest = ''] = pathname.split('/');
    const play = this.#plays.get(key);
    const side = SIDES.find((one) => one === name);
    return { ...(play && { play }), ...(side && { side }), search, rest };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { play, side, rest } = this.#find(request);
    if (!play || !side) return void response.writeHead(404).end();
    if (rest === 'last-words') {
      let text = '';
      for await (const part of request) text += String(part);
      play.lastWords.get(side)?.(JSON.parse(text) as LifeReport);
      return void response.end();
    }
    response.setHeader('cache-control', 'no-store');
    if (rest === 'script.js') {
      await play.held.get(side);
      response.setHeader('content-type', 'text/javascript');
      return void response.end(this.#script);
    }
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><title>soak</title><script src="${side}/script.js"></script>`);
  }
}

function hold(play: Play, side: SideName): () => void {
  let release = (): void => {};
  play.held.set(
    side,
    new Promise((resolve) => {
      release = resolve;
    }),
  );
  return release;
}
