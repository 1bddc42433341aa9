import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workFolder } from './namespaces.mjs';
import { HOSTS, PUBLIC } from './network.mjs';
import { run } from './shell.mjs';

let made;

/** A certificate authority made for this run, and a certificate by it for the addresses of the public side. */
export function certificate() {
  made ??= make(workFolder());
  return made;
}

function make(folder) {
  const at = (file) => join(folder, file);
  const openssl = (...args) => run('openssl', args);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...key, '-days', 2, '-subj', '/CN=Network laboratory', '-keyout', at('ca.key'), '-out', at('ca.crt'));
  openssl('req', ...key, '-subj', '/CN=lab.test', '-keyout', at('server.key'), '-out', at('server.csr'));
  const names = [...Object.keys(HOSTS).map((name) => `DNS:${name}`), ...Object.values(PUBLIC).map((address) => `IP:${address}`)];
  writeFileSync(at('extensions'), `subjectAltName=${names}\nextendedKeyUsage=serverAuth\n`);
  openssl(
    'x509',
    '-req',
    '-in',
    at('server.csr'),
    '-CA',
    at('ca.crt'),
    '-CAkey',
    at('ca.key'),
    '-CAcreateserial',
    '-days',
    2,
    '-extfile',
    at('extensions'),
    '-out',
    at('server.crt'),
  );
  return { authority: at('ca.crt'), certificate: at('server.crt'), key: at('server.key') };
}
