import { describe, expect, it } from 'vitest';
import { sessionPair } from '../../../src/testing/session-pair.js';
import { simulate } from '../../../src/testing/simulate.js';
import { hearing, warningsOf } from '../pair-words.js';

describe('a rebuilt connection', () => {
  it('carries the same channels; plain ones say how much was lost, resuming ones lose nothing', async () => {
    const pair = sessionPair();
    const { alice, bob, clock } = pair;
    const [plain, safe] = [alice.session.channel('chat'), alice.session.channel('file', { resume: true })];
    const [atPlain, atSafe] = [hearing(bob.session.channel('chat')), hearing(bob.session.channel('file', { resume: true }))];
    await pair.start();
    await clock.until(Promise.all([plain.opened, safe.opened]));
    const heal = simulate(alice, 'ice-failure');
    const sent = [1, 2, 3].flatMap((i) => [plain.send(`${i}`), safe.send(`${i}`)]);
    await clock.advance(12_000);
    heal();
    await clock.until(Promise.all(sent));
    await clock.advance(20_000);
    expect([alice.session.state.status, plain.state, safe.state]).toEqual(['connected', 'open', 'open']);
    expect(atSafe).toEqual(['1', '2', '3']);
    expect(atPlain).toEqual([]);
    expect(warningsOf(alice).filter((code) => code === 'messages-lost')).toEqual(['messages-lost']);
    await clock.until(plain.send('after'));
    await clock.advance(50);
    expect(atPlain).toEqual(['after']);
    await pair.close();
  });

  it('a channel asked for while there is no connection opens with the next', async () => {
    const pair = sessionPair();
    await pair.start();
    simulate(pair.bob, 'peer-reload');
    await pair.clock.advance(1);
    const late = pair.alice.session.channel('late');
    const heard = hearing(pair.bob.session.channel('late'));
    await pair.clock.until(late.send('hello'));
    await pair.clock.advance(50);
    expect(heard).toEqual(['hello']);
    await pair.close();
  });
});

describe('a channel that the other app closed while there was no connection', () => {
  it('is over; what it did not get is not counted as lost', async () => {
    const pair = sessionPair();
    const { alice, bob, clock } = pair;
    const [chat, there] = [alice.session.channel('chat'), bob.session.channel('chat')];
    await pair.start();
    await clock.until(Promise.all([chat.opened, there.opened]));
    await clock.until(chat.send('1'));
    await clock.advance(50);
    const heal = simulate(alice, 'ice-failure');
    await clock.until(chat.send('2'));
    await clock.advance(500);
    there.close();
    await clock.advance(12_000);
    heal();
    await clock.advance(20_000);
    expect([alice.session.state.status, chat.state]).toEqual(['connected', 'closed']);
    expect(warningsOf(alice)).not.toContain('messages-lost');
    await pair.close();
  });
});

describe('a reloaded peer', () => {
  it.each([false, true])('resume: %s, begins anew, both ways; what the old page had is not counted as lost', async (resume) => {
    const pair = sessionPair();
    const { alice, bob, clock } = pair;
    const chat = alice.session.channel('chat', { resume });
    const atAlice = hearing(chat);
    const old = bob.session.channel('chat', { resume });
    await pair.start();
    await clock.until(Promise.all([chat.send('1'), chat.send('2'), old.send('a')]));
    await clock.advance(500);
    simulate(bob, 'peer-reload');
    const fresh = bob.session.channel('chat', { resume });
    const atBob = hearing(fresh);
    await clock.until(Promise.all([fresh.send('b'), fresh.opened]));
    await clock.until(chat.send('3'));
    await clock.advance(500);
    expect([atAlice, atBob]).toEqual([['a', 'b'], ['3']]);
    expect(warningsOf(alice)).not.toContain('messages-lost');
    await pair.close();
  });
});
