/** As much of `EventSource` (HTML, section 9.2) as one transport needs, for Node, which has none. It does not reconnect. */
export class EventSourceOverFetch {
  onopen: (() => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;
  onmessage: ((event: { readonly data: string }) => void) | null = null;
  readonly #life = new AbortController();

  constructor(url: string) {
    void this.#read(url);
  }

  close(): void {
    this.#life.abort();
  }

  async #read(url: string): Promise<void> {
    const { signal } = this.#life;
    try {
      const { ok, body } = await fetch(url, { signal, headers: { accept: 'text/event-stream' } });
      if (!ok || body === null) throw new Error('no event stream');
      this.onopen?.();
      const decoder = new TextDecoder();
      let text = '';
      for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
        text += decoder.decode(chunk, { stream: true });
        const events = text.split('\n\n');
        text = events.pop() ?? '';
        for (const event of events) if (!signal.aborted) this.onmessage?.({ data: event.replace(/^data: /, '') });
      }
      throw new Error('the stream ended');
    } catch (error) {
      if (!signal.aborted) this.onerror?.(error);
    }
  }
}
