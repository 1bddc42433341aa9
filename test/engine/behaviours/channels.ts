// Data channels: webrtc-pc 6, RFC 8831, 8832; web-platform-tests RTCDataChannel-*; CORRECTNESS 6 and 11.9.
import { type Behaviour, behaviour, differs, same } from '../environment.js';
import { channelPair, negotiate, pairOf } from '../negotiate.js';
import { log, next, opened, verdictOf } from '../observe.js';

const KB = 1024;

export const channels: readonly Behaviour[] = [
  behaviour(
    'channel: defaults',
    same({
      state: 'connecting',
      ordered: true,
      lifetime: null,
      retransmits: null,
      id: null,
      protocol: '',
      binary: 'arraybuffer',
      negotiated: false,
      low: 0,
    }),
    async (env) => {
      const channel = env.connection().createDataChannel('x');
      return {
        state: channel.readyState,
        ordered: channel.ordered,
        lifetime: channel.maxPacketLifeTime,
        retransmits: channel.maxRetransmits,
        id: channel.id,
        protocol: channel.protocol,
        binary: channel.binaryType,
        negotiated: channel.negotiated,
        low: channel.bufferedAmountLowThreshold,
      };
    },
  ),

  behaviour(
    'channel: options that are refused',
    same({
      both: 'TypeError',
      'negotiated without id': 'TypeError',
      'id too large': 'TypeError',
      'long label': 'TypeError',
      'id twice': 'OperationError',
      'id ignored': 'returned',
    }),
    async (env) => {
      const pc = env.connection();
      pc.createDataChannel('one', { negotiated: true, id: 5 });
      return {
        both: verdictOf(() => pc.createDataChannel('x', { maxRetransmits: 1, maxPacketLifeTime: 1 })),
        'negotiated without id': verdictOf(() => pc.createDataChannel('x', { negotiated: true })),
        'id too large': verdictOf(() => pc.createDataChannel('x', { negotiated: true, id: 65_535 })),
        'long label': verdictOf(() => pc.createDataChannel('x'.repeat(65_536))),
        'id twice': verdictOf(() => pc.createDataChannel('two', { negotiated: true, id: 5 })),
        'id ignored': verdictOf(() => pc.createDataChannel('three', { id: 5 })),
      };
    },
  ),

  behaviour(
    'channel: what the other side sees of it',
    same({ label: 'talk', ordered: false, retransmits: 2, lifetime: null, protocol: 'words', negotiated: false }),
    async (env) => {
      const { far } = await channelPair(env, { ordered: false, maxRetransmits: 2, protocol: 'words' });
      return {
        label: far.label,
        ordered: far.ordered,
        retransmits: far.maxRetransmits,
        lifetime: far.maxPacketLifeTime,
        protocol: far.protocol,
        negotiated: far.negotiated,
      };
    },
  ),

  behaviour(
    'channel: ids are even for the DTLS client, odd for the server',
    same({ offerer: [1, 3], answerer: 0 }),
    async (env) => {
      const { a, b, near } = await channelPair(env);
      const second = a.createDataChannel('second');
      const own = b.createDataChannel('own');
      await Promise.all([opened(second), opened(own)]);
      return { offerer: [near.id, second.id], answerer: own.id };
    },
  ),

  behaviour('channel: the id of a closed one is given again', same([true, true]), async (env) => {
    const { a, b, near, far } = await channelPair(env);
    const { id } = near;
    const both = Promise.all([next(near, 'close'), next(far, 'close')]);
    near.close();
    await both;
    const announced = next<RTCDataChannelEvent>(b, 'datachannel');
    const again = a.createDataChannel('again');
    const { channel } = await announced;
    return [again.id === id, channel.id === id];
  }),

  behaviour('channel: open already when it is announced, `open` follows', same({ at: 'open', heard: ['open'] }), async (env) => {
    const pair = await pairOf(env);
    pair.a.createDataChannel('x');
    const announced = new Promise<{ at: string; heard: string[] }>((resolve) => {
      pair.b.addEventListener('datachannel', ({ channel }) => {
        const at = channel.readyState;
        const heard = log(channel, ['open']);
        channel.addEventListener('open', () => resolve({ at, heard }));
      });
    });
    await negotiate(pair.a, pair.b);
    return announced;
  }),

  behaviour('channel: a message sent on open reaches a handler set on datachannel', same(['first', 'second']), async (env) => {
    const pair = await pairOf(env);
    const near = pair.a.createDataChannel('x');
    near.addEventListener('open', () => {
      near.send('first');
      near.send('second');
    });
    const heard: unknown[] = [];
    const both = new Promise<void>((resolve) => {
      pair.b.addEventListener('datachannel', ({ channel }) => {
        channel.addEventListener('message', ({ data }) => {
          if (heard.push(data) === 2) resolve();
        });
      });
    });
    await negotiate(pair.a, pair.b);
    await both;
    return heard;
  }),

  behaviour(
    'channel: messages for a negotiated one that is not there yet',
    differs({ chromium: [], firefox: ['early'], strict: [] }),
    async (env) => {
      const { a, b, near, far } = await channelPair(env);
      const early = a.createDataChannel('n', { negotiated: true, id: 50 });
      await opened(early);
      early.send('early');
      const arrived = next(far, 'message');
      near.send('behind it');
      await arrived;
      const late = b.createDataChannel('n', { negotiated: true, id: 50 });
      const heard: unknown[] = [];
      late.addEventListener('message', ({ data }) => heard.push(data));
      await opened(late);
      await env.pass(100);
      return heard;
    },
  ),

  behaviour('channel: a second one needs no negotiation and opens at once', same(['connecting', 0]), async (env) => {
    const { a } = await channelPair(env);
    const needed = log(a, ['negotiationneeded']);
    const second = a.createDataChannel('second');
    const at = second.readyState;
    await opened(second);
    return [at, needed.length];
  }),

  behaviour(
    'closing: the events of both sides',
    same({ near: ['close'], far: ['close'], at: 'closing', ends: ['closed', 'closed'] }),
    async (env) => {
      const { near, far } = await channelPair(env);
      const heard = { near: log(near, ['closing', 'close', 'error']), far: log(far, ['closing', 'close', 'error']) };
      const both = Promise.all([next(near, 'close'), next(far, 'close')]);
      near.close();
      const at = near.readyState;
      await both;
      // `closing` of the far side is skipped where its own reset came at once (Chromium 156, some runs).
      return {
        near: heard.near,
        far: heard.far.filter((type) => type !== 'closing'),
        at,
        ends: [near.readyState, far.readyState],
      };
    },
  ),

  behaviour('closing: what was sent before it arrives', same(40), async (env) => {
    const { near, far } = await channelPair(env);
    let arrived = 0;
    far.addEventListener('message', () => (arrived += 1));
    const closed = next(far, 'close');
    for (let i = 0; i < 40; i++) near.send(new Uint8Array(16 * KB));
    near.close();
    await closed;
    return arrived;
  }),

  behaviour(
    'closing: before it ever opened',
    differs({
      chromium: { at: 'closing', offered: 0, later: 'closed' },
      firefox: { at: 'closing', offered: 1, later: 'closed' },
      strict: { at: 'closing', offered: 1, later: 'closed' },
    }),
    async (env) => {
      const pc = env.connection();
      const channel = pc.createDataChannel('x');
      channel.close();
      const at = channel.readyState;
      await env.pass(100);
      const { sdp = '' } = await pc.createOffer();
      return { at, offered: sdp.includes('m=application') ? 1 : 0, later: channel.readyState };
    },
  ),

  behaviour('channel: survives an ICE restart', same(['open', 'after']), async (env) => {
    const { a, b, near, far } = await channelPair(env);
    const done = next(a, 'icegatheringstatechange', () => a.iceGatheringState === 'complete');
    await negotiate(a, b, { iceRestart: true });
    await done;
    const arrived = next<MessageEvent>(far, 'message');
    near.send('after');
    return [near.readyState, (await arrived).data];
  }),
];
