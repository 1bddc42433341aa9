// @ts-check
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromiumPath, firefoxPath } from './browsers.mjs';
import { runCommand } from './run-command.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/**
 * Makes sure that both browsers are there: root on Debian gets the missing ones through apt.
 *
 * @returns {Promise<string | undefined>} undefined when all is well, else one line that says how to get them
 */
export async function provideBrowsers() {
  const missing = [...(chromiumPath === undefined ? ['chromium'] : []), ...(firefoxPath === undefined ? ['firefox-esr'] : [])];
  if (missing.length === 0) return undefined;
  const cure = `missing: ${missing.join(', ')}. Debian: sudo apt-get install -y ${missing.join(' ')}; elsewhere set CHROMIUM_PATH, FIREFOX_PATH`;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return cure;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { cwd: here, env, timeoutMs: 600_000 };
  console.log(`installing ${missing.join(', ')} ...`);
  await runCommand('apt-get', ['-qq', 'update'], options); // an old list may do as well, so its failure does not count
  const end = await runCommand('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', ...missing], options);
  return end === 'ok' ? undefined : `apt-get install: ${end}. ${cure}`;
}
