import { createTally, createTimes } from './tally.mjs';

const EVERY_MS = 50;
/** As far back as a case looks: the longest outage, the wait for its end, and more. */
const KEPT_TIMES = 3_000;

/** Watches what arrives in a call, in the same way for every library: frames on a video element, numbered messages on a channel. */
export function createProbe(video) {
  const frames = createTimes(KEPT_TIMES);
  const messages = createTimes(KEPT_TIMES);
  const mine = Math.random().toString(36).slice(2);
  const theirs = new Map(); // life of the other page -> its count
  let sent = 0;
  let refused = 0;
  let send = null;
  let timer;
  let firstFrame;
  let firstMessage;
  let first;
  const arrived = new Promise((resolve) => {
    first = resolve;
  });
  const onFrame = () => {
    frames.add(Date.now());
    firstFrame ??= frames.newest[0];
    settle();
    video.requestVideoFrameCallback(onFrame);
  };
  const settle = () => {
    if ((firstFrame || !video.srcObject) && firstMessage) first({ frame: firstFrame, message: firstMessage });
  };
  video.requestVideoFrameCallback(onFrame);

  const sendOne = () => {
    if (!send) return;
    sent += 1;
    try {
      Promise.resolve(send(JSON.stringify({ life: mine, n: sent }))).catch(() => {
        refused += 1;
      });
    } catch {
      refused += 1;
    }
  };

  return {
    arrived,
    /** Gives the probe a stream to show. */
    show(stream) {
      if (video.srcObject !== stream) video.srcObject = stream;
      video.play().catch(() => {});
    },
    /** Gives the probe the way to send. The first number goes out at once. */
    sendWith(f) {
      send = f;
      sendOne();
    },
    /** Gives the probe what came in. */
    receive(text) {
      messages.add(Date.now());
      firstMessage ??= messages.newest[0];
      settle();
      const { life, n } = JSON.parse(text);
      if (!theirs.has(life)) theirs.set(life, createTally());
      theirs.get(life).add(n);
    },
    countUp() {
      clearInterval(timer);
      timer = setInterval(sendOne, EVERY_MS);
    },
    stopCounting: () => clearInterval(timer),
    /** Since when frames and messages flow again, looking from a point in time; `null`: they do not. */
    flowingSince: (time) => ({
      media: flowing(frames.newest, time),
      data: flowing(messages.newest, time),
      ...longestGap(frames.newest, time),
    }),
    report: () => ({
      life: mine,
      sent,
      refused,
      frames: frames.total,
      messages: messages.total,
      theirs: Object.fromEntries([...theirs].map(([life, { counts }]) => [life, counts])),
    }),
  };
}

/** The first time from which five more come within two seconds: a single late frame is not a picture that moves. */
function flowing(times, from) {
  const start = times.findIndex((t) => t >= from);
  if (start < 0) return null;
  for (let i = start; i + 5 < times.length; i++) if (times[i + 5] - times[i] < 2000) return times[i];
  return null;
}

function longestGap(times, from) {
  let longest = { gap: 0, gapAt: null };
  for (let i = 1; i < times.length; i++) {
    const gap = times[i] - times[i - 1];
    if (times[i] >= from && gap > longest.gap) longest = { gap, gapAt: times[i - 1] };
  }
  return longest;
}
