import { describe, expect, it } from 'vitest';
import { server } from 'vitest/browser';
import { behaviours } from './behaviours.js';
import { realEnvironment } from './real-environment.js';

// The fake plays these two; `strict` and `legacy` have no browser to be compared with.
const engine = server.browser === 'firefox' ? 'firefox' : 'chromium';

describe(`the browser ${engine}`, () => {
  it.each(behaviours.map((behaviour) => [behaviour.name, behaviour] as const))('%s', async (_name, behaviour) => {
    const environment = realEnvironment();
    try {
      expect(await behaviour.run(environment)).toEqual(behaviour.expected[engine]);
    } finally {
      environment.end();
    }
  });
});
