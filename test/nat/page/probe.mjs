const EVERY_MS = 50;

/** Watches what arrives in a call, in the same way for every library: frames on a video element, numbered messages on a channel. */
export function createProbe(video) {
  const frames = [];
  const messages = [];
  const mine = Math.random().toString(36).slice(2);
  const theirs = new Map(); // life of the other page -> its count
  let sent = 0;
  let refused = 0;
  let send = null;
  let timer;
  let first;
  const arrived = new Promise((resolve) => {
    first = resolve;
  });
  const onFrame = () => {
    frames.push(Date.now());
    settle();
    video.requestVideoFrameCallback(onFrame);
  };
  const settle = () => {
    if ((frames.length > 0 || !video.srcObject) && messages.length > 0) first({ frame: frames[0], message: messages[0] });
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
      messages.push(Date.now());
      settle();
      const { life, n } = JSON.parse(text);
      const count = theirs.get(life) ?? { received: 0, last: 0, repeated: 0, disordered: 0, seen: new Set() };
      theirs.set(life, count);
      if (count.seen.has(n)) count.repeated += 1;
      else if (n < count.last) count.disordered += 1;
      if (!count.seen.has(n)) count.received += 1;
      count.seen.add(n);
      count.last = Math.max(count.last, n);
    },
    countUp() {
      clearInterval(timer);
      timer = setInterval(sendOne, EVERY_MS);
    },
    stopCounting: () => clearInterval(timer),
    /** Since when frames and messages flow again, looking from a point in time; `null`: they do not. */
    flowingSince: (time) => ({ media: flowing(frames, time), data: flowing(messages, time), ...longestGap(frames, time) }),
    report: () => ({
      life: mine,
      sent,
      refused,
      frames: frames.length,
      messages: messages.length,
      theirs: Object.fromEntries([...theirs].map(([life, { seen, ...rest }]) => [life, rest])),
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
