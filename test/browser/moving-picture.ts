import type { Page } from 'playwright';

/**
 * Waits until the picture in a `<video>` is lit and has changed: compares the pixels of a first frame with those of later ones.
 * States and frame counters can say "playing" over a black or frozen picture; pixels cannot.
 */
export async function pictureMoves(page: Page, selector: string): Promise<void> {
  const handle = await page.waitForFunction((query) => {
    const video = document.querySelector(query);
    if (!(video instanceof HTMLVideoElement) || video.videoWidth === 0 || video.readyState < 2) return false;
    const kept = globalThis as { firstFrames?: Map<string, Uint8ClampedArray> };
    kept.firstFrames ??= new Map();
    const canvas = document.createElement('canvas');
    canvas.width = 64;
    canvas.height = 36;
    const paint = canvas.getContext('2d');
    if (!paint) return false;
    paint.drawImage(video, 0, 0, 64, 36);
    const now = paint.getImageData(0, 0, 64, 36).data;
    const lit = now.some((value, i) => i % 4 !== 3 && value > 60);
    const first = kept.firstFrames.get(query);
    if (!first) {
      if (lit) kept.firstFrames.set(query, now);
      return false;
    }
    const changed = now.reduce((count, value, i) => count + (Math.abs(value - (first[i] ?? 0)) > 24 ? 1 : 0), 0);
    if (!lit || changed < 20) return false;
    kept.firstFrames.delete(query);
    return true;
  }, selector);
  await handle.dispose();
}
