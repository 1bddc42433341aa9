import { createHmac } from 'node:crypto';
import { mintTurnCredentials } from 'peer-session/server';
import { describe, expect, it } from 'vitest';

const urls = ['turn:turn.example.com:3478?transport=udp'];

describe('mintTurnCredentials', () => {
  it('is what coturn computes from the shared secret', async () => {
    const { iceServers, expiresAt } = await mintTurnCredentials({
      secret: 'north',
      urls,
      ttlSeconds: 600,
      user: 'alice',
      now: () => 1_700_000_000_999,
    });
    const username = '1700000600:alice';
    const credential = createHmac('sha1', 'north').update(username).digest('base64');
    expect(iceServers).toEqual([{ urls, username, credential }]);
    expect(expiresAt).toBe(1_700_000_600_000);
  });

  it('agrees with a vector computed by openssl', async () => {
    // printf 1735689600:alice | openssl dgst -sha1 -hmac secret -binary | base64
    const { iceServers } = await mintTurnCredentials({
      secret: 'secret',
      urls: 'turn:t',
      ttlSeconds: 3600,
      user: 'alice',
      now: () => 1_735_686_000_000,
    });
    expect(iceServers).toEqual([{ urls: ['turn:t'], username: '1735689600:alice', credential: 'Utv7WtALdDlVkVQE++ZVAdNMC/g=' }]);
  });

  it('needs no user, and lasts an hour', async () => {
    const before = Math.floor(Date.now() / 1000);
    const { iceServers, expiresAt } = await mintTurnCredentials({ secret: 'geheim ü', urls });
    const [server] = iceServers;
    expect(server?.username).toBe(`${expiresAt / 1000}`);
    expect(server?.credential).toBe(
      createHmac('sha1', 'geheim ü')
        .update(server?.username ?? '')
        .digest('base64'),
    );
    expect(expiresAt / 1000 - before).toBeGreaterThanOrEqual(3600);
    expect(expiresAt / 1000 - before).toBeLessThan(3660);
  });

  it.each([
    ['secret', { secret: '', urls }],
    ['urls', { secret: 's', urls: [] }],
    ['ttlSeconds', { secret: 's', urls, ttlSeconds: 0 }],
    ['ttlSeconds', { secret: 's', urls, ttlSeconds: Number.NaN }],
  ])('names a bad "%s"', async (name, options) => {
    await expect(mintTurnCredentials(options)).rejects.toThrow(`"${name}"`);
  });
});
