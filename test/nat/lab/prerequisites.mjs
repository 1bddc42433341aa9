import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** program -> the Debian package it comes from. */
const NEEDED = {
  ip: 'iproute2',
  nft: 'nftables',
  conntrack: 'conntrack',
  sysctl: 'procps',
  setpriv: 'util-linux',
  turnserver: 'coturn',
  openssl: 'openssl',
  certutil: 'libnss3-tools',
  chromium: 'chromium',
  'firefox-esr': 'firefox-esr',
};
const PLACES = ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/local/bin'];
const OTHERWISE = {
  chromium: ['google-chrome', process.env.CHROMIUM_PATH],
  'firefox-esr': ['firefox', process.env.FIREFOX_PATH],
};

const has = (program) =>
  [program, ...(OTHERWISE[program] ?? [])]
    .filter(Boolean)
    .some((name) => [name, ...PLACES.map((place) => `${place}/${name}`)].some(existsSync));

/** Installs what the laboratory lacks. Gives one line that says what is wrong, or nothing. */
export function installWhatIsMissing() {
  if (process.platform !== 'linux') return 'test:nat needs Linux: it builds networks out of network namespaces.';
  if (process.getuid() !== 0) return 'test:nat needs root, to make network namespaces: run it with sudo.';
  const packages = lacking();
  if (packages.length > 0) {
    console.log(`installing ${packages.join(' ')}`);
    const apt = (...args) =>
      spawnSync('apt-get', args, {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    apt('update', '-qq');
    apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
    const still = lacking();
    if (still.length > 0) return `test:nat needs these Debian packages, and apt-get could not install them: ${still.join(' ')}`;
  }
  const probe = spawnSync('unshare', ['--net', 'true']);
  if (probe.status !== 0)
    return 'test:nat needs network namespaces, and this machine does not allow to make one (a container without CAP_SYS_ADMIN?).';
  return null;
}

const lacking = () =>
  Object.keys(NEEDED)
    .filter((program) => !has(program))
    .map((program) => NEEDED[program]);
