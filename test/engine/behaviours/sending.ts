// send(), its buffer and its limits: webrtc-pc 6.2.3; CORRECTNESS 6.1, 6.2, 6.8.
import { type Behaviour, behaviour, differs, same } from '../environment.js';
import { answerOf, channelPair, negotiate, offerOf, pairOf } from '../negotiate.js';
import { log, next, opened, verdictOf } from '../observe.js';

const KB = 1024;

export const sending: readonly Behaviour[] = [
  behaviour(
    'send: before it is open, and after',
    same(['InvalidStateError', 'InvalidStateError'], { firefox: ['InvalidStateError', 'returned'] }),
    async (env) => {
      const early = env.connection().createDataChannel('x');
      const { near } = await channelPair(env);
      near.close();
      return [verdictOf(() => early.send('x')), verdictOf(() => near.send('x'))];
    },
  ),

  behaviour('send: what arrives of each type', same(['text', 'null', '', 'bytes 3', 'bytes 0', 'bytes 2']), async (env) => {
    const { near, far } = await channelPair(env);
    const heard: string[] = [];
    const all = new Promise<void>((resolve) => {
      far.addEventListener('message', ({ data }) => {
        heard.push(data instanceof ArrayBuffer ? `bytes ${data.byteLength}` : String(data));
        if (heard.length === 6) resolve();
      });
    });
    near.send('text');
    near.send(null as unknown as string);
    near.send('');
    near.send(new Uint8Array([1, 2, 3]));
    near.send(new ArrayBuffer(0));
    near.send(new Uint8Array([1, 2, 3, 4]).subarray(1, 3));
    await all;
    return heard;
  }),

  behaviour(
    'send: a message behind a Blob',
    differs({ chromium: ['text', 'blob'], firefox: ['blob', 'text'], strict: ['blob', 'text'] }),
    async (env) => {
      const { near, far } = await channelPair(env);
      const heard: string[] = [];
      const both = new Promise<void>((resolve) => {
        far.addEventListener('message', ({ data }) => {
          if (heard.push(typeof data === 'string' ? 'text' : 'blob') === 2) resolve();
        });
      });
      near.send(new Blob(['from a blob']));
      near.send('text');
      await both;
      return heard;
    },
  ),

  behaviour('send: bufferedAmount counts bytes and falls in a later task', same([5, 11, 0, 1]), async (env) => {
    const { near } = await channelPair(env);
    const low = next(near, 'bufferedamountlow');
    const heard = log(near, ['bufferedamountlow']);
    near.send('12345');
    const first = near.bufferedAmount;
    near.send('äöü');
    const second = near.bufferedAmount;
    await low;
    await env.pass(50);
    return [first, second, near.bufferedAmount, Math.min(heard.length, 1)];
  }),

  behaviour('send: bufferedamountlow at the threshold', same([true, true]), async (env) => {
    const { near } = await channelPair(env);
    near.bufferedAmountLowThreshold = 128 * KB;
    let at = -1;
    near.addEventListener('bufferedamountlow', () => (at = near.bufferedAmount));
    const low = next(near, 'bufferedamountlow');
    for (let i = 0; i < 16; i++) near.send(new Uint8Array(64 * KB));
    const full = near.bufferedAmount;
    await low;
    return [full === 1024 * KB, at <= 128 * KB];
  }),

  behaviour('send: a message above maxMessageSize', same([4096, 'TypeError', 'open', 'returned']), async (env) => {
    const pair = await pairOf(env);
    const near = pair.a.createDataChannel('x');
    const open = opened(near);
    await pair.b.setRemoteDescription(await offerOf(pair.a));
    const { sdp = '' } = await answerOf(pair.b);
    await pair.a.setRemoteDescription({ type: 'answer', sdp: sdp.replace(/max-message-size:\d+/, 'max-message-size:4096') });
    await open;
    return [
      pair.a.sctp?.maxMessageSize,
      verdictOf(() => near.send(new Uint8Array(4097))),
      near.readyState,
      verdictOf(() => near.send(new Uint8Array(4096))),
    ];
  }),

  behaviour('sctp: without a=max-message-size 65536 bytes are the limit', same(65_536), async (env) => {
    const pair = await pairOf(env);
    pair.a.createDataChannel('x');
    await pair.b.setRemoteDescription(await offerOf(pair.a));
    const { sdp = '' } = await answerOf(pair.b);
    await pair.a.setRemoteDescription({ type: 'answer', sdp: sdp.replace(/a=max-message-size:\d+\r\n/, '') });
    return pair.a.sctp?.maxMessageSize;
  }),

  behaviour(
    'sctp: its states, and none before the exchange',
    same([null, 'connecting', 'connecting', 'connected', null]),
    async (env) => {
      const pair = await pairOf(env);
      const channel = pair.a.createDataChannel('x');
      const out: unknown[] = [pair.a.sctp];
      await offerOf(pair.a);
      out.push(pair.a.sctp?.state ?? null);
      const open = opened(channel);
      await negotiate(pair.a, pair.b);
      out.push(pair.a.sctp?.state);
      await open;
      const other = env.connection();
      other.createDataChannel('x');
      await offerOf(other);
      await other.setLocalDescription({ type: 'rollback', sdp: '' });
      return [...out, pair.a.sctp?.state, other.sctp];
    },
  ),

  behaviour(
    'send: the queue of one channel',
    differs({ chromium: ['OperationError', 'open'], firefox: ['returned', 'open'], strict: ['returned', 'open'] }),
    async (env) => {
      const { near } = await channelPair(env);
      const chunk = new Uint8Array(256 * KB - 1);
      const outcome = verdictOf(() => {
        for (let i = 0; i < 80; i++) near.send(chunk);
      });
      return [outcome, near.readyState];
    },
  ),

  behaviour(
    'sctp: limits',
    differs({
      chromium: { size: 262_144, channels: 65_535 },
      firefox: { size: 1_073_741_823, channels: null },
      strict: { size: 262_144, channels: 65_535 },
    }),
    async (env) => {
      const { a } = await channelPair(env);
      return { size: a.sctp?.maxMessageSize, channels: a.sctp?.maxChannels };
    },
  ),
];
