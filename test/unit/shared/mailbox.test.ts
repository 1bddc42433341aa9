import { describe, expect, it } from 'vitest';
import { Mailbox } from '../../../src/shared/mailbox.js';

/** A promise and the way to settle it. */
const gate = (): { readonly wait: Promise<void>; open(): void } => {
  let open = (): void => {};
  const wait = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { wait, open: () => open() };
};

const settled = (mailbox: Mailbox): Promise<void> => new Promise((resolve) => mailbox.put(() => resolve()));

describe('Mailbox', () => {
  it('does one task after the other, in the order they came', async () => {
    const done: string[] = [];
    const mailbox = new Mailbox(() => {});
    const { wait, open } = gate();
    mailbox.put(async () => {
      done.push('first begins');
      await wait;
      done.push('first ends');
    });
    mailbox.put(() => void done.push('second'));
    await Promise.resolve();
    await Promise.resolve();
    expect(done).toEqual(['first begins']);
    open();
    await settled(mailbox);
    expect(done).toEqual(['first begins', 'first ends', 'second']);
  });

  it('tells a failure and goes on', async () => {
    const errors: unknown[] = [];
    const mailbox = new Mailbox((error) => errors.push(error));
    mailbox.put(() => Promise.reject(new Error('asynchronous')));
    mailbox.put(() => {
      throw new Error('synchronous');
    });
    await settled(mailbox);
    expect(errors).toEqual([new Error('asynchronous'), new Error('synchronous')]);
  });

  it('drops what waits when it is closed, and tells no failure of what still hangs', async () => {
    const done: string[] = [];
    const errors: unknown[] = [];
    const mailbox = new Mailbox((error) => errors.push(error));
    const { wait, open } = gate();
    mailbox.put(async () => {
      await wait;
      throw new Error('too late to matter');
    });
    mailbox.put(() => void done.push('never'));
    await Promise.resolve();
    mailbox.close();
    mailbox.put(() => void done.push('after the end'));
    open();
    for (let i = 0; i < 10; i++) await Promise.resolve();
    expect(done).toEqual([]);
    expect(errors).toEqual([]);
  });
});
