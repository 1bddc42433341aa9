import type { ChannelOptions } from './channel-options.js';

/** What is said on the control channel, as JSON. PROTOCOL.md, "The control channel". */
export interface ControlWord {
  readonly ping?: number;
  readonly pong?: number;
  readonly open?: string;
  readonly options?: ChannelOptions;
  readonly close?: string;
  readonly sent?: number | undefined;
  readonly closed?: string;
  readonly counts?: Readonly<Record<string, number>>;
  readonly bye?: string;
}
