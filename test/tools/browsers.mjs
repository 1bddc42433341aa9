// @ts-check
// Where the browsers are and how tests start them: for vitest's in-page tests, for tests driven from Node, for benches.
import { existsSync } from 'node:fs';
import playwright from 'playwright';

const found = (/** @type {(string | undefined)[]} */ ...paths) => paths.find((path) => path !== undefined && existsSync(path));

/** The path of Chromium or Chrome, or undefined. `CHROMIUM_PATH` goes first. */
export const chromiumPath = found(
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
);

/** The path of a stock Firefox, or undefined. `FIREFOX_PATH` goes first. */
export const firefoxPath = found(
  process.env['FIREFOX_PATH'],
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
);

const asRoot = process.getuid?.() === 0;

/**
 * Launch options with a fake camera and microphone (a moving picture and a beep) and no question to the user.
 * Sandboxes do not work for root, so root goes without.
 */
export const chromiumOptions = {
  ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
  args: [
    ...(asRoot ? ['--no-sandbox'] : []),
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    '--autoplay-policy=no-user-gesture-required',
    '--auto-select-desktop-capture-source=Entire screen',
  ],
};

/** The same for Firefox: the stock browser over WebDriver BiDi, so `channel` must stay. */
export const firefoxOptions = {
  channel: 'moz-firefox',
  ...(firefoxPath === undefined ? {} : { executablePath: firefoxPath }),
  firefoxUserPrefs: {
    'media.navigator.streams.fake': true,
    'media.navigator.permission.disabled': true,
    'media.autoplay.default': 0,
    'media.peerconnection.ice.loopback': true,
    'media.getusermedia.insecure.enabled': false,
  },
};

/**
 * Starts Chromium without a window. The caller closes it.
 *
 * @param {import('playwright').LaunchOptions} [options]
 * @returns {Promise<import('playwright').Browser>}
 */
export function launchChromium(options = {}) {
  return playwright.chromium.launch({ ...chromiumOptions, ...options, args: [...chromiumOptions.args, ...(options.args ?? [])] });
}

/**
 * Starts Firefox without a window. The caller closes it.
 *
 * @param {import('playwright').LaunchOptions} [options]
 * @returns {Promise<import('playwright').Browser>}
 */
export function launchFirefox(options = {}) {
  const firefoxUserPrefs = { ...firefoxOptions.firefoxUserPrefs, ...options.firefoxUserPrefs };
  return playwright.firefox.launch({ ...firefoxOptions, ...options, firefoxUserPrefs });
}
