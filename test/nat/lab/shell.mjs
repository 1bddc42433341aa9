import { spawnSync } from 'node:child_process';

/** Runs a command to its end and gives its output; throws with the command's own words when it fails. */
export function run(command, args, { input, allowFailure = false } = {}) {
  const done = spawnSync(command, args.map(String), { input, encoding: 'utf8', timeout: 120_000, maxBuffer: 64 << 20 });
  if (done.error) throw new Error(`${command}: ${done.error.message}`);
  if (done.status !== 0 && !allowFailure) {
    throw new Error(`${command} ${args.join(' ')}: ${(done.stderr || done.stdout).trim() || `exit ${done.status}`}`);
  }
  return done.stdout;
}

/** `ip` with the words of one line: `ip('-n', ns, ...words('link set lo up'))` reads worse than `ip(ns, 'link set lo up')`. */
export const ip = (ns, line) => run('ip', ['-n', ns, ...line.split(' ')]);

/** Runs a command inside a namespace. */
export const runIn = (ns, line, options) =>
  run('ip', ['netns', 'exec', ns, ...(Array.isArray(line) ? line : line.split(' '))], options);

/** Loads nftables rules into a namespace. */
export const nft = (ns, rules) => runIn(ns, 'nft -f -', { input: rules });

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Asks `probe` every `everyMs` until it gives something truthy, for at most `ms`. */
export async function until(what, probe, ms, everyMs = 50) {
  const end = Date.now() + ms;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain for ${what}`);
    await sleep(everyMs);
  }
}
