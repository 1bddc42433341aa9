// @ts-check
import { spawn } from 'node:child_process';

/**
 * Runs a program in a process group of its own, shows its output, and ends the whole group when its time is up or this
 * process is told to stop.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, timeoutMs: number }} options
 * @returns {Promise<string>} `ok`, or how it ended
 */
export function runCommand(program, args, { cwd, env = process.env, timeoutMs }) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
    let ending = '';
    const stop = (/** @type {string} */ why) => {
      ending = why;
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // the group is gone already
      }
    };
    const timer = setTimeout(() => stop(`did not end within ${timeoutMs / 1000} s`), timeoutMs);
    const interrupted = () => {
      stop('interrupted');
      process.exit(130);
    };
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, interrupted);
    const settle = (/** @type {string} */ end) => {
      clearTimeout(timer);
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, interrupted);
      resolve(end);
    };
    child.on('error', (error) => settle(error.message));
    child.on('exit', (code, signal) => settle(ending || (code === 0 ? 'ok' : `ended with ${code ?? signal}`)));
  });
}
