import { existsSync, mkdirSync } from 'node:fs';
import { chromium, firefox } from 'playwright';
import { run } from './shell.mjs';

const first = (...paths) => paths.find((path) => path && existsSync(path));
export const BROWSERS = {
  chromium: () => first(process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/google-chrome'),
  firefox: () => first(process.env.FIREFOX_PATH, '/usr/bin/firefox-esr', '/usr/bin/firefox'),
};

/** Starts a browser with fake cameras which trusts the laboratory's certificate authority. */
export async function launchBrowser({ engine, profile, authority }) {
  mkdirSync(profile, { recursive: true });
  const context = await (engine === 'firefox' ? launchFirefox : launchChromium)(profile, authority);
  return { context, close: () => context.close() };
}

function launchChromium(profile) {
  return chromium.launchPersistentContext(profile, {
    executablePath: BROWSERS.chromium(),
    args: [
      '--no-sandbox',
      '--autoplay-policy=no-user-gesture-required',
      '--ignore-certificate-errors',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      // What a page in a window in front of the user has: its timers are not throttled.
      '--disable-background-timer-throttling',
      '--disable-renderer-backgrounding',
      '--disable-backgrounding-occluded-windows',
    ],
  });
}

function launchFirefox(profile, authority) {
  // Firefox reads authorities from the profile's own store; nothing on the command line makes it accept a bad one for TURN.
  run('certutil', ['-N', '-d', `sql:${profile}`, '--empty-password']);
  run('certutil', ['-A', '-d', `sql:${profile}`, '-n', 'lab', '-t', 'C,,', '-i', authority]);
  return firefox.launchPersistentContext(profile, {
    channel: 'moz-firefox', // The stock browser, over WebDriver BiDi; not Playwright's own build.
    executablePath: BROWSERS.firefox(),
    firefoxUserPrefs: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      'media.autoplay.default': 0,
      'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false,
      'dom.min_background_timeout_value': 4, // See launchChromium: as if the page were in front.
    },
  });
}
