import { createDraw } from './draw.mjs';
import { sleep, until } from './shell.mjs';

/** The shortest and the longest outage that is drawn. */
const LAST_MS = [500, 4_000];

/**
 * What can happen to a running call whose pages stay: name -> how it begins and how it ends. `now: true` has no length, the way is
 * only another one afterwards. Each gets the laboratory, the call, the side that it happens to and a number never used before.
 */
const FAULTS = {
  'link down': { begin: ({ peer }) => peer.unplug(), end: ({ peer }) => peer.plug() },
  'path silent': { begin: ({ router }) => router.cut(), end: ({ router }) => router.heal() },
  'both paths silent': {
    begin: ({ routers }) => routers.forEach((one) => one.cut()),
    end: ({ routers }) => routers.forEach((one) => one.heal()),
  },
  '30 % of packets lost': { begin: ({ router }) => router.lose(30), end: ({ router }) => router.heal() },
  'direct path cut': {
    begin: ({ router, otherRouter }) => router.block(otherRouter.address),
    end: ({ router }) => router.heal(),
  },
  'address changed': { now: true, begin: ({ peer, number }) => peer.changeAddress(10 + (number % 240)) },
  'router rebooted': {
    begin: ({ router }) => router.cut(),
    end: ({ router, number }) => router.changeAddress(`203.0.113.${20 + (number % 200)}`),
  },
  'signaling server killed': { begin: ({ hub }) => hub.kill(), end: ({ hub }) => hub.restart() },
  'signaling server killed and link down': {
    begin: async ({ hub, peer }) => {
      await hub.kill();
      peer.unplug();
    },
    end: async ({ hub, peer }) => {
      peer.plug();
      await hub.restart();
    },
  },
  'browser stopped': { begin: ({ page }) => page.signal('SIGSTOP'), end: ({ page }) => page.signal('SIGCONT') },
};

/** Outages drawn from a seed: what, at which side, for how long. */
export function drawOutages(seed, count) {
  const draw = createDraw(seed);
  return Array.from({ length: count }, (_, number) => {
    const name = draw.pick(Object.keys(FAULTS));
    return { number, name, side: draw.pick(['a', 'b']), lastMs: FAULTS[name].now ? 0 : draw.between(...LAST_MS) };
  });
}

const stateOf = ({ state, route }) => `${state} by ${route?.kind ?? 'no path'}`;

/**
 * Lets one happen, ends it, and waits until pictures and messages come again at both ends; what has not come back at `untilTime` is
 * `null`: the next outage falls into the recovery of this one, which is not forbidden.
 */
export async function letHappen(lab, call, { number, name, side, lastMs }, untilTime) {
  const other = side === 'a' ? 'b' : 'a';
  const { routers } = lab.network;
  const context = {
    number,
    peer: lab[side],
    page: call[side],
    router: routers[side],
    otherRouter: routers[other],
    routers: [routers.a, routers.b],
    hub: lab.signaling.hub,
  };
  const { begin, end } = FAULTS[name];
  await begin(context);
  await sleep(lastMs);
  await end?.(context);
  const mendedAt = Date.now();
  const look = async () => {
    const seen = await call.both((p) => p.call('flowingSince', mendedAt));
    const since = (key) => (seen.some((one) => one[key] === null) ? null : Math.max(...seen.map((one) => one[key])) - mendedAt);
    return { mediaMs: since('media'), dataMs: since('data') };
  };
  let found;
  const isBack = async () => {
    found = await look();
    return found.mediaMs !== null && found.dataMs !== null;
  };
  await until('the call to come back', isBack, Math.max(0, untilTime - Date.now()), 250).catch(() => {});
  const late = found.mediaMs === null || found.dataMs === null;
  return { number, name, side, lastMs, ...found, ...(late && { states: (await call.reports()).map(stateOf) }) };
}
