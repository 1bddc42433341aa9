import { describe, expect, it } from 'vitest';
import { behaviours } from './behaviours.js';
import type { Engine } from './environment.js';
import { runOnFake } from './fake-environment.js';

const engines: readonly Engine[] = ['chromium', 'firefox', 'strict', 'legacy'];

describe.each(engines)('the fake as %s', (engine) => {
  it.each(behaviours.map((behaviour) => [behaviour.name, behaviour] as const))('%s', async (_name, behaviour) => {
    expect(await runOnFake(engine, behaviour)).toEqual(behaviour.expected[engine]);
  });
});

describe('the list', () => {
  it('has no name twice', () => {
    const names = behaviours.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });
});
