// checkConnectivity() as an app would call it before a call.
import { checkConnectivity } from '../../../src/connectivity/index.ts';
import { webSocket } from '../../../src/transports/index.ts';

export async function check({ url, room, ...options }) {
  const steps = [];
  const report = await checkConnectivity({
    ...options,
    ...(url && { transport: webSocket(`${url}/signal`, { room }) }),
    onProgress: ({ step, finished, total }) => steps.push(`${step} ${finished}/${total}`),
  });
  return { report, steps };
}
