// The little of React and Vue that the guide on frameworks uses: the packages themselves are no dependencies of this project.
declare module 'react' {
  export function useEffect(effect: () => unknown, inputs?: readonly unknown[]): void;
  export function useMemo<T>(make: () => T, inputs: readonly unknown[]): T;
  export function useRef<T>(initial: T | null): { current: T | null };
  export function useState<T>(initial: T): [T, (next: T) => void];
  export function useSyncExternalStore<T>(
    subscribe: (listener: () => void) => () => void,
    read: () => T,
    readOnServer?: () => T,
  ): T;
}

declare module 'vue' {
  export function onScopeDispose(end: () => void): void;
  export function shallowRef<T>(value: T): { value: T };
}

declare namespace JSX {
  type Attributes = Record<string, unknown>;
  interface IntrinsicElements {
    button: Attributes;
    p: Attributes;
    section: Attributes;
    video: Attributes;
  }
}
