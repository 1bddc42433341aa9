import { describe, expect, it } from 'vitest';
import { pathOf, type Route, sameRoute } from '../../../src/ice/route.js';

const routeOf = (reports: readonly { readonly id: string }[]): Route | null =>
  pathOf(new Map(reports.map((report) => [report.id, report])) as never)?.route ?? null;

type Fields = Record<string, unknown> & { readonly id: string };
const end = (id: string, candidateType: string, address: string | undefined, fields: object = {}): Fields => ({
  id,
  type: id.startsWith('l') ? 'local-candidate' : 'remote-candidate',
  candidateType,
  ...(address !== undefined && { address }),
  port: 50_000,
  protocol: 'udp',
  ...fields,
});
const pair = (fields: object = {}): Fields => ({
  id: 'p1',
  type: 'candidate-pair',
  localCandidateId: 'l1',
  remoteCandidateId: 'r1',
  state: 'succeeded',
  nominated: true,
  currentRoundTripTime: 0.0234,
  ...fields,
});
const transport: Fields = { id: 't', type: 'transport', selectedCandidatePairId: 'p1' };

/** Chromium tells the pair by its transport; Firefox ESR has no transport and tells `selected`. */
const chromium = (...reports: Fields[]): Route | null => routeOf([transport, pair(), ...reports] as never);
const firefox = (...reports: Fields[]): Route | null => routeOf([pair({ selected: true }), ...reports] as never);

const LAN = '192.168.1.5';
const WEB = '203.0.113.7';
const MDNS = '6e4f1a2b.local';

const cases: readonly (readonly [kind: Route['kind'], ends: string, Fields, Fields])[] = [
  ['host', 'host - host', end('l1', 'host', LAN), end('r1', 'host', '192.168.1.6')],
  ['host', 'host - host, public addresses', end('l1', 'host', WEB), end('r1', 'host', '203.0.113.8')],
  ['host', 'host - host, IPv6', end('l1', 'host', '2001:db8::1'), end('r1', 'host', '2001:db8::2')],
  ['host', 'names by mDNS', end('l1', 'host', MDNS), end('r1', 'host', MDNS)],
  ['host', 'host - prflx, same network', end('l1', 'host', LAN), end('r1', 'prflx', '10.0.0.3')],
  ['host', 'host - prflx, hidden', end('l1', 'host', undefined), end('r1', 'prflx', undefined)],
  ['srflx', 'srflx - host', end('l1', 'srflx', WEB), end('r1', 'host', WEB)],
  ['srflx', 'host - srflx', end('l1', 'host', LAN), end('r1', 'srflx', WEB)],
  ['srflx', 'prflx behind a router', end('l1', 'host', LAN), end('r1', 'prflx', WEB)],
  ['srflx', 'we are prflx behind a router', end('l1', 'prflx', WEB), end('r1', 'host', WEB)],
  ['relay', 'local relay', end('l1', 'relay', WEB, { relayProtocol: 'udp' }), end('r1', 'host', LAN)],
  ['relay', 'remote relay', end('l1', 'host', LAN), end('r1', 'relay', WEB)],
  ['relay', 'both relay', end('l1', 'relay', WEB, { relayProtocol: 'tls' }), end('r1', 'relay', WEB)],
  ['relay', 'prflx - relay, behind symmetric routers', end('l1', 'prflx', WEB), end('r1', 'relay', WEB)],
];

describe('routeOf', () => {
  it.each(cases)('%s <- %s', (kind, _, local, remote) => {
    expect(chromium(local, remote)?.kind).toBe(kind);
    expect(firefox(local, remote)?.kind).toBe(kind);
  });

  it('tells both ends and the round trip', () => {
    expect(chromium(end('l1', 'host', LAN), end('r1', 'srflx', WEB, { port: 1234 }))).toEqual({
      kind: 'srflx',
      protocol: 'udp',
      local: { type: 'host', address: LAN, port: 50_000 },
      remote: { type: 'srflx', address: WEB, port: 1234 },
      rttMs: 23,
    });
  });

  it.each(['udp', 'tcp', 'tls'])('tells how the TURN server is reached: %s', (relayProtocol) => {
    expect(chromium(end('l1', 'relay', WEB, { relayProtocol }), end('r1', 'host', LAN))?.relayProtocol).toBe(relayProtocol);
  });

  it('no relay protocol where nothing is relayed on our side', () => {
    expect(chromium(end('l1', 'host', LAN), end('r1', 'relay', WEB))).not.toHaveProperty('relayProtocol');
  });

  it.each(['tcp', 'TCP'])('direct TCP, as written by the engine: %s', (protocol) => {
    expect(chromium(end('l1', 'host', LAN, { protocol }), end('r1', 'host', LAN, { protocol }))?.protocol).toBe('tcp');
  });

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['Firefox: (redacted)', '(redacted)'],
  ])('a hidden address is null: %s', (_, address) => {
    const route = chromium(end('l1', 'host', address, { port: 0 }), end('r1', 'host', LAN));
    expect(route?.local).toEqual({ type: 'host', address: null, port: null });
  });

  it('of several pairs the one that the transport names', () => {
    const other = pair({ id: 'p0', localCandidateId: 'l0', bytesReceived: 9e9 });
    const relay = end('l0', 'relay', WEB);
    expect(chromium(other, relay, end('l1', 'host', LAN), end('r1', 'host', LAN))?.kind).toBe('host');
  });

  it('no transport, nothing selected: the nominated pair that carried most', () => {
    const reports = [
      pair({ id: 'p0', localCandidateId: 'l0', bytesReceived: 10 }),
      pair({ bytesReceived: 2_000 }),
      pair({ id: 'p2', localCandidateId: 'l0', bytesReceived: 9_000, nominated: false }),
      pair({ id: 'p3', localCandidateId: 'l0', bytesReceived: 9_000, state: 'failed' }),
      end('l0', 'relay', WEB),
      end('l1', 'host', LAN),
      end('r1', 'host', LAN),
    ];
    expect(routeOf(reports as never)?.kind).toBe('host');
  });

  it.each([
    ['no reports', []],
    ['a transport without a pair', [{ id: 't', type: 'transport' }]],
    ['pairs that are only tried', [pair({ state: 'in-progress', nominated: false })]],
  ])('null while there is none: %s', (_, reports) => {
    expect(routeOf(reports as never)).toBeNull();
  });

  it('no round trip measured yet', () => {
    const { currentRoundTripTime: _, ...unmeasured } = pair({ selected: true });
    expect(routeOf([unmeasured, end('l1', 'host', LAN), end('r1', 'host', LAN)] as never)?.rttMs).toBeNull();
  });
});

describe('sameRoute', () => {
  const route = chromium(end('l1', 'host', LAN), end('r1', 'host', LAN)) as Route;

  it.each([
    ['the same', true, route],
    ['another round trip', true, { ...route, rttMs: 500 }],
    ['another kind', false, { ...route, kind: 'relay' as const }],
    ['another port', false, { ...route, remote: { ...route.remote, port: 1 } }],
    ['none', false, null],
  ])('%s: %s', (_, same, other) => {
    expect(sameRoute(route, other)).toBe(same);
  });
});
