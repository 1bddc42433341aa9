/** The live path from the statistics, written apart from the library's own reading of them, which it is to check. */
export async function routeOf(pc) {
  const stats = await pc.getStats();
  const all = [...stats.values()];
  const id = all.find((s) => s.type === 'transport')?.selectedCandidatePairId;
  const pair = stats.get(id) ?? all.find((s) => s.type === 'candidate-pair' && s.nominated && s.state === 'succeeded');
  if (!pair) return null;
  const local = stats.get(pair.localCandidateId);
  const remote = stats.get(pair.remoteCandidateId);
  const types = [local.candidateType, remote.candidateType];
  // Found by the checks themselves: on the same network if the address is a private one, or one that the browser hides.
  const near = (c) => c.candidateType === 'host' || (c.candidateType === 'prflx' && !/^(?!10\.)\d/.test(c.address ?? ''));
  const end = (c) => ({ type: c.candidateType, address: c.address ?? null, port: c.port ?? null });
  return {
    kind: types.includes('relay') ? 'relay' : near(local) && near(remote) ? 'host' : 'srflx',
    protocol: local.protocol,
    relayProtocol: local.relayProtocol,
    local: end(local),
    remote: end(remote),
  };
}
