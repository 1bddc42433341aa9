/** What was active on senders that are switched off for a moment, to make them send a whole picture. */
export const switching: WeakMap<RTCRtpSender, readonly (boolean | undefined)[]> = new WeakMap();

/** What the app has set on a sender, in engines that tell. */
export function settingsOf(sender: RTCRtpSender): RTCRtpSendParameters | undefined {
  const parameters = sender.getParameters?.();
  const active = switching.get(sender);
  if (active) for (const [i, encoding] of parameters.encodings.entries()) encoding.active = active[i] !== false;
  return parameters;
}

/** Sets the same on a sender of another connection (webrtc-pc section 5.2.1), if it differs. */
export async function setAgain(sender: RTCRtpSender, { encodings, degradationPreference }: RTCRtpSendParameters): Promise<void> {
  const parameters = sender.getParameters();
  const before = JSON.stringify(parameters);
  for (const [i, encoding] of parameters.encodings.entries()) Object.assign(encoding, encodings[i]);
  if (degradationPreference) parameters.degradationPreference = degradationPreference;
  if (JSON.stringify(parameters) !== before) await sender.setParameters(parameters);
}
