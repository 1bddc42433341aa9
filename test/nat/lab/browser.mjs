import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { certificate } from './certificate.mjs';
import { workFolder } from './namespaces.mjs';

const DRIVER = fileURLToPath(new URL('driver.mjs', import.meta.url));
let count = 0;

/** Starts a browser inside of a peer's namespace and gives the handle to drive it from outside. */
export async function startBrowser(peer, engine, pages, { onLog = () => {} } = {}) {
  const profile = join(workFolder(), `profile-${++count}`);
  const before = new Set(peer.processes());
  const child = spawn(
    'ip',
    ['netns', 'exec', peer.ns, process.execPath, DRIVER, engine, pages, profile, certificate().authority],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      // The first is for browsers as root, the others keep two browsers of one machine apart and out of the user's own files.
      env: { ...process.env, MOZ_DISABLE_CONTENT_SANDBOX: '1', HOME: workFolder(), XDG_RUNTIME_DIR: workFolder() },
    },
  );
  const waiting = new Map();
  let ids = 0;
  const ready = new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = JSON.parse(line);
      if (message.ready) return resolve();
      if (message.log) return onLog(message);
      const asked = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error === undefined) asked?.resolve(message.result);
      else asked?.reject(new Error(message.error));
    });
    child.once('exit', (code) => {
      const gone = new Error(`the driver of ${engine} in ${peer.ns} ended (${code})`);
      reject(gone);
      for (const asked of waiting.values()) asked.reject(gone);
    });
  });
  await ready;
  const ask = (op, rest = {}) =>
    new Promise((resolve, reject) => {
      waiting.set(++ids, { resolve, reject });
      child.stdin.write(`${JSON.stringify({ id: ids, op, ...rest })}\n`);
    });
  return {
    engine,
    peer,
    /** Opens a tab, by a name of ours. */
    async open(page) {
      await ask('open', { page });
      return {
        call: (name, ...args) => ask('call', { page, name, args }),
        reload: () => ask('reload', { page }),
        heap: () => ask('heap', { page }),
        close: () => ask('close', { page }),
      };
    },
    /** The browser's own processes, its driver not among them. */
    processes: () => peer.processes().filter((pid) => !before.has(pid) && pid !== child.pid),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.stdin.end();
      await gone;
    },
  };
}
