// @ts-check
// What stands in where there is no camera or microphone: a moving picture and a quiet tone.

const NOTES = [261.6, 293.7, 329.6, 392.0, 440.0];
const EVERY_S = 2;

/** When the last note was struck, so that the picture can show it: sound and picture can be compared by eye and ear. */
let struckAt = Number.NEGATIVE_INFINITY;

/**
 * A drawn picture as a video track, 960 x 540. `stop()` ends it.
 *
 * @param {number} hue 0 to 360: the two sides look different
 * @returns {{ track: MediaStreamTrack, stop: () => void }}
 */
export function drawnCamera(hue) {
  const canvas = document.createElement('canvas');
  canvas.width = 960;
  canvas.height = 540;
  const paint = canvas.getContext('2d');
  if (!paint) throw new Error('This browser cannot draw.');
  const ticker = new Worker(new URL('./ticker.js', import.meta.url));
  const draw = () => drawFrame(paint, hue, performance.now());
  ticker.onmessage = draw;
  draw();
  const track = canvas.captureStream().getVideoTracks()[0];
  if (!track) throw new Error('This browser cannot turn a drawing into video.');
  return {
    track,
    stop() {
      ticker.terminate();
      track.stop();
    },
  };
}

/**
 * @param {CanvasRenderingContext2D} paint
 * @param {number} hue
 * @param {number} now
 */
function drawFrame(paint, hue, now) {
  const { width, height } = paint.canvas;
  const unit = height / 360;
  const s = now / 1000;
  const sky = paint.createLinearGradient(0, 0, width, height);
  sky.addColorStop(0, `hsl(${hue} 42% 34%)`);
  sky.addColorStop(1, `hsl(${hue + 50} 46% 20%)`);
  paint.fillStyle = sky;
  paint.fillRect(0, 0, width, height);

  for (let i = 0; i < 3; i++) {
    const x = width * (0.5 + 0.38 * Math.sin(s * (0.23 + i * 0.07) + i * 2.1));
    const y = height * (0.5 + 0.36 * Math.cos(s * (0.19 + i * 0.09) + i * 1.3));
    const light = paint.createRadialGradient(x, y, 0, x, y, 190 * unit);
    light.addColorStop(0, `hsl(${hue + i * 28} 70% 62% / 0.5)`);
    light.addColorStop(1, `hsl(${hue + i * 28} 70% 62% / 0)`);
    paint.fillStyle = light;
    paint.fillRect(0, 0, width, height);
  }

  // A ring that runs once round in two seconds, and a wave that leaves it with every note.
  const turn = ((s % EVERY_S) / EVERY_S) * Math.PI * 2 - Math.PI / 2;
  const wave = (now - struckAt) / 900;
  paint.lineCap = 'round';
  if (wave < 1) ring(paint, unit * (74 + wave * 60), 0, Math.PI * 2, 2 * unit, 0.55 * (1 - wave));
  ring(paint, 74 * unit, 0, Math.PI * 2, 5 * unit, 0.22);
  ring(paint, 74 * unit, turn - 0.9, turn, 5 * unit, 0.95);

  const clock = new Date();
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  paint.fillStyle = '#fff';
  paint.textAlign = 'center';
  paint.textBaseline = 'middle';
  paint.font = `600 ${27 * unit}px system-ui, "Liberation Sans", sans-serif`;
  const time = `${two(clock.getMinutes())}:${two(clock.getSeconds())}.${Math.floor(clock.getMilliseconds() / 100)}`;
  paint.fillText(time, width / 2, height / 2 + 1);
}

/**
 * @param {CanvasRenderingContext2D} paint
 * @param {number} radius
 * @param {number} from
 * @param {number} to
 * @param {number} thick
 * @param {number} alpha
 */
function ring(paint, radius, from, to, thick, alpha) {
  paint.beginPath();
  paint.arc(paint.canvas.width / 2, paint.canvas.height / 2, radius, from, to);
  paint.lineWidth = thick;
  paint.strokeStyle = `rgb(255 255 255 / ${alpha})`;
  paint.stroke();
}

/**
 * A quiet note every two seconds as an audio track, heard by the other side only. Browsers keep it silent until the
 * person has touched the page once.
 *
 * @returns {{ track: MediaStreamTrack, stop: () => void }}
 */
export function drawnMicrophone() {
  const audio = new AudioContext();
  const out = audio.createMediaStreamDestination();
  const track = out.stream.getAudioTracks()[0];
  if (!track) throw new Error('This browser cannot turn a tone into sound to send.');

  // A bed that is barely there, so that the line is never dead, and the notes above it.
  const bed = audio.createOscillator();
  const quiet = audio.createGain();
  bed.frequency.value = 130.8;
  quiet.gain.value = 0.004;
  bed.connect(quiet).connect(out);
  bed.start();

  let count = 0;
  const strike = () => {
    if (audio.state !== 'running') return;
    const note = audio.createOscillator();
    const swell = audio.createGain();
    note.frequency.value = NOTES[(count++ * 2) % NOTES.length] ?? 440;
    swell.gain.setValueAtTime(0, audio.currentTime);
    swell.gain.linearRampToValueAtTime(0.07, audio.currentTime + 0.03);
    swell.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + 1.4);
    note.connect(swell).connect(out);
    note.start();
    note.stop(audio.currentTime + 1.5);
    struckAt = performance.now();
  };
  const timer = setInterval(strike, EVERY_S * 1000);

  const touched = new AbortController();
  const wake = () => void audio.resume();
  for (const type of ['pointerdown', 'keydown']) addEventListener(type, wake, { signal: touched.signal });
  audio.addEventListener('statechange', () => {
    if (audio.state === 'running') touched.abort();
  });

  return {
    track,
    stop() {
      clearInterval(timer);
      touched.abort();
      track.stop();
      void audio.close();
    },
  };
}
