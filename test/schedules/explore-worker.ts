// The part of `node test/tools/explore.mjs` that runs in a process of its own.
import { type Bounds, playBranch } from './explore.js';
import { type Case, casesOf, STEPS, type Step } from './explore-cases.js';
import { explore, type WalkOptions } from './explore-walk.js';

/** What the parent asks: all cases of a size, one branch, or a walk. */
export type ExploreTask =
  | { readonly acts: number; readonly steps?: readonly Step[]; readonly when: Case['when']; readonly faulty: boolean }
  | { readonly one: Case; readonly bounds: Bounds; readonly path: readonly number[]; readonly reduce: boolean }
  | { readonly one: Case; readonly bounds: Bounds; readonly options: WalkOptions };

function answer(task: ExploreTask): unknown {
  if ('acts' in task) return casesOf(task.acts, task.steps ?? STEPS, task.when, task.faulty);
  if ('path' in task) return playBranch(task.one, task.bounds, task.path, null, task.reduce);
  return explore(task.one, task.bounds, task.options);
}

process.on('message', (task: ExploreTask) => {
  void Promise.resolve(answer(task)).then((result) => process.send?.(result));
});
