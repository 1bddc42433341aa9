// `npm start`: builds when the sources are newer than the build, then starts the signaling hub with the demo on one port.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const cli = join(root, 'dist/server/cli.js');

function newest(folder) {
  return readdirSync(folder, { recursive: true }).reduce((time, name) => Math.max(time, statSync(join(folder, name)).mtimeMs), 0);
}

// The standalone file is written last by the build, so half a build does not count as one.
const built = [cli, join(root, 'dist/index.d.ts'), join(root, 'dist/peer-session.esm.min.js')];
if (!built.every((file) => existsSync(file) && statSync(file).mtimeMs >= newest(join(root, 'src')))) {
  console.log('building ...');
  const build = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, encoding: 'utf8' });
  if (build.status !== 0) {
    console.error(`${build.stdout}${build.stderr}\nthe build failed`);
    process.exit(1);
  }
}

const server = spawn(process.execPath, [cli, '--demo', join(root, 'examples/demo'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
server.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 0)));
