// @ts-check
// A worker that ticks. Timers of a page in the background are slowed down to one a second, those of a worker are not:
// the test picture keeps moving for the other side while this tab is behind another.
setInterval(() => postMessage(0), 1000 / 20);
