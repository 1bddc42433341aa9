// The part of `npm run soak -- --exhaustive` that runs in a process of its own.
import { type Bounds, type Case, explore, playBranch } from './explore.js';

/** What the parent asks. With a `path`: one branch. */
export interface ExploreTask {
  readonly one: Case;
  readonly bounds: Bounds;
  readonly path?: readonly number[];
}

process.on('message', ({ one, bounds, path }: ExploreTask) => {
  const answer = path ? playBranch(one, bounds, path) : explore(one, bounds);
  void answer.then((result) => process.send?.(result));
});
