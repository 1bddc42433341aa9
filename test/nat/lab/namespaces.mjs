import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, runIn } from './shell.mjs';

// Everything a run makes carries its process id, so that the next run knows what a killed one has left behind.
const PREFIX = 'psnat';
const mine = `${PREFIX}${process.pid}-`;
let folder;
let kept = false;

/** What `ip netns exec` puts over /etc for the processes of a namespace. */
const etcOf = (ns) => `/etc/netns/${ns}`;

/**
 * A new network namespace with nothing but loopback. All traffic of the laboratory stays inside of these. `hosts` are the only
 * names known there: name -> address.
 */
export function createNamespace(name, hosts = {}) {
  const ns = mine + name;
  mkdirSync(etcOf(ns), { recursive: true });
  writeFileSync(
    `${etcOf(ns)}/hosts`,
    Object.entries({ localhost: '127.0.0.1', ...hosts })
      .map(([host, ip]) => `${ip} ${host} ${host}.\n`)
      .join(''),
  );
  // Nobody listens there: an unknown name is refused at once instead of being asked for on the machine's own network.
  writeFileSync(`${etcOf(ns)}/resolv.conf`, 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n');
  run('ip', ['netns', 'add', ns]);
  run('ip', ['-n', ns, 'link', 'set', 'lo', 'up']);
  setSysctl(ns, 'net.ipv6.conf.all.disable_ipv6', 1);
  // Bridged frames are none of the IP firewall's business here, whatever the host's default is.
  if (existsSync('/proc/sys/net/bridge')) setSysctl(ns, 'net.bridge.bridge-nf-call-iptables', 0, true);
  return ns;
}

export function setSysctl(ns, key, value, allowFailure = false) {
  runIn(ns, ['sysctl', '-qw', `${key}=${value}`], { allowFailure });
}

/** The processes that run in a namespace. */
export function processesIn(ns) {
  return run('ip', ['netns', 'pids', ns], { allowFailure: true }).split('\n').filter(Boolean).map(Number);
}

/** The memory of processes in bytes; what they share with others counts by its part. */
export function memoryOf(pids) {
  const one = (pid) => {
    try {
      return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024;
    } catch {
      return 0; // It ended by itself in the meantime.
    }
  };
  return pids.reduce((sum, pid) => sum + one(pid), 0);
}

export function removeNamespace(ns) {
  for (const pid of processesIn(ns)) signalProcess(pid, 'SIGKILL');
  run('ip', ['netns', 'del', ns], { allowFailure: true });
  rmSync(etcOf(ns), { recursive: true, force: true });
}

export function signalProcess(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {} // It ended by itself in the meantime.
}

/** A folder for certificates, logs, profiles and bundles of this run. */
export function workFolder() {
  folder ??= mkdtempSync(join(tmpdir(), mine));
  return folder;
}

/** Removes what runs that are not alive any more have left: namespaces, the processes inside, their folders. */
export function removeLeftovers() {
  for (const [ns, pid] of namespacesOfRuns()) if (!isRun(pid)) removeNamespace(ns);
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]);
    if (pid && !isRun(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

/** Removes all that the run with this process id has made. Synchronous, so that it works in an exit handler. */
export function removeRun(pid, directory) {
  for (const [ns, owner] of namespacesOfRuns()) if (owner === pid) removeNamespace(ns);
  if (directory) rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/**
 * From here on whatever ends this process takes its namespaces, browsers and servers along: a normal end, a signal, and, by a
 * process that only waits for this one's end, even SIGKILL.
 */
export function guardRun() {
  const sweeper = spawn(process.execPath, [fileURLToPath(new URL('sweeper.mjs', import.meta.url)), process.pid, workFolder()], {
    detached: true, // Ctrl-C in a terminal goes to the whole process group; this one has to outlive it.
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  sweeper.stdin.unref();
  sweeper.unref();
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])
    process.once(signal, () => process.exit(code));
  process.once('exit', () => {
    if (kept) sweeper.kill('SIGKILL');
    else removeRun(process.pid, folder);
  });
}

/** For looking around afterwards, with `ip netns exec`: this run leaves its namespaces and logs. The next one removes them. */
export function keepLeftovers() {
  kept = true;
  console.log(`leaving the namespaces ${mine}* and ${workFolder()} behind`);
}

function namespacesOfRuns() {
  const pattern = new RegExp(`^(${PREFIX}(\\d+)-\\S+)`);
  const lines = run('ip', ['netns', 'list']).split('\n');
  return lines
    .map((line) => pattern.exec(line))
    .filter(Boolean)
    .map((m) => [m[1], Number(m[2])]);
}

/** Whether a process is a run of the laboratory: ids are used again by the system. */
function isRun(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('run.mjs');
  } catch {
    return false;
  }
}
