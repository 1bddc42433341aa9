/** Whether `attempt` is an earlier one of the client that made `present`: both are `<client>.<number>`, from the query of the socket's address. */
export function isOlder(attempt: string | undefined, present: string): boolean {
  const [a, b] = [parse(attempt ?? ''), parse(present)];
  return a !== null && b !== null && a.client === b.client && a.number < b.number;
}

function parse(text: string): { readonly client: string; readonly number: number } | null {
  const parts = /^([\w-]{1,64})\.(\d{1,9})$/.exec(text);
  return parts && { client: parts[1] as string, number: Number(parts[2]) };
}
