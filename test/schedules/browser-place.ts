import type { BrowserContext, Page } from 'playwright';
import type { AppDeed, SideName } from './schedule.js';
import type { LifeReport, PageWish } from './soak-page.js';

/** What one side of a schedule is played in. */
export interface PlaceOptions {
  readonly side: SideName;
  readonly engine: 'chromium' | 'firefox';
  readonly context: BrowserContext;
  /** Where its page is served; the script of it comes when `hold` lets it. */
  readonly url: string;
  readonly wish: Omit<PageWish, 'life'>;
  /** Keeps the script of the page back until the returned function is called. */
  hold(): () => void;
  /** What the page says when it hangs, as it came over http. */
  lastWords(): Promise<LifeReport>;
}

/** How long a browser may take for one thing before the run is given up: longer than a loaded machine needs. */
const BROWSER_MS = 60_000;

/** One side: the pages that were there one after the other, in a real browser. */
export class BrowserPlace {
  readonly #o: PlaceOptions;
  readonly past: LifeReport[] = [];
  lives = 0;
  /** The page is gone, and its next life is not there yet. */
  away = true;
  frozen = false;
  #page: Page | undefined;

  constructor(options: PlaceOptions) {
    this.#o = options;
    options.context.setDefaultTimeout(BROWSER_MS);
  }

  /** Something of the app can run. */
  get runs(): boolean {
    return !this.away && !this.frozen;
  }

  get freezes(): boolean {
    return this.#o.engine === 'chromium';
  }

  /** Opens a page with the next life of the app in it. */
  async open(): Promise<void> {
    const page = await this.#o.context.newPage();
    this.#page = page;
    await page.goto(this.#o.url);
    await this.#begin(page);
  }

  start(): Promise<void> {
    return this.#unlessGone(this.#here.evaluate(() => soak.start()));
  }

  do(deed: AppDeed): Promise<void> {
    return this.#unlessGone(this.#here.evaluate((what) => soak.do(what), deed));
  }

  pause(paused: boolean): Promise<void> {
    return this.#unlessGone(this.#here.evaluate((on) => (on ? soak.pause() : soak.resume()), paused));
  }

  /** A page that goes while it is asked for something does not answer. */
  async #unlessGone(asked: Promise<void>): Promise<void> {
    const { lives } = this;
    await asked.catch((error: unknown) => {
      if (this.lives === lives && !this.away) throw error;
    });
  }

  /** Whether the session knows whom it talks to; a page that goes or is frozen knows nobody. */
  async met(): Promise<boolean> {
    return this.runs && (await this.#here.evaluate(() => soak.met()).catch(() => false));
  }

  report(): Promise<LifeReport> {
    return this.#here.evaluate(() => soak.report());
  }

  /** Closes the session; what it left behind. */
  end(): Promise<LifeReport> {
    return this.#here.evaluate(() => soak.end());
  }

  /** The page is loaded again; its script comes when the returned function is called. Resolves when the next life runs. */
  reload(): { come: () => void; done: Promise<void> } {
    const page = this.#here;
    this.away = true;
    const come = this.#o.hold();
    const again = async (): Promise<void> => {
      await page.reload({ waitUntil: 'load' });
      const past = await page.evaluate(() => soak.past());
      if (!past) throw new Error('the page left no word when it was reloaded');
      this.past.push(past);
      await this.#begin(page);
      await this.start();
    };
    return { come, done: again() };
  }

  /** The page is gone without a word; it comes back when the returned function is called. Resolves when the next life runs. */
  crash(): { come: () => void; done: Promise<void> } {
    const page = this.#here;
    this.away = true;
    let come = (): void => {};
    const called = new Promise<void>((resolve) => {
      come = resolve;
    });
    const again = async (): Promise<void> => {
      this.past.push(await (this.#o.engine === 'chromium' ? this.#kill(page) : this.#vanish(page)));
      await called;
      await this.open();
      await this.start();
    };
    return { come, done: again() };
  }

  async #kill(page: Page): Promise<LifeReport> {
    const session = await this.#o.context.newCDPSession(page);
    const words = this.#o.lastWords();
    // Neither is answered by a page that hangs, and then is not there.
    page.evaluate((address) => soak.hang(address), `${this.#o.url}/last-words`).catch(() => {});
    const last = await words;
    const crashed = page.waitForEvent('crash');
    session.send('Page.crash').catch(() => {});
    await crashed;
    await page.close();
    return last;
  }

  async #vanish(page: Page): Promise<LifeReport> {
    const last = await page.evaluate(() => soak.vanish());
    await page.close();
    return last;
  }

  /** Freezes the page, or thaws it. */
  freeze(frozen: boolean): Promise<void> {
    const page = this.#here;
    this.frozen = frozen;
    const ask = async (): Promise<void> => {
      const session = await this.#o.context.newCDPSession(page);
      await session.send('Page.setWebLifecycleState', { state: frozen ? 'frozen' : 'active' });
    };
    return this.#unlessGone(ask());
  }

  get #here(): Page {
    if (!this.#page) throw new Error('no page');
    return this.#page;
  }

  async #begin(page: Page): Promise<void> {
    const { side, wish } = this.#o;
    this.lives++;
    await page.evaluate((all) => soak.begin(all), { ...wish, life: `${side}${this.lives}` });
    this.away = false;
  }
}
