/** Facts that decide who may offer on a live connection. */
export interface TurnFacts {
  /** This side holds the turn. */
  readonly mine: boolean;
  /** This side has something to negotiate. */
  readonly need: boolean;
  /** This side has asked for the turn and has not got it yet. */
  readonly asked: boolean;
  /** An exchange is under way: our offer is not answered. */
  readonly busy: boolean;
}

/**
 * What to do when this side has something to negotiate, or has just become free. Offers never cross on a live connection: only the
 * holder of the turn offers. The turn goes to whoever answered last.
 */
export function judgeNeed({ mine, need, asked, busy }: TurnFacts): 'offer' | 'ask' | 'wait' {
  if (!need || busy) return 'wait';
  if (mine) return 'offer';
  return asked ? 'wait' : 'ask';
}

/** What to do when the peer asks for the turn. An offer of ours hands it over too, with the answer. */
export function judgeWant({ mine, need, busy }: TurnFacts): 'grant' | 'offer' | 'ignore' {
  if (!mine || busy) return 'ignore';
  return need ? 'offer' : 'grant';
}

/** Whether this side insists where first offers cross: the smaller instance id does, the other yields. Also who acts first where one is enough. */
export const insists = (me: string, them = ''): boolean => me < them;
