import { createVirtualClock, createVirtualNetwork, fakePlatform } from '../../src/testing/index.js';
import type { Behaviour, Engine, Environment } from './environment.js';

/** Runs a behaviour on the fake, on virtual time. */
export async function runOnFake(engine: Engine, behaviour: Behaviour): Promise<unknown> {
  const clock = createVirtualClock();
  const platform = fakePlatform({ clock, network: createVirtualNetwork({ clock }), personality: engine });
  const environment: Environment = {
    connection: (configuration) => new platform.PeerConnection(configuration),
    capture: (constraints) => platform.mediaDevices.getUserMedia(constraints),
    stream: (...tracks) => new platform.MediaStream(tracks),
    pass: (ms) => new Promise((resolve) => void platform.timer(resolve, ms)),
  };
  return clock.until(behaviour.run(environment), 60_000);
}
