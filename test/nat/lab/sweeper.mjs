// Waits until the run that started it is gone, however it went, and removes what it has left. See guardRun().
import { removeRun } from './namespaces.mjs';

const [pid, directory] = process.argv.slice(2);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
process.stdin.resume();
process.stdin.once('close', () => removeRun(Number(pid), directory));
