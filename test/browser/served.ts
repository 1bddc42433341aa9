import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A program of this repository that serves pages, run as a person runs it. */
export interface Served {
  /** The address it printed, without a slash at its end. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts `node <script>` on a free port and waits for the address that it prints. */
export async function serve(script: string, args: readonly string[] = []): Promise<Served> {
  const child = spawn(process.execPath, [script, ...args], { cwd: root, env: { ...process.env, PORT: '0' } });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const found = /http:\/\/localhost:\d+/.exec(said);
      if (found) resolve(found[0]);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code} and said: ${said}`)));
  });
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** `npm start`: builds what is out of date, then serves the demo, the examples and the signaling hub. */
export const npmStart = (): Promise<Served> => serve('test/tools/start.mjs');
