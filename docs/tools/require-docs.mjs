// @ts-check
// A TypeDoc plugin: everything public has a doc comment. TypeDoc's own `notDocumented` also asks for one at each property of
// an inline object type (the payload of an event, a variant of a union), where the comment of the whole says more; and at
// each `kind: 'offer'`, where the type says it all. Those two are let off here, nothing else.
import { Application, DeclarationReflection, ReflectionKind } from 'typedoc';

const KINDS =
  ReflectionKind.Variable |
  ReflectionKind.Function |
  ReflectionKind.Class |
  ReflectionKind.Interface |
  ReflectionKind.Property |
  ReflectionKind.Method |
  ReflectionKind.Accessor |
  ReflectionKind.TypeAlias;

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.on(Application.EVENT_VALIDATE_PROJECT, (project) => {
    for (const reflection of project.getReflectionsByKind(KINDS)) {
      if (!(reflection instanceof DeclarationReflection) || isLetOff(reflection) || isDocumented(reflection)) continue;
      app.logger.validationWarning(/** @type {any} */ (`${reflection.getFullName()} has no doc comment`));
    }
  });
}

/** @param {DeclarationReflection} reflection */
function isDocumented(reflection) {
  const signatures = [
    ...reflection.getNonIndexSignatures(),
    ...(reflection.type?.type === 'reflection' ? (reflection.type.declaration.signatures ?? []) : []),
  ];
  return reflection.hasComment() || signatures.some((signature) => signature.hasComment());
}

/** @param {DeclarationReflection} reflection */
function isLetOff(reflection) {
  if (reflection.flags.isExternal || reflection.inheritedFrom || reflection.overwrites) return true;
  if (reflection.type?.type === 'literal') return true;
  /** @type {import('typedoc').Reflection | undefined} */
  let parent = reflection.parent;
  while (parent && !parent.isProject()) {
    if (parent.kindOf(ReflectionKind.TypeLiteral)) return true;
    parent = parent.parent;
  }
  return false;
}
